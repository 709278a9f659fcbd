/** Modbus: every value of every type and order that pymodbus and libmodbus serve, over each transport, compared one by one. */

import { afterEach, expect, it } from 'vitest';
import { expectedOf, ModbusServer, type ModbusTransport, type ServedPoint, unitDevice } from './modbusServer.ts';
import { describeWithPeer } from './peer.ts';
import { TestedLine } from './testedLine.ts';

let server: ModbusServer;
let line: TestedLine | undefined;

afterEach(async () => {
  await line?.stop();
  await server.stop();
});

/** What was read of `points`, whose tags begin at `firstTag`, beside what should have been. */
async function compare(units: readonly (readonly ServedPoint[])[]): Promise<void> {
  const points = units.flat();
  const readings = await line!.latest(points.length);
  const got = readings.map(({ value, status }, tag) => ({ ...points[tag], value, status }));
  expect(got).toEqual(points.map((point) => ({ ...point, ...expectedOf(point) })));
  expect(points.length).toBeGreaterThan(400);
}

describeWithPeer('pymodbus', 'import pymodbus, serial', () => {
  const transports: readonly ModbusTransport[] = ['tcp', 'rtu-tcp', 'ascii-tcp', 'rtu', 'ascii'];

  it.each(transports)('serves three units over %s', async (transport) => {
    const units = [1, 7, 247];
    server = await ModbusServer.start('pymodbusServer', transport, { units });
    const devices = units.map((unit) => unitDevice(unit, server.points(unit)));
    line = await TestedLine.start(server.protocol, server.medium, devices);
    await compare(units.map((unit) => server.points(unit)));
    expect(line.kinds()).toEqual(['line.connected', ...units.map(() => 'device.connected')]);
  });
});

describeWithPeer('libmodbus', 'import ctypes; ctypes.CDLL("libmodbus.so.5")', () => {
  it.each(['tcp', 'rtu'] as const)('serves a unit over %s', async (transport) => {
    server = await ModbusServer.start('libmodbusServer', transport, { unit: 1 });
    line = await TestedLine.start(server.protocol, server.medium, [unitDevice(1, server.points(1))]);
    await compare([server.points(1)]);
    expect(line.kinds()).toEqual(['device.connected']);
  });
});
