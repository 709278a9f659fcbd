/** Modbus on a serial line that is not as it should be: cut for a while, and full of noise. */

import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import { ModbusServer, OWN_START } from './modbusServer.ts';
import { describeWithPeer } from './peer.ts';
import { type TakenReading, TestedLine } from './testedLine.ts';

const UNITS = [1, 7];
const POINTS = 4;
const TAGS = UNITS.length * POINTS;
const TIMEOUT_MS = 150;
const NOISES = 40;
const MAX_NOISE_BYTES = 12;

let server: ModbusServer;
let line: TestedLine | undefined;

async function start(transport: 'rtu' | 'ascii'): Promise<TestedLine> {
  server = await ModbusServer.start('pymodbusServer', transport, { units: UNITS });
  const points = Array.from({ length: POINTS }, (_, tag) => ({
    address: `holding:${addressOf(tag)}`,
    dataType: 'uint16',
  }));
  const devices = UNITS.map((unit) => ({
    options: { unit, maxGap: 0 },
    points,
    timeoutMs: TIMEOUT_MS,
    intervalMs: 100,
  }));
  line = await TestedLine.start(server.protocol, server.medium, devices);
  await line.latest(TAGS, isGood);
  return line;
}

/** Far enough from each other that each is a question of its own. */
function addressOf(tag: number): number {
  return OWN_START + (tag % POINTS) * 60;
}

function isGood({ status }: TakenReading): boolean {
  return status === 'Good';
}

function wrongReadings({ readings }: TestedLine): TakenReading[] {
  return readings.filter(({ tag, value }) => {
    return value !== null && value !== addressOf(tag) + 1_000 * UNITS[Math.floor(tag / POINTS)];
  });
}

afterEach(async () => {
  await line?.stop();
  await server.stop();
});

describeWithPeer('pymodbus on a serial line', 'import pymodbus, serial', () => {
  it.each(['rtu', 'ascii'] as const)('that is cut for a while (%s)', async (transport) => {
    const read = await start(transport);
    await server.line!.cut(true);
    await read.latest(TAGS, ({ status }) => status === 'BadTimeout', read.readings.length);
    await server.line!.cut(false);
    await read.latest(TAGS, isGood, read.readings.length);
    expect(wrongReadings(read)).toEqual([]);
  });

  it.each(['rtu', 'ascii'] as const)('that is full of noise (%s)', async (transport) => {
    const read = await start(transport);
    // Only our end hears it: pymodbus waits for ever for the rest of what it takes for a frame.
    for (let noise = 0; noise < NOISES; noise++) {
      await server.line!.inject(1, randomBytes(1 + (noise % MAX_NOISE_BYTES)));
      await sleep(7);
    }
    await read.latest(TAGS, isGood, read.readings.length);
    expect(wrongReadings(read)).toEqual([]);
  });
});
