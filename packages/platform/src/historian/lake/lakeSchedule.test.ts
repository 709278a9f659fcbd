import { describe, expect, it } from 'vitest';
import { EMPTY_MANIFEST, type LakeManifest } from './lakeManifest.ts';
import { dueDays } from './lakeSchedule.ts';

const published = (day: string, mark: string): LakeManifest['days'][number] => ({
  ...{ day, mark, revision: 1, publishedAt: '', rows: 0, files: [] },
});
const HOUR_US = 3600_000_000;
const NOON = Date.UTC(2026, 0, 3, 12) * 1000;

describe('a day is due', () => {
  it.each([
    ['when it is over and new', '2026-01-02', 'a', [], true],
    ['not while it lasts', '2026-01-03', 'a', [], false],
    ['not before the delay after its end', '2026-01-02', 'a', [], false, 13 * HOUR_US],
    ['not when it is published as it is', '2026-01-02', 'a', [published('2026-01-02', 'a')], false],
    ['when its samples have changed since', '2026-01-02', 'b', [published('2026-01-02', 'a')], true],
    ['not when it does not exist', '2026-02-30', 'a', [], false],
    ['not when it lies in the future', '2036-01-01', 'a', [], false],
  ] as const)('%s', (_when, day, mark, days, due, delayUs: number = HOUR_US) => {
    const manifest = { ...EMPTY_MANIFEST, days: [...days] };
    expect(dueDays(manifest, new Map([[day, mark]]), NOON, delayUs)).toEqual(due ? [{ day, mark }] : []);
  });

  it('and several are so in order of time', () => {
    const marks = new Map(['2026-01-02', '2025-12-31', '2026-01-01'].map((day) => [day, '1']));
    const due = dueDays(EMPTY_MANIFEST, marks, NOON, HOUR_US).map(({ day }) => day);
    expect(due).toEqual(['2025-12-31', '2026-01-01', '2026-01-02']);
  });
});
