import { ManualClock } from '@tidegate/core/clock/manualClock.ts';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { success } from '@tidegate/core/fault/fault.ts';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { calculate, eventTimes } from '../../historian/query/expression/calculate.ts';
import { runOf, type SampleRow } from '../../historian/query/testbed/sampleRuns.ts';
import { loadAssetModel } from '../../model/assets/loadAssetModel.ts';
import { type AttributeHistory, FrameDeriver } from './frameDeriver.ts';
import { FrameStore } from './frameStore.ts';
import { loadFrames } from './loadFrames.ts';

const S = 1_000_000;
const START = 1_700_000_000 * S;
const TEXTS = new Map([
  [
    'types/t.yaml',
    'types:\n  - { type: train, version: 1, attributes: { state: { value: 0 }, power: { value: 0, unit: kW } } }',
  ],
  ['assets/a.yaml', 'assets:\n  - { path: acme, level: site }\n  - { path: acme/train-1, type: train }'],
  [
    'frames/f.yaml',
    `
frames:
  - { name: campaign, kind: other, type: train, while: "'state' > 0" }
  - name: run
    kind: run
    type: train
    while: "'state' == 2"
    least: 5s
    bridge: 3s
    within: campaign
    figures:
      mean power: { attribute: power, capture: average }
      power at start: { attribute: power, capture: start }
`,
  ],
]);
const { model } = await loadAssetModel(TEXTS);
const { templates, defects } = loadFrames(TEXTS, model);

/** Two attributes of one asset, in memory, whose samples may come in any order. */
class Samples implements AttributeHistory {
  readonly rows: Record<string, SampleRow[]> = { state: [], power: [] };
  readonly #listeners = new Set<{ attributes: readonly string[]; listener: (from: number) => void }>();

  add(attribute: 'state' | 'power', second: number, value: number): void {
    this.rows[attribute].push([START + second * S, value]);
    this.rows[attribute].sort((a, b) => a[0] - b[0]);
    for (const { attributes, listener } of this.#listeners) {
      if (attributes.includes(attribute)) listener(START + second * S);
    }
  }

  calculate: AttributeHistory['calculate'] = async (_asset, expression, start, end) => {
    const inputs = expression.tags.map((name) => ({ run: runOf(this.rows[name]), stepped: true }));
    const changes = eventTimes(inputs, start, end);
    const times = changes[0] === start ? changes : Float64Array.of(start, ...changes);
    return success(calculate(expression, inputs, times));
  };

  attribute: AttributeHistory['attribute'] = async (_asset, name, start, end) => {
    const first = this.rows[name].findLastIndex(([time]) => time <= start);
    return success(runOf(this.rows[name].filter(([time], at) => at >= first && time < end)));
  };

  watch: AttributeHistory['watch'] = (_asset, attributes, listener) => {
    const watcher = { attributes, listener };
    this.#listeners.add(watcher);
    return () => this.#listeners.delete(watcher);
  };
}

class Site {
  readonly samples = new Samples();
  readonly clock = new ManualClock(START as Timestamp);
  readonly store: FrameStore;
  readonly deriver: FrameDeriver;

  constructor() {
    const opened = FrameStore.open(':memory:');
    if (!opened.ok) throw new Error(opened.fault.detail);
    this.store = opened.value;
    const { store, clock, samples } = this;
    this.deriver = new FrameDeriver({ store, history: samples, clock, events: () => undefined });
    this.deriver.use(model, templates);
  }

  async at(second: number): Promise<void> {
    const ms = second * 1_000 - (this.clock.now() - START) / 1_000;
    if (ms > 0) await this.clock.advance(ms);
    expect(await this.deriver.settle()).toMatchObject({ ok: true });
  }

  frames(template: string) {
    const listed = this.store.list({ start: 0, end: Number.POSITIVE_INFINITY, templates: [template], limit: 100 });
    return listed.ok ? listed.value : [];
  }

  /** `start-end` in seconds. */
  spans(template = 'run'): string[] {
    const second = (time: number | undefined) => (time === undefined ? '' : (time - START) / S);
    return this.frames(template).map(({ start, end }) => `${second(start)}-${second(end)}`);
  }
}

it('the templates are sound', () => expect(defects).toEqual([]));

it('a run begins, goes on, and ends, within its campaign and with its figures', async () => {
  const site = new Site();
  for (const [second, power] of [
    [0, 0],
    [10, 100],
    [20, 200],
    [30, 0],
  ] as const)
    site.samples.add('power', second, power);
  site.samples.add('state', 0, 0);
  site.samples.add('state', 8, 1);
  site.samples.add('state', 10, 2);
  await site.at(12);
  expect(site.spans()).toEqual([]);
  site.samples.add('state', 14, 2);
  await site.at(16);
  expect(site.spans()).toEqual(['10-']);
  site.samples.add('state', 30, 0);
  await site.at(40);
  expect([site.spans('campaign'), site.spans()]).toEqual([['8-30'], ['10-30']]);
  expect(site.frames('run')[0]).toMatchObject({
    parent: site.frames('campaign')[0].id,
    figures: { 'mean power': 150, 'power at start': 100 },
  });
  site.deriver.close();
});

it('late data moves an edge, and what was written about the frame stays with it', async () => {
  const site = new Site();
  site.samples.add('state', 0, 0);
  site.samples.add('state', 20, 2);
  site.samples.add('state', 40, 0);
  await site.at(50);
  const [{ id }] = site.frames('run');
  site.store.annotate(id, 'mira', 'new oil', site.clock.now());
  site.samples.add('state', 12, 2);
  await site.at(52);
  expect(site.spans()).toEqual(['12-40']);
  expect(site.store.notes(id)).toMatchObject({ value: [{ text: 'new oil', by: 'mira' }] });
  expect(site.frames('run')[0].id).toBe(id);
  site.deriver.close();
});

it('a frame that late data takes away is no more, but for its notes', async () => {
  const site = new Site();
  site.samples.add('state', 0, 0);
  site.samples.add('state', 20, 2);
  site.samples.add('state', 30, 0);
  await site.at(50);
  const [{ id }] = site.frames('run');
  site.store.annotate(id, 'mira', 'which run?', site.clock.now());
  for (const second of [21, 23, 25, 27, 29]) site.samples.add('state', second, 1);
  await site.at(52);
  expect(site.spans()).toEqual([]);
  expect(site.store.get(id)).toMatchObject({ value: { gone: true } });
  site.deriver.close();
});

it('in whatever order samples come, the frames are those of one derivation', async () => {
  const sample = fc.tuple(fc.integer({ min: 0, max: 90 }), fc.constantFrom(0, 1, 2, 2));
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(sample, { selector: ([second]) => second, maxLength: 25 }),
      fc.infiniteStream(fc.boolean()),
      async (samples, settles) => {
        const [piecemeal, atOnce] = [new Site(), new Site()];
        await piecemeal.at(100);
        await atOnce.at(100);
        for (const [second, state] of samples) {
          piecemeal.samples.add('state', second, state);
          if (settles.next().value) await piecemeal.deriver.settle();
        }
        for (const [second, state] of samples) atOnce.samples.add('state', second, state);
        await piecemeal.at(101);
        await atOnce.at(101);
        expect(piecemeal.spans()).toEqual(atOnce.spans());
        expect(piecemeal.spans('campaign')).toEqual(atOnce.spans('campaign'));
        piecemeal.deriver.close();
        atOnce.deriver.close();
      },
    ),
    { numRuns: 150 },
  );
});
