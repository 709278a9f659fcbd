/** Whoever doubts the aggregates can check them from outside: the tables of the standard, by import and by question. */

import { parseTimestamp } from '@tidegate/core/clock/timestamp.ts';
import { STATUS, type StatusName } from '@tidegate/core/sample/statusCode.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { INFO } from '../historian/query/aggregate/aggregateStatus.ts';
import part13 from '../historian/query/aggregate/vectors/part13.json' with { type: 'json' };
import { HistorianDoor } from './testbed/historianDoor.ts';

const START = '2012-01-02T12:00:00Z';
const BITS: Record<string, number> = {
  Calculated: INFO.calculated,
  Interpolated: INFO.interpolated,
  Partial: INFO.partial,
  MultipleValues: INFO.multipleValues,
};

let door: HistorianDoor;
beforeAll(async () => {
  door = await HistorianDoor.open();
  const series = part13.datasets.map(({ name, type, points }) => ({
    path: `check/${name}`,
    type: type === 'Boolean' ? 'boolean' : type === 'String' ? 'string' : 'number',
    samples: points.map(({ timestamp, value, status }) => ({ time: timestamp, value, status })),
  }));
  const imported = await door.post('/history/import', { series });
  expect(await imported.json()).toMatchObject({
    series: series.map(({ path, samples }) => ({ path, samples: samples.length })),
  });
});
afterAll(() => door.stop());

test.each([false, true])('the series are those of the standard (sealed: %s)', async (isSealed) => {
  if (isSealed) expect(await door.historian.seal()).toMatchObject({ ok: true });
  for (const { name, points } of part13.datasets) {
    const raw = await door.json(`/history/raw?tag=check/${name}&start=${START}&end=2012-01-02T13:00:00Z`);
    expect(raw.series[0].times).toEqual(points.map(({ timestamp }) => parseTimestamp(timestamp)));
    expect(raw.series[0].statuses).toEqual(points.map(({ status }) => statusOf(status)));
  }
});

describe('the aggregates are those that the standard prints', () => {
  test.each(part13.cases)('$id', async ({ dataset, aggregate, processingIntervalMs, expected, ...options }) => {
    const given = Object.entries(options).filter(([name]) => OPTIONS.has(name));
    const query = new URLSearchParams([
      ...given.map(([name, value]) => [name, String(value)]),
      ...[
        ['tag', `check/${dataset}`],
        ['aggregate', aggregate],
        ['start', START],
        ['end', '2012-01-02T12:01:40Z'],
      ],
      ['interval', `${processingIntervalMs}ms`],
    ]);
    const answer = await door.json(`/history/processed?${query}`);
    const [{ times, values, statuses }] = answer.series;
    expect(times.length).toBe(expected.length);
    for (const [row, { offsetMs, value, status, infoBits, flag }] of expected.entries()) {
      if (flag) continue;
      const where = `row ${row}`;
      expect(times[row], where).toBe(parseTimestamp(START)! + offsetMs * 1000);
      const bits = infoBits.reduce((all, name) => all | BITS[name], statusOf(status)) >>> 0;
      expect(statuses[row].toString(16), where).toBe(bits.toString(16));
      if (value === null) expect(values[row], where).toBeNull();
      else if (typeof value === 'string') expect(values[row], where).toBe(statusOf(value));
      else expect(Math.abs(values[row] - Number(value)), where).toBeLessThan(0.0011);
    }
  });
});

const OPTIONS = new Set([
  ...['stepped', 'treatUncertainAsBad', 'percentDataBad', 'percentDataGood', 'useSlopedExtrapolation'],
]);

function statusOf(name: string): number {
  const status = STATUS[name as StatusName];
  if (status === undefined) throw new Error(`unknown status ${name}`);
  return status;
}
