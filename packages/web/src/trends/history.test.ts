import { expect, it } from 'vitest';
import type { Series, SeriesRequest } from '../server/api.ts';
import { plainValue, readHistory } from './history.ts';

const START_MS = 1_000;
const END_MS = 61_000;

/** A server that holds `times` (ms) and gives at most `pageSize` of them. */
function serverOf(times: readonly number[], pageSize: number) {
  const asked: SeriesRequest[] = [];
  const read = async (request: SeriesRequest): Promise<Series> => {
    asked.push(request);
    const raw = times.filter((time) => time >= request.startMs && time < request.endMs).slice(0, pageSize);
    const even = request.mode === 'raw' ? raw : [request.startMs];
    return {
      valueType: 'number',
      start: request.startMs * 1_000,
      times: even.map((time) => time * 1_000),
      values: even,
      statuses: even.map(() => 0),
      hasMore: request.mode === 'raw' && raw.length < times.length,
    };
  };
  return { asked, read };
}

const load = (server: ReturnType<typeof serverOf>) =>
  readHistory(server.read, 7, START_MS, END_MS, new AbortController().signal);

it('takes every sample where they are few, with the value that the tag entered the window with', async () => {
  const server = serverOf([20_000, 40_000], 100);
  const history = await load(server);
  expect(history.coarseMs).toBeUndefined();
  expect(history.series.length).toBe(3);
  expect(history.series.timeAt(0)).toBe(START_MS * 1_000);
  expect(server.asked.map(({ mode }) => mode)).toEqual(['raw', 'at']);
});

it('asks for no entry where the first sample is at the start', async () => {
  const server = serverOf([START_MS, 40_000], 100);
  expect((await load(server)).series.length).toBe(2);
  expect(server.asked).toHaveLength(1);
});

it('takes the samples that make the picture where they are too many, and says so', async () => {
  const server = serverOf([2_000, 3_000, 4_000], 2);
  const history = await load(server);
  expect(history.coarseMs).toBe(30);
  expect(server.asked.at(-1)).toMatchObject({ mode: 'plot', limit: 2_000 });
});

it.each([
  [1.5, 'number', 1.5],
  [null, 'number', null],
  ['NaN', 'number', Number.NaN],
  ['-Infinity', 'number', Number.NEGATIVE_INFINITY],
  ['NaN', 'string', 'NaN'],
] as const)('the value %j of a tag of type %s is %d', (value, type, expected) => {
  expect(plainValue(value, type)).toBe(expected);
});
