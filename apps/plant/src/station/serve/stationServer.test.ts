import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { client as jsmodbus } from 'jsmodbus';
import {
  AttributeIds,
  type ClientSession,
  DataType,
  type EUInformation,
  MessageSecurityMode,
  OPCUACertificateManager,
  OPCUAClient,
  type Range,
  SecurityPolicy,
  StatusCodes,
} from 'node-opcua';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { StationServer } from './stationServer.ts';
import { trainPoints } from './trainRegisters.ts';

let scratch: string;
let station: StationServer;
let modbusPort: number;
let opcUaPort: number;

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'tidegate-station-'));
  [modbusPort, opcUaPort] = [await freePort(), await freePort()];
  station = await StationServer.start({
    modbusPort,
    opcUaPort,
    certificates: join(scratch, 'station'),
    seed: 1,
    speed: 1,
    faults: [
      { kind: 'sensor-failure', target: 'weather/ambient-temperature', atS: 0, size: 1, overS: 0 },
      { kind: 'sensor-failure', target: 'compression/train-2/driver/power', atS: 0, size: 1, overS: 0 },
    ],
  });
});

afterAll(async () => {
  await station.stop();
  await rm(scratch, { recursive: true });
});

describe('jsmodbus reads the unit controls of the trains', () => {
  it('each behind its unit: running trains, and one that stands', async () => {
    for (const train of [1, 2, 3]) {
      const values = await readTrain(train);
      const isRunning = train < 3;
      expect(values.get('state')).toBe(isRunning ? 2 : 0);
      expect(values.get('driver/running')).toBe(Number(isRunning));
      if (isRunning) expect(values.get('driver/speed')).toBeGreaterThan(9_000);
      else expect(values.get('driver/speed')).toBeLessThan(50);
      expect(values.get('compressor/suction-pressure')).toBeGreaterThan(3_800);
      expect(values.get('compressor/suction-pressure')).toBeLessThan(5_200);
    }
  });

  it('and finds no number where the sensor has failed', async () => {
    expect((await readTrain(2)).get('driver/power')).toBeNaN();
    expect((await readTrain(1)).get('driver/power')).toBeGreaterThan(2_000);
  });

  it('and is refused a unit that is not there, an address beyond the last, and every write', async () => {
    await expect(withModbus(9, (unit) => unit.readInputRegisters(0, 2))).rejects.toMatchObject(exception(11));
    await expect(withModbus(1, (unit) => unit.readInputRegisters(60, 2))).rejects.toMatchObject(exception(2));
    await expect(withModbus(1, (unit) => unit.writeSingleCoil(0, false))).rejects.toMatchObject(exception(1));
    await expect(withModbus(1, (unit) => unit.writeSingleRegister(0, 1))).rejects.toMatchObject(exception(1));
    expect(station.status().writes).toBe(2);
  });
});

describe('the client of node-opcua', () => {
  it('reads values with range and unit, and a failed sensor as such', async () => {
    await withSession({}, async (session) => {
      const [bus, ambient, heating] = await session.read([
        { nodeId: 'ns=2;s=substation/bus-voltage' },
        { nodeId: 'ns=2;s=weather/ambient-temperature' },
        { nodeId: 'ns=2;s=heat-trace/heating' },
      ]);
      expect(bus.value.value).toBeGreaterThan(23);
      expect(bus.statusCode).toBe(StatusCodes.Good);
      expect(ambient.statusCode).toBe(StatusCodes.BadSensorFailure);
      expect(heating.value.dataType).toBe(DataType.Boolean);
      const properties = await session.translateBrowsePath(
        ['EURange', 'EngineeringUnits'].map((name) => ({
          startingNode: 'ns=2;s=substation/power-supply-1/joint-temperature',
          relativePath: {
            elements: [{ referenceTypeId: 'i=46', isInverse: false, includeSubtypes: false, targetName: { name } }],
          },
        })) as never,
      );
      const nodes = (properties as unknown as { targets: { targetId: string }[] }[]).map(({ targets }) => targets[0]);
      const [range, unit] = await session.read(nodes.map(({ targetId }) => ({ nodeId: targetId })));
      expect(range.value.value as Range).toMatchObject({ low: -60, high: 200 });
      expect((unit.value.value as EUInformation).displayName.text).toBe('Cel');
    });
  });

  it('writes nothing', async () => {
    await withSession({}, async (session) => {
      const value = { value: { dataType: DataType.Double, value: 48 } };
      const status = await session.write({
        nodeId: 'ns=2;s=substation/bus-voltage',
        attributeId: AttributeIds.Value,
        value,
      });
      expect(status).toBe(StatusCodes.BadNotWritable);
    });
  });

  it('reads over an encrypted channel as well', async () => {
    const secure = { securityMode: MessageSecurityMode.SignAndEncrypt, securityPolicy: SecurityPolicy.Basic256Sha256 };
    await withSession(secure, async (session) => {
      const speed = await session.read({ nodeId: 'ns=2;s=substation/load' });
      expect(speed.value.value).toBeGreaterThan(80);
    });
  });

  it('finds the alarms of the 24 V bus, which no supply has failed', async () => {
    await withSession({}, async (session) => {
      const bus = await readAlarm(session, 'bus-undervoltage');
      expect(bus).toMatchObject({ LowLimit: 23.1, LowLowLimit: 21.6, ActiveState: { text: 'Inactive' } });
    });
  });
});

it('raises the alarms of a supply whose joint has cracked open', async () => {
  const port = await freePort();
  const cracked = await StationServer.start({
    modbusPort: await freePort(),
    opcUaPort: port,
    certificates: join(scratch, 'station'),
    seed: 1,
    speed: 1,
    faults: [{ kind: 'solder-crack', target: 'utilities/substation/power-supply-2', atS: 0, size: 1, overS: 60 }],
  });
  try {
    await withSession({}, use, port);
  } finally {
    await cracked.stop();
  }
  async function use(session: ClientSession): Promise<void> {
    const states = ['bus-undervoltage', 'power-supply-2-failure', 'power-supply-1-failure'].map(async (name) => {
      const { ActiveState } = await readAlarm(session, name);
      return (ActiveState as { text: string }).text;
    });
    expect(await Promise.all(states)).toEqual(['Active', 'Active', 'Inactive']);
  }
});

it('listens on the loopback address only', async () => {
  for (const port of [modbusPort, opcUaPort]) {
    await expect(connect(new Socket(), '127.0.0.2', port)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  }
});

it('leaves no port open where one of them is taken', async () => {
  const free = await freePort();
  const options = { certificates: join(scratch, 'other'), seed: 1, speed: 1, faults: [] };
  await expect(StationServer.start({ ...options, modbusPort: free, opcUaPort })).rejects.toThrow();
  await expect(connect(new Socket(), '127.0.0.1', free)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});

type Unit = InstanceType<typeof jsmodbus.TCP>;

async function withModbus<T>(unit: number, ask: (client: Unit) => Promise<T>): Promise<T> {
  const socket = new Socket();
  // The library learns of the connection when it is made.
  const client = new jsmodbus.TCP(socket, unit);
  await connect(socket, '127.0.0.1', modbusPort);
  try {
    return await ask(client);
  } finally {
    socket.destroy();
  }
}

/** Signals of a train by their name below it. */
async function readTrain(train: number): Promise<ReadonlyMap<string, number>> {
  const points = trainPoints(train);
  const { words, lit } = await withModbus(train, async (unit) => ({
    words: (await unit.readInputRegisters(0, points.length * 2 - 3)).response.body.valuesAsBuffer,
    lit: (await unit.readCoils(0, 1)).response.body.valuesAsArray[0],
  }));
  return new Map(
    points.map(({ signal, address }): [string, number] => {
      const name = signal.path.split('/').slice(2).join('/');
      if (signal.kind === 'boolean') return [name, Number(lit)];
      return [name, signal.kind === 'state' ? words.readUInt16BE(2 * address) : words.readFloatBE(2 * address)];
    }),
  );
}

function exception(code: number) {
  return { response: { body: { code } } };
}

async function withSession(
  security: { securityMode?: MessageSecurityMode; securityPolicy?: SecurityPolicy },
  use: (session: ClientSession) => Promise<void>,
  port = opcUaPort,
): Promise<void> {
  const client = OPCUAClient.create({
    ...security,
    endpointMustExist: false,
    connectionStrategy: { maxRetry: 0 },
    clientCertificateManager: new OPCUACertificateManager({
      rootFolder: join(scratch, 'client'),
      automaticallyAcceptUnknownCertificate: true,
    }),
  });
  await client.withSessionAsync(`opc.tcp://127.0.0.1:${port}`, use);
}

/** Values of the components of an alarm of the substation, by their names. */
async function readAlarm(session: ClientSession, name: string): Promise<Readonly<Record<string, unknown>>> {
  const { references } = await session.browse({ nodeId: `ns=2;s=substation/alarms/${name}`, resultMask: 63 } as never);
  const parts = (references ?? []).filter(({ browseName }) => /Limit$|^ActiveState$/.test(browseName.name ?? ''));
  const values = await session.read(parts.map(({ nodeId }) => ({ nodeId })));
  return Object.fromEntries(parts.map(({ browseName }, index) => [browseName.name, values[index].value.value]));
}

function connect(socket: Socket, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.connect({ host, port }, resolve);
  });
}

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
