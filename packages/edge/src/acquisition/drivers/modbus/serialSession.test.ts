import { ManualClock } from '@tidegate/core/clock/manualClock.ts';
import { expect, it } from 'vitest';
import { asciiFraming } from './framing/asciiFraming.ts';
import type { LineFraming } from './framing/framing.ts';
import { rtuFraming } from './framing/rtuFraming.ts';
import { LineTime } from './lineTime.ts';
import { questionOf } from './question.ts';
import { SerialSession } from './serialSession.ts';
import { Station } from './station.ts';
import { ClockedLink, during } from './testbed/clockedLink.ts';

const HOLDING_0 = questionOf({ table: 'holding', source: 0, first: 0, count: 1 });
const ANSWER = '010302000179 84'.replace(' ', '');

interface Rig {
  readonly framing?: LineFraming;
  readonly bitRate?: number | undefined;
  readonly turnaroundMs?: number;
  readonly timeoutMs?: number;
  readonly onFrame?: (link: ClockedLink) => void;
}

function rig({ framing = rtuFraming, bitRate, turnaroundMs = 0, timeoutMs = 1000, onFrame }: Rig) {
  const clock = new ManualClock();
  const link: ClockedLink = new ClockedLink(clock, () => onFrame?.(link));
  const stations = [1, 2].map((unit) => new Station({ unit, timeoutMs }));
  const time = new LineTime(framing, bitRate);
  const ownPort = bitRate !== undefined;
  const session = new SerialSession({ clock, framing, time, stations, turnaroundMs, ownPort });
  session.connected(link);
  const ask = async (station = stations[0]) => (await during(clock, session.ask(station, [HOLDING_0]), 0.25))[0];
  return { clock, link, session, stations, ask };
}

it('listens for one timeout before it asks anything', async () => {
  const { link, stations, ask } = rig({ onFrame: (to) => to.says(ANSWER) });
  link.says(ANSWER, 700);
  expect(await ask()).toMatchObject({ kind: 'data' });
  expect(link.sent[0].atMs).toBe(1000);
  expect(stations[0].discarded).toBe(1);
});

it.each([
  // 3.5 characters of 11 bits.
  [9600, 0, (3.5 * 11_000) / 9600],
  [19_200, 0, (3.5 * 11_000) / 19_200],
  [115_200, 0, 1.75],
  [115_200, 20, 21.75],
  [undefined, 0, 0],
  [undefined, 20, 20],
])(
  'keeps the silence between two frames at %s bit/s with a turnaround of %s ms',
  async (bitRate, turnaroundMs, silence) => {
    let answeredMs = 0;
    const { clock, link, ask } = rig({
      bitRate,
      turnaroundMs,
      onFrame: (to) => {
        answeredMs = clock.elapsedMs() + 30;
        to.says(ANSWER, 30);
      },
    });
    await ask();
    const firstAnsweredMs = answeredMs;
    await ask();
    const pauseMs = link.sent[1].atMs - firstAnsweredMs;
    expect(pauseMs).toBeGreaterThan(silence - 1e-6);
    expect(pauseMs).toBeLessThan(silence + 0.5);
  },
);

it('does not count the way of the bytes as time of the device', async () => {
  const { clock, link, ask } = rig({ bitRate: 300, timeoutMs: 100 });
  expect(await ask()).toMatchObject({ kind: 'silent' });
  const characters = rtuFraming.characters(5) + rtuFraming.characters(4);
  const tookMs = clock.elapsedMs() - link.sent[0].atMs;
  expect(tookMs).toBeCloseTo(100 + (characters * 11_000) / 300, 0);
});

it('gives up on a line that is never silent', async () => {
  const { clock, link, ask } = rig({ bitRate: 9600, timeoutMs: 100 });
  for (let at = 1; at < 400; at++) link.says('55', at);
  expect(await ask()).toMatchObject({ kind: 'silent', fault: { detail: expect.stringContaining('never silent') } });
  expect(link.sent).toEqual([]);
  expect(clock.elapsedMs()).toBeLessThan(250);
});

it('throws away what comes between two questions', async () => {
  const { link, stations, ask } = rig({ onFrame: (to) => to.says(ANSWER, 10) });
  await ask();
  link.says(ANSWER);
  link.says('0203020001 3d84'.replace(' ', ''));
  expect(await ask()).toMatchObject({ kind: 'data' });
  expect(stations.map(({ discarded }) => discarded)).toEqual([1, 1]);
});

it('finds an answer behind what looks like the beginning of a longer one, before the time is over', async () => {
  const { clock, link, ask } = rig({ onFrame: (to) => to.says(`0103f0${ANSWER}`, 10) });
  expect(await ask()).toMatchObject({ kind: 'data', data: Uint8Array.of(0, 1) });
  expect(clock.elapsedMs() - link.sent[0].atMs).toBeLessThan(100);
});

it('needs no silence in ASCII, where marks say where a frame ends', () => {
  expect(new LineTime(asciiFraming, 9600).silenceMs).toBe(0);
});

it('weighs a request against bytes: some ten registers on a slow line', () => {
  expect(new LineTime(rtuFraming, 9600).requestCostBytes / 2).toBeCloseTo(12, 0);
});
