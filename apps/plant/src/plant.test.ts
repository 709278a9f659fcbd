import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import modbus from 'modbus-serial';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DEVICE_MODELS, Plant } from './plant.ts';
import { numberIn, type RecordedRow, readRecording, textIn } from './recording.ts';

type ModbusClient = InstanceType<typeof modbus.default>;

const DATA = fileURLToPath(new URL('../../../examples/plant/data', import.meta.url));
const [TEP, MACHINE, STEEL] = DEVICE_MODELS.map((model) => readRecording(join(DATA, model.file)));
const COLUMNS = Object.keys(TEP[0]);
const MEASUREMENTS = COLUMNS.filter((column) => column.startsWith('XMEAS'));
const MANIPULATED = COLUMNS.filter((column) => column.startsWith('XMV'));

/** Fast enough that rows change between, and during, the reads of a test. */
const FAST = { rowsPerSecond: 100 };

let plant: Plant;
let clients: ModbusClient[];

beforeEach(async () => {
  const ports = await Promise.all(DEVICE_MODELS.map(freePort));
  plant = await Plant.start({ directory: DATA, ports, pace: FAST });
  clients = await Promise.all(ports.map(connect));
});

afterEach(async () => {
  for (const client of clients) client.close(() => {});
  await plant.stop();
});

describe('a client that is not ours reads what was recorded', () => {
  it('in the 41 measurements of the Tennessee Eastman process, all of one row', async () => {
    const seen = await watch(async () => {
      const { buffer } = await clients[0].readInputRegisters(0, 2 * MEASUREMENTS.length);
      return floats(buffer, MEASUREMENTS.length);
    });
    expectRun(
      seen,
      TEP.map((row) => numbers(row, MEASUREMENTS)),
    );
  });

  it('in its 11 manipulated variables', async () => {
    const seen = await watch(async () => {
      const { buffer } = await clients[0].readHoldingRegisters(0, 2 * MANIPULATED.length);
      return floats(buffer, MANIPULATED.length);
    });
    expectRun(
      seen,
      TEP.map((row) => numbers(row, MANIPULATED)),
    );
  });

  it('in the machine temperature, whose words are swapped', async () => {
    const seen = await watch(async () => {
      const { buffer } = await clients[1].readInputRegisters(0, 2);
      return [Buffer.concat([buffer.subarray(2, 4), buffer.subarray(0, 2)]).readFloatBE(0)];
    });
    expectRun(
      seen,
      MACHINE.map((row) => [Math.fround(numberIn(row, 'value'))]),
    );
  });

  it('in the energy meter of the steel works', async () => {
    const seen = await watch(async () => {
      const { buffer } = await clients[2].readHoldingRegisters(0, 28);
      return [
        buffer.readUInt32BE(0) / 100,
        buffer.readUInt32BE(4) / 100,
        buffer.readUInt32BE(8) / 100,
        buffer.readFloatBE(12),
        buffer.readInt16BE(16) / 100,
        buffer.readInt16BE(18) / 100,
        buffer.readUInt32BE(20),
        buffer.readUInt16BE(24),
        buffer.toString('ascii', 40, 56).replace(/\0+$/, ''),
      ];
    });
    expectRun(seen, STEEL.map(steelRow));
  });

  it('in its coil, which is set from Monday to Friday', async () => {
    const dayOfWeek = async () => (await clients[2].readHoldingRegisters(12, 1)).data[0];
    const seen = new Set<boolean>();
    while (seen.size < 2) {
      const before = await dayOfWeek();
      const weekday = (await clients[2].readCoils(0, 1)).data[0];
      // The row may have changed between the two questions; then nothing can be said.
      if (before !== (await dayOfWeek())) continue;
      expect(weekday).toBe(before <= 5);
      seen.add(weekday);
    }
  });
});

it('answers an address that it does not have with exception 2, and every write with exception 1', async () => {
  await expect(clients[0].readInputRegisters(82, 1)).rejects.toMatchObject({ modbusCode: 2 });
  await expect(clients[2].readCoils(1, 1)).rejects.toMatchObject({ modbusCode: 2 });
  const before = (await clients[0].readHoldingRegisters(0, 2)).data;
  await expect(clients[0].writeRegister(0, before[0] ^ 1)).rejects.toMatchObject({ modbusCode: 1 });
  await expect(clients[0].writeRegisters(0, [1, 2])).rejects.toMatchObject({ modbusCode: 1 });
  await expect(clients[2].writeCoil(0, false)).rejects.toMatchObject({ modbusCode: 1 });
});

it('names the port that is taken and leaves no other one open', async () => {
  const ports = await Promise.all(DEVICE_MODELS.map(freePort));
  ports[1] = plant.ports[1];
  await expect(Plant.start({ directory: DATA, ports, pace: FAST })).rejects.toMatchObject({
    code: 'EADDRINUSE',
    port: ports[1],
  });
  await expect(connect(ports[0])).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});

type Reading = readonly (number | string)[];

/** Different readings in the order in which they came, at least ten of them. */
async function watch(read: () => Promise<Reading>): Promise<Reading[]> {
  const seen = [await read()];
  while (seen.length < 10) {
    const reading = await read();
    if (reading.join() !== seen.at(-1)?.join()) seen.push(reading);
  }
  return seen;
}

/** Every reading is a recorded row, whole, and the rows ascend. */
function expectRun(seen: readonly Reading[], recorded: readonly Reading[]): void {
  const texts = recorded.map((row) => row.join());
  let next = 0;
  for (const reading of seen) {
    const row = texts.indexOf(reading.join(), next);
    expect(row, `a row with ${reading.join()} at or behind row ${next}`).not.toBe(-1);
    next = row + 1;
  }
}

function numbers(row: RecordedRow, columns: readonly string[]): number[] {
  return columns.map((column) => Math.fround(numberIn(row, column)));
}

function floats(buffer: Buffer, count: number): number[] {
  return Array.from({ length: count }, (_, index) => buffer.readFloatBE(4 * index));
}

function steelRow(row: RecordedRow): Reading {
  const days = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
  return [
    numberIn(row, 'Usage_kWh'),
    numberIn(row, 'Lagging_Current_Reactive.Power_kVarh'),
    numberIn(row, 'Leading_Current_Reactive_Power_kVarh'),
    Math.fround(numberIn(row, 'CO2(tCO2)')),
    numberIn(row, 'Lagging_Current_Power_Factor'),
    numberIn(row, 'Leading_Current_Power_Factor'),
    numberIn(row, 'NSM'),
    days.indexOf(textIn(row, 'Day_of_week')) + 1,
    textIn(row, 'Load_Type'),
  ];
}

/** The library takes port 0 for the standard port 502, so that a free port has to be found before. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

async function connect(port: number): Promise<ModbusClient> {
  const client = new modbus.default();
  await client.connectTCP('127.0.0.1', { port });
  client.setID(1);
  client.setTimeout(2_000);
  return client;
}
