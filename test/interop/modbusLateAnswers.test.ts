/**
 * Modbus: answers that come after their timeout. RTU and ASCII answers bear no number and no address, so that a late one
 * looks exactly like the answer to the next question; here each register holds its own address, and no mix-up stays hidden.
 */

import modbusSerial from 'modbus-serial';
import { afterEach, expect, it } from 'vitest';
import { ModbusServer, type ModbusTransport, OWN_START } from './modbusServer.ts';
import { describeWithPeer } from './peer.ts';
import { TestedLine } from './testedLine.ts';

const TIMEOUT_MS = 100;
const UNITS = [1, 7];
/** Far enough from each other that each is a question of its own, and all questions of one shape. */
const ADDRESSES = [0, 60, 120, 180].map((offset) => OWN_START + offset);
/** By how much the server is late, as parts of the timeout: within the next question, and behind it. */
const LATENESS = [1.2, 1.5, 1.8, 2.6, 3.3];
const LATE_ANSWERS = 3;

let server: ModbusServer;
let line: TestedLine | undefined;

afterEach(async () => {
  await line?.stop();
  await server.stop();
});

const transports: readonly ModbusTransport[] = ['tcp', 'rtu-tcp', 'ascii-tcp', 'rtu', 'ascii'];

describeWithPeer('a late pymodbus', 'import pymodbus, serial', () => {
  it.each(transports)('shifts no reading over %s', { timeout: 120_000 }, async (transport) => {
    server = await ModbusServer.start('pymodbusServer', transport, { units: UNITS });
    const points = ADDRESSES.map((address) => ({ address: `holding:${address}`, dataType: 'uint16' }));
    const devices = UNITS.map((unit) => ({
      name: `unit-${unit}`,
      options: { unit, maxGap: 0 },
      points,
      timeoutMs: TIMEOUT_MS,
      intervalMs: TIMEOUT_MS,
    }));
    line = await TestedLine.start(server.protocol, server.medium, devices);
    const tags = UNITS.length * ADDRESSES.length;
    await line.latest(tags, isGood);

    for (const lateness of LATENESS) {
      const before = await server.requests();
      await server.delay(lateness * TIMEOUT_MS);
      await server.requested(before + LATE_ANSWERS);
      await server.delay(0);
      await line.latest(tags, isGood, line.readings.length);
    }

    const wrong = line.readings.filter(({ tag, value }) => value !== null && value !== ownAddress(tag));
    expect(wrong).toEqual([]);
    expect(line.readings.some(({ status }) => status === 'BadTimeout')).toBe(true);
    for (const { discardedAnswers } of line.status) expect(discardedAnswers).toBeGreaterThan(0);
  });

  it('shifts what modbus-serial reads: here, a mix-up would be seen', async () => {
    server = await ModbusServer.start('pymodbusServer', 'rtu', { units: UNITS });
    // Without it serialport hands over what has come only when something else happens (serialport/bindings-cpp#239).
    const awake = setInterval(() => {}, 2);
    const client = new modbusSerial.default();
    await client.connectRTUBuffered(server.path, { baudRate: 19_200 });
    client.setID(UNITS[0]);
    client.setTimeout(TIMEOUT_MS);
    const read = async (tag: number) => (await client.readHoldingRegisters(ADDRESSES[tag], 1)).data[0];
    expect(await read(0)).toBe(ownAddress(0));
    await server.delay(LATENESS[1] * TIMEOUT_MS);
    const late = await read(1).catch(({ message }: Error) => message);
    expect([late, await read(2)]).toEqual(['Timed out', ownAddress(1)]);
    client.close(() => undefined);
    clearInterval(awake);
  });
});

function isGood({ status }: { status: string }): boolean {
  return status === 'Good';
}

function ownAddress(tag: number): number {
  const unit = UNITS[Math.floor(tag / ADDRESSES.length)];
  return ADDRESSES[tag % ADDRESSES.length] + 1_000 * unit;
}
