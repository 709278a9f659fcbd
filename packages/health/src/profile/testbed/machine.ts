/** A machine of three features for tests: one that follows the load of the day, one that follows it in part, one alone. */

import { seededRandom } from '../../boost/seededRandom.ts';
import type { FeatureRowsLike } from '../learningRows.ts';
import type { ProfileSpec } from '../profileSpec.ts';

export const DAY_US = 86_400e6;
const HOUR_US = 3_600e6;
/** A Monday in winter. */
export const START_US = Date.UTC(2026, 0, 5) * 1_000;

export const MACHINE: ProfileSpec = {
  features: [
    { name: 'load', unit: 'kW', negligible: 0 },
    { name: 'temperature', unit: 'Cel', negligible: 0.5 },
    { name: 'resistance', unit: 'Ohm', negligible: 0.02, limit: { at: 4, side: 'high' } },
  ],
  intervalUs: HOUR_US,
  budget: { alarms: 1, perUs: 365 * DAY_US },
};

export interface MachineOptions {
  readonly days: number;
  readonly seed?: number;
  /** Added to the features at a day after the beginning. */
  readonly wrong?: (day: number) => readonly [load: number, temperature: number, resistance: number];
}

/** A row each hour; the load has a day, noise and weather of some days. */
export function machineRows({ days, seed = 1, wrong = () => [0, 0, 0] }: MachineOptions): FeatureRowsLike {
  const random = seededRandom(seed);
  const normal = () => random() + random() + random() + random() - 2;
  const count = Math.round(days * 24);
  const columns = MACHINE.features.map(() => new Float64Array(count));
  let weather = 0;
  for (let row = 0; row < count; row++) {
    weather += 0.3 * normal() - weather / 60;
    const load = 50 + 10 * Math.sin((2 * Math.PI * row) / 24) + weather + normal();
    const more = wrong(row / 24);
    columns[0][row] = load + more[0];
    columns[1][row] = 20 + 0.5 * load + 0.5 * normal() + more[1];
    columns[2][row] = 1 + 0.02 * normal() + more[2];
  }
  const times = Float64Array.from({ length: count }, (_, row) => START_US + (row + 1) * HOUR_US);
  return { times, columns, quality: new Float64Array(count).fill(1) };
}

export function rowsBetween(rows: FeatureRowsLike, from: number, to: number): FeatureRowsLike {
  return {
    times: rows.times.subarray(from, to),
    columns: rows.columns.map((column) => column.subarray(from, to)),
    quality: rows.quality.subarray(from, to),
  };
}
