/** Modbus: what a pymodbus server refuses, does not have or keeps to itself, and what it has beside its registers. */

import { afterEach, beforeEach, expect, it } from 'vitest';
import { ModbusServer, type ModbusTransport, OWN_START } from './modbusServer.ts';
import { describeWithPeer } from './peer.ts';
import { type TestedDevice, TestedLine } from './testedLine.ts';

const READ_HOLDING = 3;
const UNIT = 7;
/** The value of the register `holding:2000` of unit 7. */
const OWN_VALUE = OWN_START + 1_000 * UNIT;

let server: ModbusServer;
let line: TestedLine | undefined;

afterEach(async () => {
  await line?.stop();
  await server.stop();
});

function isGood({ status }: { status: string }): boolean {
  return status === 'Good';
}

function ownRegisters(count: number): TestedDevice['points'] {
  return Array.from({ length: count }, (_, index) => ({ address: `holding:${OWN_START + index}`, dataType: 'uint16' }));
}

describeWithPeer('pymodbus over TCP', 'import pymodbus', () => {
  beforeEach(async () => {
    server = await ModbusServer.start('pymodbusServer', 'tcp', { units: [UNIT] });
  });

  it.each([
    [1, 'BadNotSupported'],
    [2, 'BadConfigurationError'],
    [3, 'BadOutOfRange'],
    [4, 'BadDeviceFailure'],
    [5, 'BadWaitingForInitialData'],
    [6, 'BadWaitingForInitialData'],
    [7, 'Bad'],
    [8, 'BadDeviceFailure'],
    [10, 'BadNoCommunication'],
    [11, 'BadTimeout'],
  ])('turns exception %i into %s', async (code, status) => {
    await server.refuse(UNIT, READ_HOLDING, OWN_START, code);
    line = await TestedLine.start('modbus-tcp', server.medium, [{ options: { unit: UNIT }, points: ownRegisters(1) }]);
    const [reading] = await line.latest(1, (taken) => taken.status === status);
    expect(reading.value).toBeNull();
    expect(new Set(line.readings.map((taken) => taken.status))).toEqual(new Set([status]));
  });

  it('reads around the registers that a device refuses', async () => {
    const refused = [3, 11, 12];
    for (const offset of refused) await server.refuse(UNIT, READ_HOLDING, OWN_START + offset, 2);
    line = await TestedLine.start('modbus-tcp', server.medium, [{ options: { unit: UNIT }, points: ownRegisters(20) }]);
    const readings = await line.latest(20);
    expect(readings.map(({ value, status }) => [value, status])).toEqual(
      Array.from({ length: 20 }, (_, offset) =>
        refused.includes(offset) ? [null, 'BadConfigurationError'] : [OWN_VALUE + offset, 'Good'],
      ),
    );
    const events = line.events.filter(({ kind }) => kind === 'device.address-refused').map(({ detail }) => detail);
    expect(events.map((detail) => Number(/holding:(\d+)/.exec(detail)?.[1]) - OWN_START).sort()).toEqual([11, 12, 3]);
  });

  it('reads a file, a queue and what the device says of itself', async () => {
    const objects = ['vendor-name', 'product-code', 'revision', 'vendor-url', 'product-name', 'model-name'];
    const { file, queue, identity } = server.extras;
    line = await TestedLine.start('modbus-tcp', server.medium, [
      {
        options: { unit: UNIT },
        points: [
          ...objects.map((object) => ({ address: `identification:${object}`, dataType: 'string' })),
          ...[0, 1, 77].map((record) => ({ address: `file:${file.number}/${record}`, dataType: 'uint16' })),
          { address: `file:${file.number}/20`, dataType: 'uint32', wordOrder: 'CDAB' },
          ...queue.values.map((_, index) => ({ address: `fifo:${queue.address}/${index}`, dataType: 'uint16' })),
          { address: `fifo:${queue.address}/${queue.values.length}`, dataType: 'uint16' },
        ],
      },
    ]);
    const count = objects.length + 4 + queue.values.length + 1;
    const readings = await line.latest(count);
    expect(readings.map(({ value }) => value)).toEqual([
      ...objects.map((_, object) => identity[object]),
      ...[0, 1, 77].map((record) => file.records[record]),
      file.records[20] + 65_536 * file.records[21],
      ...queue.values,
      // The queue holds no more.
      null,
    ]);
    expect(readings.map(({ status }) => status)).toEqual([...Array(count - 1).fill('Good'), 'BadNoData']);
  });
});

describeWithPeer('pymodbus that is replaced by another', 'import pymodbus', () => {
  it('is found out by what it says of itself', async () => {
    server = await ModbusServer.start('pymodbusServer', 'tcp', { units: [UNIT] });
    const { port, medium } = server;
    const options = { unit: UNIT, identify: true };
    line = await TestedLine.start('modbus-tcp', medium, [{ options, points: ownRegisters(1) }]);
    await line.latest(1, isGood);
    await server.stop();
    server = await ModbusServer.start('pymodbusServer', 'tcp', { units: [UNIT], port, revision: 'V9.99' });
    await line.latest(1, isGood, line.readings.length);
    const { detail } = line.events.find(({ kind }) => kind === 'device.identity-changed') ?? {};
    expect(detail).toContain('V9.99');
  });
});

describeWithPeer('pymodbus with a unit that is not there', 'import pymodbus, serial', () => {
  const transports: readonly ModbusTransport[] = ['rtu-tcp', 'ascii-tcp', 'rtu', 'ascii'];

  it.each(transports)('answers for the others over %s', async (transport) => {
    server = await ModbusServer.start('pymodbusServer', transport, { units: [UNIT] });
    const points = ownRegisters(3);
    line = await TestedLine.start(server.protocol, server.medium, [
      { name: 'absent', options: { unit: 9 }, points, timeoutMs: 100 },
      { name: 'present', options: { unit: UNIT }, points },
    ]);
    const present = (await line.latest(6)).slice(3);
    expect(present.map(({ value, status }) => [value, status])).toEqual([
      [OWN_VALUE, 'Good'],
      [OWN_VALUE + 1, 'Good'],
      [OWN_VALUE + 2, 'Good'],
    ]);
    const absent = line.readings.filter(({ tag }) => tag < 3);
    expect(new Set(absent.map(({ value }) => value))).toEqual(new Set([null]));
    expect(absent.map(({ status }) => status)).toContain('BadTimeout');
    expect(line.events.filter(({ kind }) => kind === 'device.connected').map(({ source }) => source)).toEqual([
      'present',
    ]);
  });
});
