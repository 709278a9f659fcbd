import { ManualClock } from '@tidegate/core/clock/manualClock.ts';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { expect, it, onTestFinished } from 'vitest';
import { valueAt } from '../../../historian/archive/sampleRun.ts';
import { parseExpression } from '../../../historian/query/expression/parseExpression.ts';
import { historiansOf } from '../../../historian/query/testbed/historians.ts';
import { runOf } from '../../../historian/query/testbed/sampleRuns.ts';
import { openModelPlant } from '../../assets/testbed/modelPlant.ts';
import { AttributeReader } from './attributeReader.ts';

const { makeDirectory, openHistorian } = historiansOf(onTestFinished);
const S = 1_000_000;
const START = 1_700_000_000 * S;

/** The sensor of a pump is replaced at 100 s by one that measures in bar. */
async function pump() {
  const clock = new ManualClock((START + 200 * S) as Timestamp);
  const historian = await openHistorian(await makeDirectory(), { clock });
  const model = (tag: string) => ({
    'assets/a.yaml': `assets:
  - path: acme/pump
    id: P1
    attributes: { pressure: { tag: ${tag}, unit: kPa }, double: { formula: "2 * 'pressure'", unit: kPa }, mark: { value: 7 } }
`,
  });
  const plant = await openModelPlant(model('acme/old'), { clock });
  onTestFinished(() => plant.stop());
  const texts = new Map(Object.entries(model('acme/new')));
  const effective = (START + 100 * S) as Timestamp;
  expect(await plant.store.apply({ texts, by: 'ada', comment: 'new sensor', effective })).toMatchObject({ ok: true });
  const series = (path: string, unit: string, rows: [number, number][]) => {
    const run = runOf(rows.map(([second, value]) => [START + second * S, value]));
    return { path, unit, type: 'number' as const, stepped: true, description: '', run };
  };
  const old = series('acme/old', 'kPa', [
    [0, 100],
    [50, 200],
    [150, 999],
  ]);
  const renewed = series('acme/new', 'bar', [
    [90, 9],
    [120, 4],
  ]);
  expect(await historian.importSamples([old, renewed], 'test')).toMatchObject({ ok: true });
  const reader = new AttributeReader({ historian, store: plant.store });
  /** `second value`, row by row. */
  const read = async (wanted: Parameters<AttributeReader['read']>[1], from: number, to: number) => {
    const run = await reader.read('P1', wanted, START + from * S, START + to * S);
    if (!run.ok) throw new Error(`${run.fault.code}: ${run.fault.detail}`);
    return Array.from(run.value.times, (time, row) => `${(time - START) / S} ${valueAt(run.value, row)}`);
  };
  return { reader, read };
}

it.each([
  ['pressure', 0, 200, ['0 100', '50 200', '100 900', '120 400']],
  ['pressure', 60, 90, ['60 200']],
  ['double', 40, 130, ['40 200', '50 400', '100 1800', '120 800']],
  ['mark', 0, 200, ['0 7', '100 7']],
  ['lost', 0, 200, []],
])('%s from %d s to %d s is that of the model of each time', async (name, from, to, rows) => {
  const { read } = await pump();
  expect(await read(name, from, to)).toEqual(rows);
});

it('an expression is calculated likewise, in the units of the attributes', async () => {
  const { reader, read } = await pump();
  const parsed = parseExpression("'pressure' > 300 && 'mark' == 7");
  if (!parsed.ok) throw new Error(parsed.fault.detail);
  expect(await read(parsed.value, 0, 200)).toEqual(['0 0', '50 0', '100 1', '120 1']);
  expect(reader.tags('P1', parsed.value).map(({ path }) => path)).toEqual(['acme/new']);
  const times = Float64Array.from([0, 99, 100, 130], (second) => START + second * S);
  const run = await reader.at('P1', 'pressure', times);
  expect(run).toMatchObject({ ok: true, value: { values: Float64Array.of(100, 200, 900, 400) } });
});
