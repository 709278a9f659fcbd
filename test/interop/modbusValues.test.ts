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

  it.each([
    ['eight requests at a time', { pipeline: 8 }],
    ['eight registers in a request', { maxRegisters: 8, maxCoils: 16 }],
    ['every value by itself', { merge: false, pipeline: 4 }],
    ['no gap', { maxGap: 0 }],
  ])('gives the same values when asked for %s', async (_, options) => {
    server = await ModbusServer.start('libmodbusServer', 'tcp', { unit: 1 });
    const device = unitDevice(1, server.points(1));
    line = await TestedLine.start(server.protocol, server.medium, [{ ...device, options: { unit: 1, ...options } }]);
    await compare([server.points(1)]);
  });

  it('gives the same values at Modicon references', async () => {
    server = await ModbusServer.start('libmodbusServer', 'tcp', { unit: 1 });
    const device = unitDevice(1, server.points(1));
    const points = device.points.map((point, index) => ({
      ...point,
      address: modicon(point.address, 5 + (index % 2)),
    }));
    line = await TestedLine.start(server.protocol, server.medium, [{ ...device, points }]);
    await compare([server.points(1)]);
  });
});

/** `40101` with 5 digits or `400101` with 6, for `holding:100`. */
function modicon(address: string, digits: number): string {
  const [, table, first, suffix] = /^(\w+):(\d+)(.*)$/.exec(address)!;
  const digit = { coil: 0, discrete: 1, input: 3, holding: 4 }[table];
  return `${digit}${String(Number(first) + 1).padStart(digits - 1, '0')}${suffix}`;
}
