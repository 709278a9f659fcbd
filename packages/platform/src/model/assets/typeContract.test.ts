import { expect, it } from 'vitest';
import { loadAssetModel } from './loadAssetModel.ts';
import { contractOf } from './typeContract.ts';

it('a contract has the fields of the whole lineage; what states no range has none', async () => {
  const text = `types:
  - { type: machine, version: 1, attributes: { power: { unit: kW, low: 0, high: 90, required: true } } }
  - { type: pump, version: 4, extends: machine, attributes: { power: { unit: W }, mode: { type: string } } }
`;
  const { model } = await loadAssetModel(new Map([['types/a.yaml', text]]));
  const { type, version, fields } = contractOf(model.types.get('pump')!);
  expect([type, version, [...fields.values()]]).toEqual([
    'pump',
    4,
    [
      { name: 'power', type: 'number', unit: 'W', low: 0, high: 90_000, required: true },
      { name: 'mode', type: 'string', unit: '', low: -Infinity, high: Infinity, required: false },
    ],
  ]);
});
