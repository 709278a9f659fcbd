/**
 * Devices of which everything is heard twice, at once or when something else has been asked meanwhile. Only answers that
 * bear a number can be told from their own repetition; those of Modbus RTU and ASCII bear none (`modbusLateAnswers`).
 */

import { afterEach, expect, it } from 'vitest';
import { freePorts } from '../runningTidegate.ts';
import {
  Dnp3Outstation,
  expectedEvents,
  expectedStatics,
  markOf,
  readingsSince,
  specsOf,
  type Update,
} from './dnp3Outstation.ts';
import { ModbusServer, OWN_START } from './modbusServer.ts';
import { describeWithPeer } from './peer.ts';
import { RepeatingProxy } from './repeatingProxy.ts';
import { TestedLine, tcp } from './testedLine.ts';

/**
 * After so long each thing is heard again: behind itself, or while another is waited for. DNP3 counts its answers to 16:
 * what is so late that the count has come round cannot be told from what is waited for, by anybody.
 */
const AGAIN_AFTER_MS = [0, 3, 25];
const POLL_MS = 20;
const SELDOM_MS = 3_600_000;
const UNIT = 1;
const SCANS = 20;

let device: { stop(): Promise<void> };
let proxy: RepeatingProxy;
let line: TestedLine | undefined;

afterEach(async () => {
  await line?.stop();
  await proxy.stop();
  await device.stop();
});

/** Something of what was heard twice has been thrown away. */
async function hasDiscarded(read: TestedLine): Promise<void> {
  await read.until(() => (read.status[0].discardedAnswers ?? 0) > 0, 'discarded answer');
}

describeWithPeer('pymodbus, heard twice', 'import pymodbus', () => {
  it.each(AGAIN_AFTER_MS)('is read right over TCP, after %i ms', async (againAfterMs) => {
    const server = await ModbusServer.start('pymodbusServer', 'tcp', { units: [UNIT] });
    device = server;
    proxy = await RepeatingProxy.start(server.port, againAfterMs);
    const registers = [0, 60, 120, 180].map((offset) => OWN_START + offset);
    const points = registers.map((register) => ({ address: `holding:${register}`, dataType: 'uint16' }));
    const options = { unit: UNIT, maxGap: 0 };
    line = await TestedLine.start('modbus-tcp', tcp(proxy.port), [{ options, points, intervalMs: POLL_MS }]);
    await line.latest(points.length);
    const from = line.readings.length;
    await line.taken(from + SCANS * points.length);
    const wrong = line.readings.slice(from).filter(({ tag, value }) => value !== registers[tag] + 1_000 * UNIT);
    expect(wrong).toEqual([]);
    await hasDiscarded(line);
  });
});

describeWithPeer('opendnp3, heard twice', 'import opendnp3', () => {
  it.each([
    ['it is asked', false, 0],
    ['it is asked', false, 3],
    ['it is asked', false, 25],
    // An outstation says the same again until it is confirmed, and goes on only then: nothing older can follow.
    ['it reports by itself', true, 0],
  ])('tells no event twice where %s (%s), after %i ms', async (_, unsolicited, againAfterMs) => {
    const [port] = await freePorts(1);
    const outstation = await Dnp3Outstation.start({ mode: 'listen', port, unsolicited });
    device = outstation;
    proxy = await RepeatingProxy.start(port, againAfterMs);
    const { points } = outstation;
    await outstation.setAll(0, 'Suppress');
    const options = { outstation: 10, unsolicited };
    const intervalMs = unsolicited ? SELDOM_MS : POLL_MS;
    line = await TestedLine.start('dnp3', tcp(proxy.port), [{ options, points: specsOf(points), intervalMs }]);
    const readings = await line.latest(points.length);
    expect(readings.map(({ value, status }) => ({ value, status }))).toEqual(expectedStatics(points, 0));

    const mark = markOf(line);
    const updates: Update[] = [];
    for (const turn of [1, 2, 3]) updates.push(...(await outstation.setAll(turn, 'Force')));
    await line.taken(mark.count + updates.length);
    const got = points.map((point, tag) => ({ ...point, readings: readingsSince(mark, line!, tag, point) }));
    expect(got).toEqual(points.map((point) => ({ ...point, readings: expectedEvents(point, updates) })));
    await hasDiscarded(line);
    expect(line.readings.length).toBe(mark.count + updates.length);
  });
});
