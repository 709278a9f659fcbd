/** A link that is half dead: nobody says so, and no scan is due for an hour. */

import { ManualClock } from '@tidegate/core/clock/manualClock.ts';
import { STATUS } from '@tidegate/core/sample/statusCode.ts';
import { expect, it } from 'vitest';
import { Readings } from '../../readings.ts';
import { dnp3Driver } from './dnp3Driver.ts';
import { Dnp3Line } from './dnp3Line.ts';
import { writeCrc } from './link/crc.ts';
import { encodeLinkService } from './link/linkFrame.ts';
import { fragmentFrame } from './testbed/outstationFrame.ts';
import { ScriptedOutstation } from './testbed/scriptedOutstation.ts';

const HOUR = 3_600_000;
const STATUS_REQUEST = Buffer.from(encodeLinkService('requestLinkStatus', 10, 1));
const START = ['c0 81 0000', 'c1 81 0000 1e02 00 0102 01 0a00 01 0b00', 'c2 81 0000'];

/** An outstation that has been read once and then says `said`; two scan classes with a point each. */
async function startedLine(said: readonly (Uint8Array | undefined)[], keys = {}) {
  const clock = new ManualClock();
  const options = dnp3Driver.options.parse({ outstation: 10, keepAlive: '60s', ...keys });
  const classes = [1, 2].map((index) => ({
    intervalMs: HOUR,
    points: [{ tag: index, address: `analog:${index}`, dataType: 'int16' }],
  }));
  const tags: number[] = [];
  const readings = new Readings({ write: (block) => tags.push(...block.tags.subarray(0, block.count)) });
  const device = { name: 'rtu', options, timeoutMs: 1000, classes };
  const line = new Dnp3Line([device], { clock, events: () => {}, readings, bitRate: undefined });
  const answers = [...START.map((hex, at) => fragmentFrame(10, hex, at)), ...said];
  const link = new ScriptedOutstation(clock, () => answers.shift());
  line.connected(link);
  const [rtu] = line.devices;
  await rtu.greet();
  for (const group of rtu.groups) while (group.pending > 0) await group.step();
  tags.length = 0;
  return { line, rtu, clock, link, tags };
}

/** A frame of the link layer alone. */
function linkFrame(control: number): Uint8Array {
  const frame = Uint8Array.of(0x05, 0x64, 5, control, 1, 0, 10, 0, 0, 0);
  writeCrc(frame, 0, 8);
  return frame;
}

const lastSent = ({ sent }: ScriptedOutstation) => Buffer.from(sent[sent.length - 1]);

it('asks one that has been silent whether it is there, and not before', async () => {
  const said = fragmentFrame(10, 'f0 82 0000', 3);
  const { line, rtu, clock, link } = await startedLine([said]);
  const startedMs = clock.elapsedMs();
  expect(await line.listen(HOUR)).toMatchObject({ ok: true });
  // 10 ms until the outstation says something, and then nothing more.
  expect(clock.elapsedMs()).toBe(startedMs + 10 + 60_000);
  expect(rtu.groups.map(({ pending }) => pending)).toEqual([1, 0]);
  await rtu.groups[0].step();
  expect(lastSent(link)).toEqual(STATUS_REQUEST);
});

/** LINK_STATUS and NOT_SUPPORTED, from a secondary station. */
const ANSWERS = { status: 0x0b, notSupported: 0x0f };

it.each([
  ['its status', linkFrame(ANSWERS.status)],
  ['that it has no such function', linkFrame(ANSWERS.notSupported)],
  ['something else', fragmentFrame(10, 'f0 82 0000', 3)],
])('lives if it says %s', async (_, answer) => {
  const { line, rtu, clock } = await startedLine([undefined, answer]);
  await line.listen(HOUR);
  expect(await rtu.groups[0].step()).toEqual({ outcome: 'answered' });
  expect(rtu.groups.map(({ pending }) => pending)).toEqual([0, 0]);
  const heardMs = clock.elapsedMs();
  await line.listen(HOUR);
  expect(clock.elapsedMs()).toBe(heardMs + 60_000);
});

it('is lost if it says nothing: the points of all scan classes are due, and bad', async () => {
  const { line, rtu, tags } = await startedLine([]);
  await line.listen(HOUR);
  expect(await rtu.groups[0].step()).toMatchObject({ outcome: 'silent', fault: { code: 'link.timeout' } });
  expect(rtu.groups.map(({ pending }) => pending)).toEqual([1, 1]);
  for (const group of rtu.groups) group.fail(STATUS.BadTimeout);
  expect(rtu.groups.map(({ pending }) => pending)).toEqual([0, 0]);
  expect(tags).toEqual([1, 2]);
});

it('makes all points due when the link of one that reports by itself ends', async () => {
  const { line, rtu } = await startedLine([]);
  line.disconnected();
  expect(rtu.groups.map(({ pending }) => pending)).toEqual([1, 1]);
});

it('leaves one that is polled alone until its next scan', async () => {
  const { line, rtu, clock } = await startedLine([], { unsolicited: false });
  const startedMs = clock.elapsedMs();
  await line.listen(HOUR);
  expect(clock.elapsedMs()).toBe(startedMs + HOUR);
  line.disconnected();
  expect(rtu.groups.map(({ pending }) => pending)).toEqual([0, 0]);
});

it('does not listen again and again to nothing while the question has to wait for its turn', async () => {
  const { line, clock } = await startedLine([]);
  await line.listen(HOUR);
  const askedMs = clock.elapsedMs();
  await line.listen(1000);
  expect(clock.elapsedMs()).toBe(askedMs + 1000);
});
