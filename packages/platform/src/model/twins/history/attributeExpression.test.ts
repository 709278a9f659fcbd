import { statusName } from '@tidegate/core/sample/statusCode.ts';
import { expect, it } from 'vitest';
import { valueAt } from '../../../historian/archive/sampleRun.ts';
import { calculate } from '../../../historian/query/expression/calculate.ts';
import type { StoredTag } from '../../../historian/query/historianReader.ts';
import { runOf } from '../../../historian/query/testbed/sampleRuns.ts';
import { AssetLookup } from '../../assets/assetLookup.ts';
import { loadAssetModel } from '../../assets/loadAssetModel.ts';
import { loadTwins } from '../loadTwins.ts';
import { MemoryFeed } from '../testbed/memoryFeed.ts';
import { attributeExpression } from './attributeExpression.ts';

const S = 1_000_000;
const TEXTS = new Map([
  [
    'types/t.yaml',
    `types:
  - type: vessel
    version: 1
    attributes:
      pressure: { tag: "{path}/pressure", unit: kPa }
      air: { tag: "{path}/air", unit: Cel }
      missing: { tag: "{path}/missing" }
      limit: { value: 150, unit: kPa }
      over: { formula: "'pressure' > 'limit'" }
      smooth: { formula: "avg('pressure', \\"10s\\")", unit: kPa }
      coolest: { formula: "min('air', \\"10s\\")", unit: Cel }
      change: { formula: "delta('air', \\"10s\\")", unit: K }
      doubled: { formula: "2 * 'smooth'", unit: kPa }
      deep: { formula: "avg('doubled', \\"10s\\")", unit: kPa }
      unbound: { unit: kW }
`,
  ],
  ['assets/a.yaml', 'assets:\n  - { path: acme/v, type: vessel }\n'],
  [
    'twins/v.yaml',
    `type: vessel
parameters: { part: { value: 0.5, unit: "1" } }
modes: { high: "'over'" }
expected:
  pressure: { formula: "'limit' * 'part'", modes: [high], sigma: 5 }
`,
  ],
]);
const SAMPLES: Readonly<Record<string, readonly (readonly [number, number])[]>> = {
  'acme/v/pressure': [
    [0, 1],
    [5 * S, 2],
  ],
  'acme/v/air': [
    [0, 32],
    [5 * S, 50],
  ],
};

/** The value and status of an attribute of the vessel at 10 s, from samples of its tags in bar and degrees Fahrenheit. */
async function valueAtTenSeconds(name: string): Promise<unknown> {
  const feed = new MemoryFeed();
  feed.define('acme/v/pressure', 'bar');
  feed.define('acme/v/air', '[degF]');
  const { model } = await loadAssetModel(TEXTS);
  const { twins, defects } = loadTwins(TEXTS, model);
  expect(defects).toEqual([]);
  const lookup = new AssetLookup(model.assets);
  const tagOf = (path: string): StoredTag | undefined => feed.tags().find((tag) => tag.path === path);
  const composed = attributeExpression({ model, lookup, twins, tagOf }, model.assets.get('acme/v')!, name);
  if (!composed?.ok) return composed?.fault.detail;
  const { expression, tags, maps } = composed.value;
  const inputs = tags.map(({ path }) => ({
    run: runOf(SAMPLES[path].map(([time, value]) => [time, value])),
    stepped: true,
  }));
  const run = calculate(expression, inputs, Float64Array.of(10 * S), maps);
  return valueAt(run, 0) ?? statusName(run.statuses[0]);
}

it.each([
  ['pressure', 200],
  ['limit', 150],
  ['over', 1],
  ['smooth', 150],
  ['doubled', 300],
  ['coolest', 0],
  ['change', 10],
  ['twin.mode', 'high'],
  ['pressure.expected', 75],
  ['pressure.residual', 125],
  ['pressure.sigmas', 25],
  ['missing', 'BadNodeIdUnknown'],
  ['unbound', 'BadConfigurationError'],
  ['nothing', undefined],
  ['air.expected', undefined],
  ['deep', 'A window looks back over what is no tag, which history does not calculate.'],
])('%s of a vessel is %s', async (name, expected) => {
  const value = await valueAtTenSeconds(name);
  if (typeof expected === 'number') expect(value).toBeCloseTo(expected, 9);
  else expect(value).toBe(expected);
});
