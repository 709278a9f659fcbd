/** Two pumps with a historian, a model of the plant, and all that judges their health; it can be stopped and started again. */

import { join } from 'node:path';
import { ManualClock } from '@tidegate/core/clock/manualClock.ts';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import type { PlantEvent } from '@tidegate/core/port/eventSink.ts';
import type { SampleRun } from '../../../../historian/archive/sampleRun.ts';
import { Historian } from '../../../../historian/query/historian.ts';
import { mustSucceed } from '../../../../historian/query/testbed/historians.ts';
import { runOf, type SampleRow } from '../../../../historian/query/testbed/sampleRuns.ts';
import { ModelStore } from '../../../../model/assets/modelStore.ts';
import type { HealthWatch } from '../../definition/healthWatch.ts';
import { loadHealth } from '../../definition/loadHealth.ts';
import { FeatureReader } from '../../features/featureReader.ts';
import type { ExcludedPeriods } from '../../models/learningRows.ts';
import { ModelRegistry } from '../../models/modelRegistry.ts';
import { ModelTrainer } from '../../models/modelTrainer.ts';
import type { OnnxRoom } from '../../models/onnx/onnxRoom.ts';
import { WatchTags } from '../../models/watchTags.ts';
import { HealthScorer } from '../healthScorer.ts';
import type { WatchStanding } from '../watchStanding.ts';

export const MINUTE = 60_000_000;
export const DAY = 1_440 * MINUTE;
/** Midnight of 2026-01-01. */
export const START = 1_767_225_600_000_000;
export const EVERY = 10 * MINUTE;
export const PUMP = 'P1/seal';

export const FILES: Readonly<Record<string, string>> = {
  'types/pump.yaml': `
types:
  - type: pump
    version: 1
    attributes: { flow: { unit: m3/h }, leak: { unit: L/h }, heat: { unit: Cel } }
`,
  'assets/acme.yaml': `
assets:
  - { path: acme, level: site }
  - { path: acme/p1, id: P1, type: pump, attributes: { flow: { tag: acme/p1/flow }, leak: { tag: acme/p1/leak }, heat: { tag: acme/p1/heat } } }
  - { path: acme/p2, id: P2, type: pump, attributes: { flow: { tag: acme/p2/flow }, leak: { tag: acme/p2/leak }, heat: { tag: acme/p2/heat } } }
`,
  'health/pump.yaml': `
health:
  - asset: acme/p1
    name: seal
    learn: 4d
    features:
      flow: { attribute: flow }
      leak: { attribute: leak, negligible: 0.5 }
    fatigue:
      shaft: { attribute: heat, part: the shaft, cause: thermal cycling, curve: { kneeRange: 10, kneeCycles: 1000, slope: 3 } }
`,
};

/** A second watch beside the first, whose tags may or may not be there. */
export const SECOND = `${FILES['health/pump.yaml']}
  - { asset: acme/p2, name: seal, learn: 4d, features: { flow: { attribute: flow }, leak: { attribute: leak } } }
`;

/** What is told to whoever opens a plant. */
export interface HealthPlantOptions {
  readonly files?: Readonly<Record<string, string>>;
  readonly excluded?: ExcludedPeriods;
  readonly repairedAt?: (watch: string) => number | undefined;
  readonly clock?: ManualClock;
  readonly room?: OnnxRoom;
}

/** The same for the same numbers, about 0 with a deviation of 1. */
export function noise(seed: number): number {
  let sum = 0;
  for (let part = 1; part <= 6; part++) {
    const hashed = Math.sin(seed * 12.9898 + part * 78.233) * 43_758.5453;
    sum += hashed - Math.floor(hashed);
  }
  return (sum - 3) * Math.SQRT2;
}

/** A sample for each interval from day to day, in its middle. */
export function samples(from: number, to: number, valueAt: (interval: number) => number): SampleRow[] {
  const [first, last] = [from, to].map((day) => Math.round((day * DAY) / EVERY));
  return Array.from({ length: last - first }, (_, at): SampleRow => {
    return [START + (first + at) * EVERY, valueAt(first + at)];
  });
}

export class HealthPlant {
  readonly clock: ManualClock;
  readonly events: PlantEvent[] = [];
  readonly told: WatchStanding[] = [];
  readonly historian: Historian;
  readonly store: ModelStore;
  readonly registry: ModelRegistry;
  readonly tags: WatchTags;
  readonly reader: FeatureReader;
  readonly trainer: ModelTrainer;
  readonly scorer: HealthScorer;
  #watches: ReadonlyMap<string, HealthWatch> = new Map();

  private constructor(
    directory: string,
    historian: Historian,
    store: ModelStore,
    { clock = new ManualClock(START as Timestamp), ...options }: HealthPlantOptions,
  ) {
    this.clock = clock;
    this.historian = historian;
    this.store = store;
    const { excluded = () => [], repairedAt = () => undefined, room } = options;
    const events = (event: PlantEvent) => void this.events.push(event);
    this.registry = mustSucceed(ModelRegistry.open(join(directory, 'health-models.sqlite')));
    this.tags = new WatchTags({ historian, store, clock });
    this.reader = new FeatureReader({ historian, store });
    const parts = { historian, store, tags: this.tags, reader: this.reader, registry: this.registry, clock, events };
    this.trainer = new ModelTrainer({ ...parts, excluded, repairedAt });
    const path = join(directory, 'health-scoring.sqlite');
    this.scorer = mustSucceed(
      HealthScorer.open({ ...parts, path, trainer: this.trainer, repairedAt, ...(room && { room }) }),
    );
    this.scorer.subscribe((standing) => void this.told.push(standing));
  }

  static async open(directory: string, options: HealthPlantOptions = {}): Promise<HealthPlant> {
    const clock = options.clock ?? new ManualClock(START as Timestamp);
    const events = () => undefined;
    const historian = mustSucceed(await Historian.open({ directory: join(directory, 'history'), clock, events }));
    const store = mustSucceed(await ModelStore.open({ directory, clock }));
    const plant = new HealthPlant(directory, historian, store, { ...options, clock });
    if (!store.current()) await plant.apply(options.files ?? FILES);
    plant.#use();
    return plant;
  }

  /** The model of the plant becomes this one. */
  async apply(files: Readonly<Record<string, string>>): Promise<void> {
    const texts = new Map(Object.entries(files));
    const applied = await this.store.apply({
      texts,
      by: 'test',
      comment: '',
      acceptBreaking: true,
      acceptDefects: true,
    });
    if (!applied.ok) throw new Error(JSON.stringify(applied));
    this.#use();
  }

  watch(id = PUMP): HealthWatch {
    const watch = this.#watches.get(id);
    if (!watch) throw new Error(`no watch ${id}`);
    return watch;
  }

  /** Samples of tags by path, as they come from elsewhere. */
  async add(rows: Readonly<Record<string, readonly SampleRow[]>>, units: Readonly<Record<string, string>> = UNITS) {
    const series = Object.entries(rows).map(([path, list]) => {
      const unit = units[path.slice(path.lastIndexOf('/') + 1)] ?? '';
      return { path, unit, type: 'number' as const, stepped: true, description: '', run: runOf(list) };
    });
    mustSucceed(await this.historian.importSamples(series, 'test'));
  }

  /** Sound operation of a pump from day to day; `leak` is added to its own. */
  async operate(from: number, to: number, leak: (day: number) => number = () => 0, pump = 'p1'): Promise<void> {
    const seed = pump === 'p1' ? 0 : 500_000;
    await this.add({
      [`acme/${pump}/flow`]: samples(from, to, (at) => 100 + noise(seed + at)),
      [`acme/${pump}/leak`]: samples(from, to, (at) => 5 + noise(seed + 1e6 + at) + leak((at * EVERY) / DAY)),
      [`acme/${pump}/heat`]: samples(from, to, (at) => 50 + 10 * Math.sin((2 * Math.PI * at) / 144)),
    });
  }

  /** It is so many days after the start; timers do not notice. */
  at(day: number): void {
    this.clock.setWallClock((START + day * DAY) as Timestamp);
  }

  state(id = PUMP) {
    const standing = this.scorer.standing(id);
    if (!standing) throw new Error(`no watch ${id}`);
    return standing;
  }

  /** The samples of a tag below `health/seal/` of the first pump. */
  async scores(name: string, path = 'acme/p1/health/seal'): Promise<SampleRun> {
    const tag = this.historian.tags().find((one) => one.path === `${path}/${name}`);
    if (!tag) throw new Error(`no tag ${path}/${name}`);
    return this.historian.raw(tag.index, 0 as Timestamp, Number.MAX_SAFE_INTEGER as Timestamp, 1e6);
  }

  async close(): Promise<void> {
    await this.scorer.close();
    await this.trainer.close();
    this.registry.close();
    this.store.close();
    await this.historian.close();
  }

  #use(): void {
    const applied = this.store.current();
    if (!applied) return;
    const { watches, defects } = loadHealth(applied.texts, applied.model);
    if (defects.length > 0) throw new Error(JSON.stringify(defects));
    this.#watches = watches;
    this.trainer.use(watches);
    this.scorer.use(watches);
  }
}

const UNITS: Readonly<Record<string, string>> = { flow: 'm3/h', leak: 'L/h', heat: 'Cel' };
