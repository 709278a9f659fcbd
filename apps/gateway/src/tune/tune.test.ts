import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { formatTuning } from './formatTuning.ts';
import { readTagHistory, type TagHistory } from './tagHistory.ts';
import { tuneHistory } from './tuning.ts';

const SECOND_US = 1_000_000;
const INTERVALS = { maxIntervalMs: 600_000, compressionMaxIntervalMs: 60_000 };

/** Some hours of a slow wave with a ripple of 0.1 on it, quantised to 0.01, once a second. */
function written(more: Readonly<Record<string, unknown>> = {}, keep = (_at: number) => true) {
  const places = Array.from({ length: 5_000 }, (_, at) => at).filter(keep);
  return {
    path: 'works/reactor/temperature',
    unit: 'Cel',
    valueType: 'number',
    lane: 'analytical',
    stepped: false,
    low: 0,
    high: 100,
    times: places.map((at) => 1.7e15 + at * SECOND_US),
    values: places.map((at) => Math.round(5000 + 3000 * Math.sin(at / 800) + 10 * Math.sin(at * 1.7)) / 100),
    statuses: places.map(() => 0),
    ...more,
  };
}

function historyOf(data: object): TagHistory {
  const read = readTagHistory(JSON.stringify(data));
  if (!read.ok) throw new Error(read.complaint);
  return read.value;
}

describe('the settings that are tried', () => {
  const { rows, gaps } = tuneHistory(historyOf(written()), INTERVALS);

  it('begin with none, which keeps everything', () => {
    expect(rows[0]).toMatchObject({ deviation: 0, compression: undefined, maxError: 0, rmsError: 0 });
    // But for values that were repeated.
    expect(rows[0].stored).toBeGreaterThan(4_500);
    expect(rows[0].bytes).toBeGreaterThan(rows[0].stored * 4);
    expect(gaps).toBeUndefined();
  });

  it('keep what is promised of them', () => {
    expect(rows.length).toBeGreaterThan(15);
    for (const { deviation, compression, maxError, rmsError, stored } of rows) {
      const promise = compression === undefined ? 2 * deviation : deviation + compression;
      expect(maxError).toBeLessThanOrEqual(promise + 1e-9);
      expect(rmsError).toBeLessThanOrEqual(maxError);
      expect(stored).toBeGreaterThan(0);
    }
  });

  it('have a knee, which needs a fraction of the samples', () => {
    const knee = rows.filter(({ isKnee }) => isKnee);
    expect(knee).toHaveLength(1);
    expect(knee[0].stored).toBeLessThan(rows[0].stored / 10);
  });

  it.each([{ stepped: true }, { lane: 'operational' }])(
    'are without compression where it has no place: %o',
    (traits) => {
      const tuning = tuneHistory(historyOf(written(traits)), INTERVALS);
      expect(tuning.rows.every(({ compression }) => compression === undefined)).toBe(true);
      expect(tuning.rows.length).toBeGreaterThan(4);
      expect(formatTuning(tuning)).toContain('compression');
    },
  );

  it('are measured against steps where the tag is stepped', () => {
    const tuning = tuneHistory(historyOf(written({ stepped: true })), INTERVALS);
    for (const { deviation, maxError } of tuning.rows) expect(maxError).toBeLessThanOrEqual(deviation + 1e-9);
  });
});

it('a history that is thinned out already is told to be', () => {
  const tuning = tuneHistory(historyOf(written({}, (at) => at % 10 < 3)), INTERVALS);
  expect(tuning.gaps).toEqual({ intervalUs: SECOND_US, expected: 4_993 });
  expect(formatTuning(tuning)).toContain('thinned out already: a sample every 1 s would be 4,993');
});

it('without low and high a percentage is of the values in the range, and deviations are told in units', () => {
  const history = historyOf(written({ low: null, high: null }));
  expect(history.isSpanOfTag).toBe(false);
  expect(history.span).toBeCloseTo(60.2, 0);
  const text = formatTuning(tuneHistory(history, INTERVALS));
  expect(text).toContain('in this range (the tag has no low and high)');
  expect(text).not.toMatch(/K is the knee: deviation [^,]*%/);
});

it.each([
  ['no JSON', 'x', /^this is no history of a tag/],
  ['no columns', '{"path":"a/b"}', /^this is no history of a tag/],
  ['columns of different lengths', JSON.stringify(written({ statuses: [0] })), /^this is no history of a tag/],
  ['null', 'null', /^this is no history of a tag/],
  ['texts', JSON.stringify(written({ valueType: 'string' })), /of the type string: only numbers deviate$/],
  ['too few numbers', JSON.stringify(written({}, (at) => at < 49)), /has 49 numbers in this range, too few/],
  ['values that are missing', JSON.stringify(written({ values: written().values.map(() => null) })), /has 0 numbers/],
  [
    'one value',
    JSON.stringify(written({ values: written().values.map(() => 7), low: null })),
    /had one value in all of this range/,
  ],
])('%s is refused', (_, text, complaint) => {
  const read = readTagHistory(text);
  expect(read.ok ? '' : read.complaint).toMatch(complaint);
});

describe('the program', () => {
  const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));
  const run = (args: readonly string[], input = '') =>
    spawnSync(process.execPath, [MAIN, 'tune', ...args], { input, encoding: 'utf8' });

  it('takes a history from standard input or from a file, and prints a table or JSON', () => {
    const directory = mkdtempSync(join(tmpdir(), 'tidegate-tune-'));
    try {
      const file = join(directory, 'history.json');
      writeFileSync(file, JSON.stringify(written()));
      const table = run([], JSON.stringify(written()));
      expect(table).toMatchObject({ status: 0, stderr: '' });
      expect(table.stdout).toMatch(/^works\/reactor\/temperature: 5,000 samples, a span of 100 Cel\n\ndeviation/);
      expect(table.stdout).toMatch(/<- knee$/m);
      expect(table.stdout).toMatch(/^100\.0 % \|o$/m);
      const json = run([file, '--json', '--compression-max-interval', '5min']);
      expect(JSON.parse(json.stdout)).toMatchObject({ path: 'works/reactor/temperature', span: 100, samples: 5_000 });
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  it.each([
    [['/nowhere/history.json'], 2, 'cannot be read'],
    [[], 1, 'no history of a tag'],
  ])('with %o ends with status %i and says why', (args, status, text) => {
    const ended = run(args);
    expect(ended.status).toBe(status);
    expect(ended.stderr).toMatch(/^tidegate tune: /);
    expect(ended.stderr).toContain(text);
  });
});
