import { setImmediate as nextTurn } from 'node:timers/promises';
import type { SampleValue } from '@tidegate/core/sample/sample.ts';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { blankRun, runOf } from '../archive/sampleRun.ts';
import { SERVER_STREAM } from '../ingest/storedTag.ts';
import { unexplained } from '../ingest/streamLedger.ts';
import type { ImportedSeries } from './historyImport.ts';
import { definitionOf, GatewayStream } from './testbed/gatewayStream.ts';
import { EARLIEST, historiansOf, LATEST, mustSucceed, NO_LIMIT, rowsOf } from './testbed/historians.ts';

const { makeDirectory, openHistorian } = historiansOf(onTestFinished);

type Row = readonly [time: number, value: SampleValue, status?: number];

function seriesOf(path: string, rows: readonly Row[], changes: Partial<ImportedSeries> = {}): ImportedSeries {
  const run = runOf(rows.map(([time, value, status = 0]) => ({ time, value, status })));
  return { path, type: 'number', unit: 'Cel', stepped: false, description: 'imported', run, ...changes };
}

function longSeries(path: string, count: number): ImportedSeries {
  const run = blankRun(count);
  for (let row = 0; row < count; row++) {
    run.times[row] = row * 1_000;
    run.values[row] = row / 8;
    run.kinds[row] = 1;
  }
  return seriesOf(path, [], { run });
}

test('makes the tags that are missing, and keeps every value and status', async () => {
  const directory = await makeDirectory();
  const historian = await openHistorian(directory);
  const numbers: Row[] = [
    [1, 1.5],
    [2, null, 0x80_0a_00_00],
    [2, Number.NaN, 0x40_90_04_80],
    [-5, Infinity],
  ];
  const texts: Row[] = [
    [1, ''],
    [2, 'a "b"\nc'],
    [3, null, 0x80000000],
  ];
  const imported = mustSucceed(
    await historian.importSamples(
      [seriesOf('plant/a', numbers), seriesOf('plant/b', texts, { type: 'string' })],
      'engineer',
    ),
  );
  expect(imported).toMatchObject([
    { samples: 4, tag: { path: 'plant/a', index: 0, gateway: SERVER_STREAM, unit: 'Cel', stepped: false } },
    { samples: 3, tag: { path: 'plant/b', index: 1, type: 'string', stepped: true } },
  ]);
  await historian.close();
  const again = await openHistorian(directory);
  const inOrder = numbers.toSorted((a, b) => a[0] - b[0]).map(([time, value, status = 0]) => [time, value, status]);
  expect(rowsOf(await again.raw(0, EARLIEST, LATEST, NO_LIMIT))).toEqual(inOrder);
  expect(rowsOf(await again.raw(1, EARLIEST, LATEST, NO_LIMIT))).toEqual(texts.map(([t, v, s = 0]) => [t, v, s]));
});

test('adds to the tag of a gateway that has the path', async () => {
  const historian = await openHistorian(await makeDirectory());
  const north = new GatewayStream('north', 'analytical');
  mustSucceed(await historian.sink.defineTags('north', [definitionOf(7, { path: 'plant/a', lane: 'analytical' })]));
  const { header, bytes } = north.sealRows([[7, 10, 1]]);
  mustSucceed(await historian.sink.append(header, bytes));
  const [{ tag }] = mustSucceed(
    await historian.importSamples([seriesOf('plant/a', [[5, 0.5]], { unit: 'bar' })], 'engineer'),
  );
  expect(tag).toMatchObject({ gateway: 'north', number: 7 });
  expect(rowsOf(await historian.raw(tag.index, EARLIEST, LATEST, NO_LIMIT))).toEqual([
    [5, 0.5, 0],
    [10, 1, 0],
  ]);
});

describe('samples of a tag that is there are kept in its unit', () => {
  test.each([
    ['Cel', '[degF]', 212, 100],
    ['Cel', 'K', 0, -273.15],
    ['kPa', 'bar', 1.5, 150],
    ['m3/h', 'L/s', 10, 36],
    ['Cel', 'Cel', 0.1, 0.1],
    ['Cel', '', 0.1, 0.1],
    ['', '', 0.1, 0.1],
    ['°C', '°C', 0.1, 0.1],
  ])('%s from "%s": %d is %d', async (kept, stated, value, expected) => {
    const historian = await openHistorian(await makeDirectory());
    mustSucceed(await historian.importSamples([seriesOf('plant/a', [], { unit: kept })], 'engineer'));
    const rows: Row[] = [
      [1, value],
      [2, null, 0x80_0a_00_00],
      [3, Infinity],
    ];
    const series = seriesOf('plant/a', rows, { unit: stated });
    const [{ tag }] = mustSucceed(await historian.importSamples([series], 'engineer'));
    expect(tag.unit).toBe(kept);
    const [[, first], ...others] = rowsOf(await historian.raw(tag.index, EARLIEST, LATEST, NO_LIMIT));
    expect(first).toBeCloseTo(expected, 9);
    expect(others).toEqual([
      [2, null, 0x80_0a_00_00],
      [3, Infinity, 0],
    ]);
    expect(rowsOf(series.run)[0][1]).toBe(value);
  });

  test.each([
    ['Cel', 'bar', 'number', 'plant/a is kept in Cel, and the samples are in bar. Values in bar cannot be converted'],
    ['bar{gauge}', 'bar{absolute}', 'number', 'Values in bar{absolute} are not measured as those in bar{gauge} are.'],
    ['Cel', '°F', 'number', 'plant/a is kept in Cel, and the samples are in °F. "°F" is no UCUM code; did you mean'],
    ['°C', 'Cel', 'number', 'plant/a is kept in °C, and the samples are in Cel. "°C" is no UCUM code; did you mean'],
    ['', 'Cel', 'number', 'plant/a is kept without a unit, and the samples are in Cel.'],
    ['', 'Cel', 'string', 'A string has no unit.'],
  ] as const)('%s from "%s" (%s) is refused, and nothing is added', async (kept, stated, type, detail) => {
    const historian = await openHistorian(await makeDirectory());
    mustSucceed(await historian.importSamples([seriesOf('plant/a', [], { unit: kept, type })], 'engineer'));
    const value = type === 'string' ? 'x' : 1;
    const series = [seriesOf('plant/b', [[1, 1]]), seriesOf('plant/a', [[1, value]], { unit: stated, type })];
    const refused = await historian.importSamples(series, 'engineer');
    expect(refused).toMatchObject({ ok: false, fault: { code: 'import.invalid' } });
    expect(refused.ok || refused.fault.detail).toContain(detail);
    expect(refused.ok || refused.fault.detail).toMatch(/Name no unit where they are as the tag is/);
    expect(historian.statistics()).toMatchObject({ tags: 1, samples: 0 });
  });

  test('in one import as well', async () => {
    const historian = await openHistorian(await makeDirectory());
    const parts = [seriesOf('plant/a', [[1, 300]], { unit: 'K' }), seriesOf('plant/a', [[2, 20]])];
    const [{ tag }] = mustSucceed(await historian.importSamples(parts, 'engineer'));
    const rows = rowsOf(await historian.raw(tag.index, EARLIEST, LATEST, NO_LIMIT));
    expect(rows.map(([, value]) => Number(value).toFixed(2))).toEqual(['26.85', '20.00']);
  });
});

test('its ledger balances, over imports, starts and segments', async () => {
  const directory = await makeDirectory();
  let stored = 0;
  for (const [round, count] of [1, 40_000, 16_384].entries()) {
    const historian = await openHistorian(directory);
    mustSucceed(await historian.importSamples([longSeries(`plant/${round}`, count)], 'engineer'));
    stored += count;
    const [ledger] = historian.ledgers();
    expect(ledger).toMatchObject({ gateway: SERVER_STREAM, lane: 'analytical', stored, lost: 0, baseline: 0 });
    expect([unexplained(ledger), ledger.tally.read - ledger.tally.accepted]).toEqual([0, 0]);
    if (round === 1) mustSucceed(await historian.seal());
    expect(historian.statistics().samples).toBe(stored);
    await historian.close();
  }
});

describe('adds nothing where', () => {
  const cases: [string, ImportedSeries[], RegExp][] = [
    ['a time is no whole number of µs', [seriesOf('p/a', [[1, 1]]), seriesOf('p/b', [[1.5, 1]])], /p\/b: sample 1/],
    [
      'a number stands among texts',
      [
        seriesOf(
          'p/a',
          [
            [1, 'x'],
            [2, 2],
          ],
          { type: 'string' },
        ),
      ],
      /sample 2 is no string/,
    ],
    ['a text stands among numbers', [seriesOf('p/a', [[1, 'x']])], /sample 1 is no number/],
    ['a path is none', [seriesOf('p', [[1, 1]])], /at least two segments/],
    ['a tag is of another type', [seriesOf('plant/there', [[1, 'x']], { type: 'string' })], /of the type number/],
    ['a tag has two types', [seriesOf('p/a', [[1, 1]]), seriesOf('p/a', [[1, 'x']], { type: 'string' })], /p\/a is/],
    ['a text is too long', [seriesOf('p/a', [[1, 'x'.repeat(2 ** 21)]], { type: 'string' })], /characters/],
  ];
  test.each(cases)('%s', async (_, series, detail) => {
    const historian = await openHistorian(await makeDirectory());
    mustSucceed(await historian.importSamples([seriesOf('plant/there', [[1, 1]])], 'engineer'));
    const refused = await historian.importSamples(series, 'engineer');
    expect(refused.ok || refused.fault.detail).toMatch(detail);
    expect(historian.statistics()).toMatchObject({ tags: 1, samples: 1 });
  });
});

test('long texts can be read again after a start', async () => {
  const directory = await makeDirectory();
  const historian = await openHistorian(directory);
  const rows = Array.from({ length: 20 }, (_, at): Row => [at, `${at}`.repeat(400_000)]);
  mustSucceed(await historian.importSamples([seriesOf('p/a', rows, { type: 'string' })], 'engineer'));
  await historian.close();
  const events: unknown[] = [];
  const again = await openHistorian(directory, {}, events as never);
  const { strings } = await again.raw(0, EARLIEST, LATEST, NO_LIMIT);
  expect([strings.length, events]).toEqual([20, []]);
});

test('live blocks of a gateway are taken between those of an import', async () => {
  const historian = await openHistorian(await makeDirectory(), { hotBytes: 4 * 2 ** 20 });
  let isDone = false;
  const imported = historian.importSamples([longSeries('plant/a', 400_000)], 'engineer').finally(() => {
    isDone = true;
  });
  const north = new GatewayStream();
  const waits: number[] = [];
  for (let time = 0; !isDone; time++) {
    const { header, bytes } = north.sealRows([[0, time, time]]);
    const beganMs = performance.now();
    mustSucceed(await historian.sink.append(header, bytes));
    waits.push(performance.now() - beganMs);
    await nextTurn();
  }
  mustSucceed(await imported);
  expect(historian.statistics().samples).toBe(400_000 + waits.length);
  expect(waits.length).toBeGreaterThan(10);
  expect(Math.max(...waits)).toBeLessThan(2_000);
});

test('any series comes back as it was', async () => {
  const value = fc.oneof(fc.double(), fc.constant(null));
  const row = fc.tuple(fc.integer({ min: -1e12, max: 1e12 }), value, fc.integer({ min: 0, max: 0xffffffff }));
  const historian = await openHistorian(await makeDirectory());
  let round = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(row, { maxLength: 60 }), async (rows) => {
      const [{ tag }] = mustSucceed(await historian.importSamples([seriesOf(`p/${round++}`, rows)], 'engineer'));
      const expected = rows.map((one, at) => ({ one, at })).sort((a, b) => a.one[0] - b.one[0] || a.at - b.at);
      expect(rowsOf(await historian.raw(tag.index, EARLIEST, LATEST, NO_LIMIT))).toEqual(
        expected.map(({ one }) => one),
      );
    }),
    { numRuns: 40 },
  );
});
