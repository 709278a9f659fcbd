import { success } from '@tidegate/core/fault/fault.ts';
import { STATUS, statusName } from '@tidegate/core/sample/statusCode.ts';
import { expect, it } from 'vitest';
import { storedTag } from '../../../northbound/testbed/memoryHistorian.ts';
import { AssetLookup } from '../../assets/assetLookup.ts';
import { loadAssetModel } from '../../assets/loadAssetModel.ts';
import { numbers } from '../testbed/compressorTwin.ts';
import { readTwinHistory } from './twinHistoryReader.ts';

const MODEL = {
  'types/t.yaml': `types:
  - type: train
    version: 1
    attributes:
      flow: { tag: "{path}/flow", unit: m3/h }
      lost: { tag: "{path}/lost", unit: kW }
      bare: { unit: kW }
      maker: { value: Acme }
      factor: { value: 3 }
      speed: { from: driver/speed, unit: /min }
      load: { formula: "'speed' * 'factor' + 'acme/plant/grid/frequency'", unit: /min }
    components: { driver: driver }
  - type: driver
    version: 1
    attributes: { speed: { tag: "{path}/speed", unit: /s } }
`,
  'assets/a.yaml': `assets:
  - { path: acme/plant/train-1, type: train }
  - { path: acme/plant/grid, attributes: { frequency: { value: 50, unit: /min } } }
`,
};

it('reads what formulas read, below the asset and elsewhere, in the units that they want', async () => {
  const { model, defects } = await loadAssetModel(new Map(Object.entries(MODEL)));
  expect(defects).toEqual([]);
  const times = Float64Array.of(1, 2);
  const tags = [
    storedTag(0, { path: 'acme/plant/train-1/flow', unit: 'm3/s' }),
    storedTag(1, { path: 'acme/plant/train-1/driver/speed', unit: '/s' }),
  ];
  const asked: [string, string | undefined][] = [];
  const sources = {
    ...{ tags, lookup: new AssetLookup(model.assets) },
    queries: {
      at: async ({ tag, unit }: { tag: { path: string }; unit?: string | undefined }) => {
        asked.push([tag.path, unit]);
        return success({ values: numbers(times, Float64Array.of(10, 20)), finalUntil: 0 });
      },
    },
  };
  const train = sources.lookup.asset('acme/plant/train-1')!;
  const names = ['load', 'flow', 'lost', 'bare', 'maker', 'driver/speed', 'acme/plant/train-1/factor', 'no-such'];
  const read = await readTwinHistory(sources, train, names, times);
  if (!read.ok) throw new Error(read.fault.detail);
  const { attributes, derived } = read.value;
  expect(asked).toEqual([
    ['acme/plant/train-1/driver/speed', '/s'],
    ['acme/plant/train-1/flow', 'm3/h'],
  ]);
  expect(derived!.map(({ name, inputs }) => [name, inputs])).toEqual([
    ['speed', ['driver/speed']],
    ['load', ['speed', 'factor', 'acme/plant/grid/frequency']],
    ['acme/plant/train-1/factor', ['factor']],
  ]);
  expect([...attributes.get('speed')!.values]).toEqual([600, 1_200]);
  expect([...attributes.get('load')!.values]).toEqual([1_850, 3_650]);
  expect(attributes.get('maker')!.strings).toEqual(['Acme']);
  expect(statusName(attributes.get('lost')!.statuses[0])).toBe('BadNodeIdUnknown');
  expect(attributes.get('bare')!.statuses[1]).toBe(STATUS.BadConfigurationError);
  expect(attributes.has('no-such')).toBe(false);
});
