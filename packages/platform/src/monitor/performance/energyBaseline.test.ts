import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { accountEnergy, type EnergyDriver, fitBaseline } from './energyBaseline.ts';

const column = (name: string, values: readonly number[]): EnergyDriver => ({ name, values: Float64Array.from(values) });

describe('a furnace with a base load of 20 kWh an interval and 3 kWh a piece', () => {
  const pieces = Array.from({ length: 48 }, (_, at) => 5 + ((at * 7) % 11));
  const used = Float64Array.from(pieces, (made, at) => 20 + 3 * made + ((at % 2) - 0.5) * 0.2);
  const fitted = fitBaseline(used, [column('pieces', pieces)]);
  if (!fitted.ok) throw new Error(fitted.fault.detail);

  it('is found with its confidence', () => {
    const [base, piece] = fitted.value.terms;
    expect(Math.abs(base.coefficient - 20)).toBeLessThan(base.halfWidth);
    expect(Math.abs(piece.coefficient - 3)).toBeLessThan(piece.halfWidth);
    expect(piece.halfWidth).toBeLessThan(0.02);
    expect(fitted.value.r2).toBeGreaterThan(0.999);
  });

  it('and a saving of a tenth is seen, interval by interval', () => {
    const saving = accountEnergy(
      fitted.value,
      used.map((value) => value * 0.9),
      [column('pieces', pieces)],
    );
    expect(saving.ratio).toBeCloseTo(0.9, 3);
    expect(saving.cumulative[47]).toBeCloseTo(saving.used - saving.expectedTotal, 9);
    expect(saving.perUnit).toBeCloseTo(saving.used / pieces.reduce((sum, made) => sum + made, 0), 9);
  });

  it('an interval without a value is in no sum', () => {
    const gappy = used.slice();
    gappy[3] = Number.NaN;
    const account = accountEnergy(fitted.value, gappy, [column('pieces', pieces)]);
    expect(account.expected[3]).toBeNaN();
    expect(account.cumulative[3]).toBe(account.cumulative[2]);
    expect(account.used).toBeCloseTo(used.reduce((sum, value) => sum + value, 0) - used[3], 9);
  });
});

it.each([
  ['five intervals', [1, 2, 3, 4, 5], [2, 3, 4, 5, 6], /6 are needed/],
  [
    'a driver that stands still',
    Array.from({ length: 20 }, (_, at) => at),
    new Array(20).fill(4),
    /"pieces" never changes/,
  ],
])('%s carry no baseline', (_what, used, pieces, message) => {
  const fitted = fitBaseline(Float64Array.from(used), [column('pieces', pieces)]);
  expect(fitted.ok ? '' : fitted.fault.detail).toMatch(message);
});

describe('a steel works', () => {
  const { TIDEGATE_DATA } = process.env;

  it.skipIf(!TIDEGATE_DATA)(
    'uses what its rows sum up to, by kind of load (set TIDEGATE_DATA to the folder that holds steel_energy/ to run this)',
    () => {
      const file = join(TIDEGATE_DATA ?? '', 'steel_energy/Steel_industry_data.csv.gz');
      const [, ...lines] = gunzipSync(readFileSync(file)).toString().trim().split('\n');
      const rows = lines.map((line) => line.trim().split(','));
      const used = Float64Array.from(rows, (row) => Number(row[1]));
      const is = (kind: string) =>
        column(
          kind,
          rows.map((row) => Number(row[10] === kind)),
        );
      const kinds = ['Medium_Load', 'Maximum_Load'];
      const fitted = fitBaseline(used, kinds.map(is));
      if (!fitted.ok) throw new Error(fitted.fault.detail);
      // With one driver a kind of load, the baseline is the mean of each kind: reckoned here without it.
      const meanOf = (kind: string) => {
        const own = rows.filter((row) => row[10] === kind).map((row) => Number(row[1]));
        return own.reduce((sum, value) => sum + value, 0) / own.length;
      };
      const [base, ...terms] = fitted.value.terms.map(({ coefficient }) => coefficient);
      expect(base).toBeCloseTo(meanOf('Light_Load'), 8);
      expect(terms.map((term) => base + term)).toEqual(kinds.map((kind) => expect.closeTo(meanOf(kind), 8)));
      const account = accountEnergy(fitted.value, used, kinds.map(is));
      expect(account.used).toBeCloseTo(
        rows.reduce((sum, row) => sum + Number(row[1]), 0),
        6,
      );
      expect(account.ratio).toBeCloseTo(1, 9);
      expect(Math.abs(account.cumulative[used.length - 1])).toBeLessThan(1e-6);
    },
  );
});
