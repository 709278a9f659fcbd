import type { Tag } from '@tidegate/platform/northbound/contract/tag.ts';
import { expect, it, vi } from 'vitest';
import type { Series, SeriesRequest } from '../server/api.ts';
import { Traces } from './traces.ts';

const NOW_MS = 1_000_000;

const tag = (index: number): Tag => ({
  index,
  gateway: 'g',
  id: `t${index}`,
  path: `a/t${index}`,
  type: 'number',
  unit: '',
  description: '',
  stepped: false,
  lane: 'analytical',
  low: null,
  high: null,
  aliases: [],
});

/** A server whose answers are given by hand, so that live samples can arrive while one is under way. */
function handServer() {
  const open: { request: SeriesRequest; answer: (times: number[]) => void; fail: (reason: string) => void }[] = [];
  const read = (request: SeriesRequest) =>
    new Promise<Series>((resolve, reject) => {
      const answer = (times: number[]) =>
        resolve({
          valueType: 'number',
          start: times[0] ?? 0,
          times,
          values: times.map(() => 1),
          statuses: times.map(() => 0),
          hasMore: false,
        });
      open.push({ request, answer, fail: (reason) => reject(new Error(reason)) });
    });
  return { open, traces: new Traces(read, 60_000, () => NOW_MS) };
}

const live = (index: number, time: number) => ({ tags: [index], times: [time], values: [1], statuses: [0] });
const timesOf = (traces: Traces, place = 0) => {
  const { series } = traces.list[place].history;
  return Array.from({ length: series.length }, (_, at) => series.timeAt(at));
};

it('joins history and the live samples that came before it, without a gap and without repetition', async () => {
  const { open, traces } = handServer();
  traces.choose([tag(3)]);
  expect(open[0].request).toMatchObject({ tag: 3, endMs: NOW_MS });
  traces.take(live(3, 20));
  traces.take(live(3, 30));
  open[0].answer([10, 20]);
  await vi.waitUntil(() => traces.list[0].state.kind === 'ready');
  traces.take(live(3, 40));
  traces.take(live(4, 50));
  expect(timesOf(traces)).toEqual([10, 20, 30, 40]);
});

it('keeps the lines until another window has come, and an outdated answer never replaces a newer one', async () => {
  const { open, traces } = handServer();
  traces.choose([tag(1)]);
  open[0].answer([10]);
  await vi.waitUntil(() => traces.list[0].state.kind === 'ready');
  traces.setWindow(300_000);
  traces.setWindow(3_600_000);
  expect(traces.list[0].state.kind).toBe('loading');
  expect(timesOf(traces)).toEqual([10]);
  open[2].answer([5, 10]);
  await vi.waitUntil(() => traces.list[0].state.kind === 'ready');
  open[1].answer([99]);
  await Promise.resolve();
  expect(timesOf(traces)).toEqual([5, 10]);
});

it('says why a history could not be loaded, and loads it when asked again', async () => {
  const { open, traces } = handServer();
  traces.choose([tag(1)]);
  open[0].fail('The server does not answer.');
  await vi.waitUntil(() => traces.list[0].state.kind === 'failed');
  expect(traces.list[0].state).toEqual({ kind: 'failed', reason: 'The server does not answer.' });
  traces.reload();
  open[1].answer([10]);
  await vi.waitUntil(() => traces.list[0].state.kind === 'ready');
});

it('gives each tag a colour that it keeps, and a free one to the next', () => {
  const { traces } = handServer();
  traces.choose([tag(1), tag(2), tag(3)]);
  traces.choose([tag(2), tag(3)]);
  traces.choose([tag(2), tag(3), tag(9)]);
  expect(traces.list.map((trace) => [trace.tag.index, trace.colour])).toEqual([
    [2, 1],
    [3, 2],
    [9, 0],
  ]);
});
