/** Rainflow counts of the given long series and of the example of ASTM E1049, held against those of others. */

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { countCycles } from '../../packages/health/src/fatigue/rainflow.ts';
import type { SetOutcome } from './setOutcome.ts';

interface Vector {
  readonly name: string;
  readonly series: readonly number[] | null;
  readonly totalCycles: number;
  readonly fullCycles: number;
  readonly sumRangePow: { readonly m3: number };
}

export async function runRainflow(data: string, say: (line: string) => void): Promise<SetOutcome> {
  const folder = path.join(data, 'rainflow');
  const vectors = JSON.parse(await readFile(path.join(folder, 'vectors.json'), 'utf8')) as Vector[];
  const long = (await readFile(path.join(folder, 'long_series.csv'), 'utf8')).trim().split(/\s+/).map(Number);
  let different = 0;
  for (const { name, series, ...expected } of vectors) {
    const values = series ?? (name.includes('long_series') ? long : undefined);
    if (!values) continue;
    const cycles = countCycles(values);
    const total = cycles.reduce((sum, { count }) => sum + count, 0);
    const full = cycles.filter(({ count }) => count === 1).length;
    const cubes = cycles.reduce((sum, { count, range }) => sum + count * range ** 3, 0);
    const isSame =
      total === expected.totalCycles &&
      full === expected.fullCycles &&
      Math.abs(cubes / expected.sumRangePow.m3 - 1) < 1e-9;
    say(`  ${name}: ${total} cycles${isSame ? '' : `, and others count ${expected.totalCycles}`}`);
    if (!isSame) different++;
  }
  return { figures: { rainflowDifferent: different }, targets: { rainflowDifferent: { max: 0 } } };
}
