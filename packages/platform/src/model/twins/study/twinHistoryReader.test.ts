import { ManualClock } from '@tidegate/core/clock/manualClock.ts';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { STATUS, statusName } from '@tidegate/core/sample/statusCode.ts';
import { expect, it, onTestFinished } from 'vitest';
import { historiansOf } from '../../../historian/query/testbed/historians.ts';
import { runOf } from '../../../historian/query/testbed/sampleRuns.ts';
import { openModelPlant } from '../../assets/testbed/modelPlant.ts';
import { AttributeReader } from '../history/attributeReader.ts';
import { readTwinHistory } from './twinHistoryReader.ts';

const { makeDirectory, openHistorian } = historiansOf(onTestFinished);
const S = 1_000_000;
const START = 1_700_000_000 * S;

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
  const clock = new ManualClock((START + 10 * S) as Timestamp);
  const historian = await openHistorian(await makeDirectory(), { clock });
  const plant = await openModelPlant(MODEL, { clock });
  onTestFinished(() => plant.stop());
  const series = (path: string, unit: string, value: number) => {
    const run = runOf([0, 1, 2].map((second) => [START + second * S, value * second]));
    return { path, unit, type: 'number' as const, stepped: true, description: '', run };
  };
  const flow = series('acme/plant/train-1/flow', 'm3/s', 1);
  const speed = series('acme/plant/train-1/driver/speed', '/s', 10);
  expect(await historian.importSamples([flow, speed], 'test')).toMatchObject({ ok: true });
  const { lookup } = plant.store.current()!;
  const train = lookup.asset('acme/plant/train-1')!;
  const names = ['load', 'flow', 'lost', 'bare', 'maker', 'driver/speed', 'acme/plant/train-1/factor', 'no-such'];
  const times = Float64Array.of(START + S, START + 2 * S);
  const reader = new AttributeReader({ historian, store: plant.store });
  const read = await readTwinHistory({ reader, lookup }, train, names, times);
  if (!read.ok) throw new Error(read.fault.detail);
  const { attributes, derived } = read.value;
  expect(derived!.map(({ name, inputs }) => [name, inputs])).toEqual([
    ['speed', ['driver/speed']],
    ['load', ['speed', 'factor', 'acme/plant/grid/frequency']],
    ['acme/plant/train-1/factor', ['factor']],
  ]);
  expect([...attributes.get('flow')!.values]).toEqual([3_600, 7_200]);
  expect([...attributes.get('speed')!.values]).toEqual([600, 1_200]);
  expect([...attributes.get('load')!.values]).toEqual([1_850, 3_650]);
  expect(attributes.get('maker')!.strings).toEqual(['Acme']);
  expect(statusName(attributes.get('lost')!.statuses[0])).toBe('BadNodeIdUnknown');
  expect(attributes.get('bare')!.statuses[1]).toBe(STATUS.BadConfigurationError);
  expect(attributes.has('no-such')).toBe(false);
});

it('has nothing at times at which no version of the model held', async () => {
  const clock = new ManualClock((START + 10 * S) as Timestamp);
  const historian = await openHistorian(await makeDirectory(), { clock });
  const plant = await openModelPlant(undefined, { clock });
  onTestFinished(() => plant.stop());
  const texts = new Map(Object.entries(MODEL));
  const effective = (START + 2 * S) as Timestamp;
  expect(await plant.store.apply({ texts, by: 'ada', comment: 'first', effective })).toMatchObject({ ok: true });
  const { lookup } = plant.store.current()!;
  const reader = new AttributeReader({ historian, store: plant.store });
  const times = Float64Array.of(START, START + S, START + 2 * S, START + 3 * S);
  const read = await readTwinHistory({ reader, lookup }, lookup.asset('acme/plant/train-1')!, ['factor'], times);
  expect(read.ok && [...read.value.attributes.get('factor')!.values]).toEqual([0, 0, 3, 3]);
  expect(read.ok && statusName(read.value.attributes.get('factor')!.statuses[1])).toBe('BadNoData');
});
