import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { FILES, HealthPlant } from '../scoring/testbed/healthPlant.ts';
import { rowMaking } from './rowMaking.ts';

it('says of each feature whether it is a tag, in whatever unit, and what it is else', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'tidegate-making-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  const features = `
      flow: { attribute: flow }
      litres: { attribute: flow, unit: L/s, measure: maximum }
      heat: { formula: "number('heat', \\"K\\")" }
      share: { formula: "'leak' / 'flow'", unit: "1" }
      twice: { formula: "2 * 'leak'" }
      lost: { attribute: leak }
`;
  const plant = await HealthPlant.open(directory, {
    files: {
      ...FILES,
      'health/pump.yaml': `health:\n  - asset: acme/p1\n    name: seal\n    while: "'flow' > 1"\n    features:${features}`,
    },
  });
  onTestFinished(() => plant.close());
  await plant.add({ 'acme/p1/flow': [], 'acme/p1/heat': [] });
  const { condition, features: made } = rowMaking(plant.watch(), plant.tags);
  expect(condition).toBe("'flow' > 1");
  expect(made.map(({ name, measure, of, unit, tag }) => [name, measure, of, unit, tag])).toEqual([
    ['flow', 'average', "'flow'", 'm3/h', 'acme/p1/flow'],
    ['litres', 'maximum', "'flow'", 'L/s', 'acme/p1/flow'],
    ['heat', 'average', `number('heat', "K")`, '', 'acme/p1/heat'],
    ['share', 'average', "'leak' / 'flow'", '1', undefined],
    ['twice', 'average', "2 * 'leak'", 'L/h', undefined],
    ['lost', 'average', "'leak'", 'L/h', undefined],
  ]);
});
