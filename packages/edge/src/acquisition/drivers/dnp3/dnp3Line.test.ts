import { ManualClock } from '@tidegate/core/clock/manualClock.ts';
import type { PlantEvent } from '@tidegate/core/port/eventSink.ts';
import { expect, it } from 'vitest';
import { Readings } from '../../readings.ts';
import { dnp3Driver } from './dnp3Driver.ts';
import { Dnp3Line } from './dnp3Line.ts';
import { fragmentFrame, outstationFrame } from './testbed/outstationFrame.ts';
import { ScriptedOutstation } from './testbed/scriptedOutstation.ts';

const clock = () => new ManualClock();

function lineOf(manualClock: ManualClock, keys = {}, bitRate: number | undefined = undefined) {
  const options = dnp3Driver.options.parse({ outstation: 10, ...keys });
  const points = [{ tag: 0, address: 'analog:1', dataType: 'int16' }];
  const device = { name: 'rtu', options, timeoutMs: 1000, classes: [{ intervalMs: 1000, points }] };
  const events: PlantEvent[] = [];
  const readings = new Readings({ write: () => {} });
  const ports = { clock: manualClock, events: (event: PlantEvent) => events.push(event), readings, bitRate };
  return { line: new Dnp3Line([device], ports), events };
}

it('gives up on an outstation that babbles', async () => {
  const manual = clock();
  const { line } = lineOf(manual);
  let segment = 0;
  line.connected(new ScriptedOutstation(manual, () => fragmentFrame(10, 'c9 81 0000', segment++)));
  const exchange = await line.devices[0].greet();
  const detail = expect.stringMatching(/outstation 10: no answer within 1000 ms; \d+ late, repeated or misdirected/);
  expect(exchange).toMatchObject({ outcome: 'silent', fault: { code: 'link.timeout', detail } });
  // Each of the nine segments that a fragment may have gives the next one its time.
  expect(manual.elapsedMs()).toBeLessThanOrEqual(1000 + 9 * 10);
});

it('says who answers instead of the outstation', async () => {
  const manual = clock();
  const { line } = lineOf(manual);
  const said = [fragmentFrame(11, 'c0 81 0000'), Uint8Array.of(1, 2, 3), fragmentFrame(4, 'c0 81 0000')];
  line.connected(new ScriptedOutstation(manual, () => said.shift()));
  expect(await line.devices[0].greet()).toMatchObject({
    fault: {
      detail: expect.stringContaining('2 frames of others (11, 4) and 3 bytes that are no DNP3 were thrown away'),
    },
  });
  expect(line.devices[0].discardedAnswers).toBe(2);
});

it('gives a slow line the time that a long answer takes', async () => {
  const manual = clock();
  const { line } = lineOf(manual, {}, 1200);
  const fragment = Buffer.from(`c0810000${'1e0200010101 0a00'.replaceAll(' ', '').repeat(120)}`, 'hex');
  const frames: Uint8Array[] = [];
  for (let from = 0; from < fragment.length; from += 249) {
    const last = from + 249 >= fragment.length;
    const header = (from === 0 ? 0x40 : 0) | (last ? 0x80 : 0) | (from / 249);
    frames.push(outstationFrame(10, Uint8Array.of(header, ...fragment.subarray(from, from + 249))));
  }
  // A frame of 292 bytes takes 2.4 s at 1200 bit/s.
  line.connected(new ScriptedOutstation(manual, () => frames.shift(), 2_433));
  expect(await line.devices[0].greet()).toMatchObject({ outcome: 'answered' });
  expect(manual.elapsedMs()).toBe(4 * 2_433);
});

it('takes a frame that comes in two stretches of listening, and gives up one that does not go on', async () => {
  const manual = clock();
  const { line } = lineOf(manual);
  const frame = fragmentFrame(10, 'f1 82 0000 2002 1701 01 01 0a00');
  const said = [frame.subarray(0, 12), undefined, frame.subarray(12), frame.subarray(0, 12), undefined, frame];
  const link = new ScriptedOutstation(manual, () => said.shift());
  line.connected(link);
  await line.listen(100);
  await line.listen(100);
  expect(link.sent).toHaveLength(1);
  await line.listen(1000);
  await line.listen(100);
  expect(link.sent).toHaveLength(2);
});

it('stops listening when an outstation has restarted, and reads it again although no scan is due', async () => {
  const manual = clock();
  const { line, events } = lineOf(manual, { unsolicited: false });
  const said = ['c0 81 0000', 'c1 81 0000 1e02 00 0101 01 0a00', 'f0 82 8000'].map((hex, at) =>
    fragmentFrame(10, hex, at),
  );
  line.connected(new ScriptedOutstation(manual, () => said.shift()));
  const [rtu] = line.devices;
  const [group] = rtu.groups;
  await rtu.greet();
  await group.step();
  expect(group.pending).toBe(0);
  expect(await line.listen(60_000)).toMatchObject({ ok: true });
  expect(manual.elapsedMs()).toBe(30);
  expect(events.map(({ kind }) => kind)).toEqual(['device.restarted']);
  expect(group.pending).toBe(1);
});

it('asks an outstation that always has more events no more than 16 times in one scan', async () => {
  const manual = clock();
  const { line } = lineOf(manual, { unsolicited: false });
  let sequence = 0;
  const say = () => {
    const hex = `${(0xc0 | (sequence & 15)).toString(16)} 81 0200 2002 1701 01 01 0a00`;
    return fragmentFrame(10, hex, sequence++);
  };
  const link = new ScriptedOutstation(manual, say);
  line.connected(link);
  const [rtu] = line.devices;
  const [group] = rtu.groups;
  await rtu.greet();
  group.begin();
  while (group.pending > 0) await group.step();
  // Disable, integrity, the rest, and the event polls.
  expect(link.sent).toHaveLength(3 + 16 - 1);
});

it.each([
  [
    'values change without an event',
    {},
    ['c1 81 0000 1e02 00 0101 01 0a00', 'c2 81 0000 1e02 00 0101 01 0b00'],
    /event classes/,
  ],
  [
    'the same, with all states in each scan',
    { classes: [0, 1] },
    ['c1 81 0000 1e02 00 0101 01 0a00', 'c2 81 0000 1e02 00 0101 01 0b00'],
    undefined,
  ],
  [
    'it asks for the time',
    {},
    ['c1 81 1000 1e02 00 0101 01 0a00', 'c2 81 1000 1e02 00 0101 01 0a00'],
    /allow synchroniseTime/,
  ],
  [
    'a point is not there',
    {},
    ['c1 81 0000', 'c2 81 0004', 'c3 81 0000', 'c4 81 0004'],
    /no analog:1: compare kind and index/,
  ],
  [
    'the restart stays',
    { clearRestart: true },
    ['c1 81 8000', 'c2 81 8000 1e02 00 0101 01 0a00', 'c3 81 8000 1e02 00 0101 01 0a00'],
    /goes on saying that it has restarted/,
  ],
])('says what lasts and what to do: %s', async (_, keys, answers, defect) => {
  const manual = clock();
  const { line } = lineOf(manual, { unsolicited: false, integrityInterval: '1s', ...keys });
  const said = [`c0 81 ${'clearRestart' in keys ? '80' : '00'}00`, ...answers].map((hex, at) =>
    fragmentFrame(10, hex, at),
  );
  line.connected(new ScriptedOutstation(manual, () => said.shift()));
  const [rtu] = line.devices;
  const [group] = rtu.groups;
  await rtu.greet();
  while (group.pending > 0) await group.step();
  await manual.advance(2000);
  group.begin();
  while (group.pending > 0)
    expect(await group.step()).toMatchObject({ outcome: expect.stringMatching(/answered|refused/) });
  if (defect) expect(rtu.defect).toMatch(defect);
  else expect(rtu.defect).toBeUndefined();
});

it('says what to do where a request is refused', async () => {
  const manual = clock();
  const { line } = lineOf(manual, { unsolicited: false });
  const said = ['c0 81 0000', 'c1 81 0002'].map((hex, at) => fragmentFrame(10, hex, at));
  line.connected(new ScriptedOutstation(manual, () => said.shift()));
  const [rtu] = line.devices;
  await rtu.greet();
  expect(await rtu.groups[0].step()).toEqual({
    outcome: 'refused',
    detail:
      'integrity poll: it does not know the object (IIN2.1); an outstation without event classes is read with classes: [0]',
  });
});
