import { success } from '@tidegate/core/fault/fault.ts';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { clipRun } from '../../historian/archive/sampleRun.ts';
import { calculate } from '../../historian/query/expression/calculate.ts';
import { parseExpression } from '../../historian/query/expression/parseExpression.ts';
import { runOf, type SampleRow } from '../../historian/query/testbed/sampleRuns.ts';
import type { EnergyAccountDefinition, MachineAccount } from './accountDefinition.ts';
import { type AttributeSamples, keepEnergy, keepOee } from './keepAccounts.ts';

const HOUR = 3_600e6;
const START = Date.parse('2026-01-01T00:00:00Z') * 1_000;
const PLACE = { file: 'frames/f.yaml', line: 1, column: 1, excerpt: '', width: 1 };

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

/** Attributes in memory; what ends in `mode` holds from sample to sample. */
function samplesOf(rows: Readonly<Record<string, readonly SampleRow[]>>): AttributeSamples {
  const at: AttributeSamples['at'] = async (_asset, name, times) => {
    const parsed = parseExpression(`'${name}'`);
    if (!parsed.ok) return parsed;
    return success(calculate(parsed.value, [{ run: runOf([...rows[name]]), stepped: name.endsWith('mode') }], times));
  };
  return {
    at,
    attribute: async (asset, name, start, end) => {
      const inside = clipRun(runOf([...rows[name]]), start + 1, end);
      return at(asset, name, Float64Array.of(start, ...inside.times));
    },
  };
}

const MACHINE: MachineAccount = {
  ...{ asset: 'press', state: 'mode', idealCycleSeconds: 10, place: PLACE },
  pieces: { attribute: 'items', measure: 'increase', unit: '' },
  rejects: { attribute: 'scrap', measure: 'increase', unit: '' },
  states: new Map([
    [1, 'execute'],
    [2, 'held'],
  ]),
  categories: new Map([
    [1, 'productive'],
    [2, 'unplanned-stop'],
  ]),
};

it('whatever a period is cut into, its parts make the whole', async () => {
  const moment = fc.integer({ min: 0, max: 48 });
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(moment, { minLength: 2, maxLength: 20 }),
      fc.array(fc.tuple(fc.constantFrom(1, 2), fc.nat(50)), { minLength: 20, maxLength: 20 }),
      fc.uniqueArray(fc.integer({ min: 1, max: 47 }), { maxLength: 6 }),
      async (moments, amounts, cuts) => {
        const times = moments.sort((a, b) => a - b).map((hour) => START + hour * HOUR);
        const items = times.map((time, row): SampleRow => [time, sum(amounts.slice(0, row).map(([, made]) => made))]);
        const samples = samplesOf({
          mode: times.map((time, row) => [time, amounts[row][0]]),
          items,
          scrap: items.map(([time, value]) => [time, Number(value) / 10]),
        });
        const bounds = [0, ...cuts.sort((a, b) => a - b), 48].map((hour) => START + hour * HOUR);
        const kept = async (start: number, end: number) => {
          const oee = await keepOee(samples, MACHINE, { start, end });
          if (!oee.ok) throw new Error(oee.fault.detail);
          return [oee.value.pieces, oee.value.rejected ?? 0, oee.value.plannedSeconds, oee.value.productiveSeconds];
        };
        const parts = await Promise.all(bounds.slice(1).map((end, at) => kept(bounds[at], end)));
        const whole = await kept(bounds[0], bounds[bounds.length - 1]);
        for (const [column, value] of whole.entries()) {
          expect(parts.reduce((sum, part) => sum + part[column], 0)).toBeCloseTo(value, 6);
        }
      },
    ),
    { numRuns: 100 },
  );
});

const ENERGY: EnergyAccountDefinition = {
  ...{ name: 'gas', asset: 'train', intervalUs: HOUR, place: PLACE },
  meter: { attribute: 'fuel', measure: 'integral', unit: 'm3/h' },
  drivers: [{ attribute: 'made', measure: 'increase', unit: '1' }],
  baseline: { start: START, end: START + 24 * HOUR },
};

it('energy that was not measured is in no sum, and a baseline of nothing is refused', async () => {
  const hours = Array.from({ length: 49 }, (_, at) => at);
  const made = hours.map((at): SampleRow => [START + at * HOUR, sum(hours.slice(0, at + 1).map((hour) => hour % 4))]);
  const fuel = hours.slice(0, 36).map((at): SampleRow => [START + at * HOUR, 5 + 2 * ((at + 1) % 4)]);
  const samples = samplesOf({ fuel: [...fuel, [START + 36 * HOUR, null, 0x80000000]], made });
  const second = { start: START + 24 * HOUR, end: START + 48 * HOUR };
  const kept = await keepEnergy(samples, ENERGY, second);
  if (!kept.ok) throw new Error(kept.fault.detail);
  expect(kept.value).toMatchObject({ unit: 'm3', driverUnit: '1', baseline: { rows: 24 } });
  expect(Array.from(kept.value.usedIn, Number.isNaN)).toEqual([
    ...new Array(12).fill(false),
    ...new Array(12).fill(true),
  ]);
  expect(kept.value.used).toBeCloseTo(
    kept.value.usedIn.subarray(0, 12).reduce((a, b) => a + b),
    6,
  );
  const none = await keepEnergy(samples, { ...ENERGY, baseline: { beforeUs: 5 * HOUR } }, second);
  expect(none).toMatchObject({ ok: false, fault: { code: 'performance.too-little' } });
  const long = await keepEnergy(samples, { ...ENERGY, intervalUs: 1e6 }, { start: START, end: START + 48 * HOUR });
  expect(long).toMatchObject({ ok: false, fault: { code: 'history.too-much' } });
});
