/** Fifteen engines in a real historian, one flight a day, each run to its failure; the first have failed, the others fly. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { ManualClock } from '@tidegate/core/clock/manualClock.ts';
import { formatTimestamp, type Timestamp } from '@tidegate/core/clock/timestamp.ts';
import type { PlantEvent } from '@tidegate/core/port/eventSink.ts';
import { STATUS } from '@tidegate/core/sample/statusCode.ts';
import { Historian } from '../../../../historian/query/historian.ts';
import { mustSucceed } from '../../../../historian/query/testbed/historians.ts';
import { runOf, type SampleRow } from '../../../../historian/query/testbed/sampleRuns.ts';
import type { AssetId } from '../../../../model/assets/assetModel.ts';
import { ModelStore } from '../../../../model/assets/modelStore.ts';
import { loadHealth } from '../../definition/loadHealth.ts';
import { FeatureReader } from '../../features/featureReader.ts';
import { WatchTags } from '../../models/watchTags.ts';
import { FleetLives } from '../fleetLives.ts';
import type { LifeFinding } from '../lifeUnits.ts';

export const DAY = 86_400e6;
/** Midnight of 2025-01-01. */
export const START = 1_735_689_600_000_000;
export const TODAY = 400;
/** Nothing is known of the flights before. */
export const FIRST_DAY = 240;
const ENGINES = 15;
export const FAILED = 11;
/** What the others have left today. */
const LEFT = [15, 35, 50, 8];
const SENSORS = ['s4', 's11'];

/** One engine: its flights by day, from `start`; `end` is the day of its failure, whether that has come or not. */
export interface Engine {
  readonly number: number;
  readonly path: string;
  readonly asset: AssetId;
  readonly start: number;
  readonly end: number;
  /** By flight, what each sensor showed. */
  readonly flights: readonly (readonly number[])[];
}

function readEngines(): readonly Engine[] {
  const file = join(import.meta.dirname, '../vectors/engines.csv.gz');
  const [, ...lines] = gunzipSync(readFileSync(file)).toString('utf8').trim().split('\n');
  const rows = lines.map((line) => line.split(',').map(Number));
  return Array.from({ length: ENGINES }, (_, at): Engine => {
    const number = at + 1;
    const flights = rows.filter(([unit]) => unit === number).map(([, , ...shown]) => shown);
    const end = number <= FAILED ? 300 + 5 * number : TODAY + LEFT[number - FAILED - 1];
    return {
      number,
      path: `acme/e${number}`,
      asset: `E${number}` as AssetId,
      start: end - flights.length,
      end,
      flights,
    };
  });
}
export const ENGINE_FLEET = readEngines();

const TYPES = `
types:
  - { type: engine, version: 1, attributes: { ${SENSORS.map((name) => `${name}: { tag: "{path}/${name}" }`).join(', ')} } }
`;
const ASSETS = `assets:\n  - { path: acme, level: site }\n${ENGINE_FLEET.map(({ number, path }) => `  - { path: ${path}, id: E${number}, type: engine }\n`).join('')}`;
const WATCH = `health:
  - type: engine
    name: gas-path
    every: 1d
    learn: 100d
    features: { ${SENSORS.map((name) => `${name}: { attribute: ${name} }`).join(', ')} }
    failures: { wear: { signs: { s4: up }, says: the compressor wears, severity: major, consequence: none, action: wash } }
`;

/** When each engine was put in and, where that has come, when it failed. */
export function recordsOf(engines: readonly Engine[]): string {
  return engines
    .map(
      ({ path, start, end }) =>
        `{ asset: ${path}, from: ${dayText(start)}${end <= TODAY ? `, to: ${dayText(end)}, ended: failure` : ''} }`,
    )
    .join(', ');
}

export function livesText(records: string, horizon = '60d'): string {
  return `lives: [{ name: compressor, type: engine, watch: gas-path, failure: wear, horizon: ${horizon}, records: [${records}] }]\n`;
}

function dayText(day: number): string {
  return formatTimestamp((START + day * DAY) as Timestamp).slice(0, 10);
}

export class EnginePlant {
  readonly clock = new ManualClock((START + TODAY * DAY) as Timestamp);
  readonly events: PlantEvent[] = [];
  /** By watch. */
  readonly findings = new Map<string, readonly LifeFinding[]>();
  readonly historian: Historian;
  readonly lives: FleetLives;
  readonly #store: ModelStore;

  private constructor(directory: string, historian: Historian, store: ModelStore) {
    this.historian = historian;
    this.#store = store;
    const { clock } = this;
    this.lives = mustSucceed(
      FleetLives.open({
        ...{ path: join(directory, 'health-lives.sqlite'), historian, clock },
        ...{ reader: new FeatureReader({ historian, store }), tags: new WatchTags({ historian, store, clock }) },
        findings: (watch) => this.findings.get(watch) ?? [],
        events: (event) => void this.events.push(event),
      }),
    );
  }

  static async open(directory: string, lives?: string): Promise<EnginePlant> {
    const clock = new ManualClock((START + TODAY * DAY) as Timestamp);
    const events = () => undefined;
    const historian = mustSucceed(await Historian.open({ directory: join(directory, 'history'), clock, events }));
    const store = mustSucceed(await ModelStore.open({ directory, clock }));
    const plant = new EnginePlant(directory, historian, store);
    if (lives !== undefined) await plant.apply(lives);
    else plant.#use();
    return plant;
  }

  /** The lives of the model become these. */
  async apply(lives: string): Promise<void> {
    const files = { 'types/t.yaml': TYPES, 'assets/a.yaml': ASSETS, 'health/w.yaml': WATCH, 'health/l.yaml': lives };
    const order = {
      texts: new Map(Object.entries(files)),
      by: 'test',
      comment: '',
      acceptBreaking: true,
      acceptDefects: true,
    };
    const applied = await this.#store.apply(order);
    if (!applied.ok) throw new Error(JSON.stringify(applied));
    this.#use();
  }

  /** The flights of `from <= day < to`; on the day of its failure an engine is taken out of service. */
  async fly(from: number, to: number): Promise<void> {
    const series = ENGINE_FLEET.flatMap(({ path, start, end, flights }) =>
      SENSORS.map((name, sensor) => {
        const rows: SampleRow[] = [];
        for (let day = Math.max(from, start); day < Math.min(to, end); day++) {
          rows.push([START + day * DAY, flights[day - start][sensor]]);
        }
        if (end >= from && end < to) rows.push([START + end * DAY, null, STATUS.BadOutOfService]);
        return {
          path: `${path}/${name}`,
          unit: '',
          type: 'number' as const,
          stepped: true,
          description: '',
          run: runOf(rows),
        };
      }),
    );
    mustSucceed(
      await this.historian.importSamples(
        series.filter(({ run }) => run.times.length > 0),
        'test',
      ),
    );
  }

  /** It is so many days after the start, and an hour later for those who wait. */
  async at(day: number): Promise<void> {
    this.clock.setWallClock((START + day * DAY) as Timestamp);
    await this.clock.advance(3_600_000);
    this.clock.setWallClock((START + day * DAY) as Timestamp);
  }

  /** The samples of a tag: time in days, value, whether it is good. */
  async samples(path: string): Promise<readonly (readonly [day: number, value: number | undefined])[]> {
    const tag = this.historian.tags().find((one) => one.path === path);
    if (!tag) throw new Error(`no tag ${path}`);
    const run = await this.historian.raw(tag.index, 0 as Timestamp, Number.MAX_SAFE_INTEGER as Timestamp, 1_000);
    return [...run.times].map((time, row) => [
      (time - START) / DAY,
      run.statuses[row] < STATUS.Uncertain ? run.values[row] : undefined,
    ]);
  }

  async close(): Promise<void> {
    await this.lives.close();
    this.#store.close();
    await this.historian.close();
  }

  #use(): void {
    const applied = this.#store.current();
    if (!applied) return;
    const { watches, lives, defects } = loadHealth(applied.texts, applied.model);
    if (defects.length > 0) throw new Error(JSON.stringify(defects));
    this.lives.use(lives, watches);
  }
}
