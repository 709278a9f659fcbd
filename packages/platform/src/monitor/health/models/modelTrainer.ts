/**
 * Learns models of watches from their history: the first by itself as soon as there is enough of it, each further one when
 * somebody asks.
 */

import type { CancelTimer, Clock } from '@tidegate/core/clock/clock.ts';
import { US_PER_DAY, US_PER_MS } from '@tidegate/core/clock/timestamp.ts';
import { type Fault, failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import type { EventSink } from '@tidegate/core/port/eventSink.ts';
import { ThreadRoom } from '../../../historian/query/threadRoom.ts';
import type { HealthWatch } from '../definition/healthWatch.ts';
import type { FeatureOrigin, FeatureReader } from '../features/featureReader.ts';
import type { FeatureTable } from '../features/featureTable.ts';
import { type ExcludedPeriods, type LearningRows, learningRows } from './learningRows.ts';
import type { LearnedModel, LearningTask } from './learnModel.ts';
import { profileSpecOf } from './learnModel.ts';
import type { ModelRegistry } from './modelRegistry.ts';
import type { ModelVersion } from './modelVersion.ts';
import type { OnnxModel } from './onnx/onnxModel.ts';
import { onnxNote, onnxScores } from './onnx/onnxScores.ts';
import { readyUntil, type WatchTags } from './watchTags.ts';

export interface ModelTrainerPorts {
  readonly registry: ModelRegistry;
  readonly reader: Pick<FeatureReader, 'rows' | 'origins'>;
  readonly tags: WatchTags;
  readonly excluded: ExcludedPeriods;
  /** When the equipment was put right last (µs): what is normal is learned from then on. */
  readonly repairedAt: (watch: string) => number | undefined;
  readonly clock: Clock;
  readonly events: EventSink;
}

export interface LearningRequest {
  /**
   * µs since 1970 UTC; by default `learnUs` of normal operation, none of it before the last repair: the first that there is for
   * the first model, so that all that came since is judged, and the last for each further one.
   */
  readonly start?: number | undefined;
  readonly end?: number | undefined;
  /** Only what was known then is learned from; what is known now where it is left out. */
  readonly knownAt?: number | undefined;
  /** A model that was learned elsewhere: all but its score is learned here, its threshold too. */
  readonly onnx?: OnnxModel | undefined;
  readonly by: string;
}

/** Learning that is under way, waits for more data, or came to nothing. */
export interface Learning {
  /** When it was begun, or looked at last (µs since 1970 UTC, as all times here). */
  readonly begun: number;
  readonly by: string;
  readonly start: number;
  readonly end: number;
  /** Normal operation that was found, and how much is needed. */
  readonly foundUs: number;
  readonly neededUs: number;
  readonly isUnderWay: boolean;
  /** Why there is no model of it; `undefined` as long as it is under way. */
  readonly refused: Fault | undefined;
}

/** Who learns the first model of a watch. */
const BY_ITSELF = 'Tidegate';
/** So many times the needed time is looked back for it, because equipment stands still as well; for the first model two years. */
const LOOK_BACK = 4;
const FIRST_LOOK_BACK_US = 730 * US_PER_DAY;
const TICK_MS = 60_000;
/** History may be brought in at any time. */
const LEAST_WAIT_MS = 300_000;
const MOST_WAIT_MS = 3_600_000;
const FAILED_WAIT_MS = 86_400_000;
/** It rests so many times as long as it took to look: months of vibrations are gone through in minutes. */
const LEAST_REST = 20;

export class ModelTrainer {
  readonly #ports: ModelTrainerPorts;
  readonly #room = new ThreadRoom<LearningTask, LearnedModel>({
    script: new URL('./learningThread.ts', import.meta.url),
    ...{ mostAtOnce: 1, timeLimitMs: 900_000, mostMemoryMb: 2_048 },
    ...{ busy: 'health.learning-busy', long: 'health.learning-long' },
  });
  readonly #learning = new Map<string, Learning>();
  /** By watch, when it is looked for enough data again (`Clock.elapsedMs`). */
  readonly #dueMs = new Map<string, number>();
  #watches: ReadonlyMap<string, HealthWatch> = new Map();
  /** Models are learned one after the other. */
  #turn: Promise<unknown> = Promise.resolve();
  #checking: Promise<void> | undefined;
  #cancelTick: CancelTimer = () => undefined;
  /** Aborts when the server is being stopped. */
  readonly #stop = new AbortController();

  constructor(ports: ModelTrainerPorts) {
    this.#ports = ports;
    this.#tickAfter(TICK_MS);
  }

  /** Learns the first models of these watches from now on. */
  use(watches: ReadonlyMap<string, HealthWatch>): void {
    for (const [id, watch] of this.#watches) {
      if (watches.get(id)?.featureVersion === watch.featureVersion) continue;
      this.#dueMs.delete(id);
      if (!this.#learning.get(id)?.isUnderWay) this.#learning.delete(id);
    }
    this.#watches = watches;
  }

  /** What goes on with a watch; `undefined` where nothing does, or what did has become a model. */
  learning(watch: string): Learning | undefined {
    return this.#learning.get(watch);
  }

  /**
   * A new model, when those that were asked for before have been learned. Faults: `health.learning-busy` where one of this
   * watch is under way, `health.too-little`, `health.bad-data`, `health.learning-long`, `health.learning-failed`, those of history and of the registry.
   */
  learn(watch: HealthWatch, request: LearningRequest): Promise<Result<ModelVersion>> {
    if (this.#learning.get(watch.id)?.isUnderWay) {
      return Promise.resolve(failure('health.learning-busy', `A model of ${watch.id} is being learned already.`));
    }
    const { start = Number.NaN, end = Number.NaN, by } = request;
    const now = this.#ports.clock.now();
    const begun = { begun: now, by, start, end, foundUs: 0, neededUs: watch.learnUs };
    this.#learning.set(watch.id, { ...begun, isUnderWay: true, refused: undefined });
    const learned = this.#turn.then(() => this.#learnNow(watch, request));
    this.#turn = learned.catch(() => undefined);
    return learned
      .catch((error: Error) => this.#crashed(watch, error))
      .then((model) => {
        if (model.ok) this.#learning.delete(watch.id);
        else this.#note(watch, { isUnderWay: false, refused: model.fault });
        return model;
      });
  }

  /** Looks now at the watches without a model whose turn it is; resolves when what is found has been learned. */
  check(): Promise<void> {
    this.#checking ??= this.#checkAll().finally(() => {
      this.#checking = undefined;
    });
    return this.#checking;
  }

  /** What is under way comes to nothing; it is learned again after the next start. */
  async close(): Promise<void> {
    this.#stop.abort();
    this.#room.close();
    this.#cancelTick();
    await this.#turn;
  }

  async #checkAll(): Promise<void> {
    const { clock } = this.#ports;
    for (const watch of this.#watches.values()) {
      if (this.#stop.signal.aborted || clock.elapsedMs() < (this.#dueMs.get(watch.id) ?? 0)) continue;
      if (this.#learning.get(watch.id)?.isUnderWay || !this.#isFirst(watch)) continue;
      const begunMs = clock.elapsedMs();
      await this.learn(watch, { by: BY_ITSELF });
      const restMs = LEAST_REST * (clock.elapsedMs() - begunMs);
      const { foundUs = 0, neededUs = 0 } = this.#learning.get(watch.id) ?? {};
      const missingMs = (neededUs - foundUs) / US_PER_MS;
      const waitMs = missingMs > 0 ? Math.min(MOST_WAIT_MS, Math.max(LEAST_WAIT_MS, missingMs / 4)) : FAILED_WAIT_MS;
      this.#dueMs.set(watch.id, clock.elapsedMs() + Math.max(waitMs, restMs));
    }
  }

  /** Learning runs in a thread: a bug in it ends the thread, and nothing else. */
  #crashed(watch: HealthWatch, { message }: Error): Result<never> {
    const { clock, events } = this.#ports;
    events({ at: clock.now(), kind: 'worker.crashed', source: watch.id, detail: `learning: ${message}` });
    return failure('health.learning-failed', message);
  }

  #tickAfter(ms: number): void {
    this.#cancelTick = this.#ports.clock.after(ms, () => {
      void this.check().then(() => this.#stop.signal.aborted || this.#tickAfter(TICK_MS));
    });
  }

  /** Whether there are features, and no model that was learned here, wherever it stands, or has a voice, has them as they are. */
  #isFirst({ id, featureVersion, features }: HealthWatch): boolean {
    if (features.length === 0) return false;
    const models = this.#ports.registry.list(id);
    if (!models.ok) return false;
    const counts = models.value.filter(({ card, state }) => !card.onnx || state === 'active');
    return counts.every(({ card }) => card.featureVersion !== featureVersion);
  }

  async #learnNow(watch: HealthWatch, request: LearningRequest): Promise<Result<ModelVersion>> {
    if (this.#stop.signal.aborted) return stopped();
    const { registry, clock, events } = this.#ports;
    const { knownAt, by, onnx } = request;
    const now = clock.now();
    const gathered = await this.#gather(watch, request, now);
    if (!gathered.ok) return gathered;
    if (this.#stop.signal.aborted) return stopped();
    const { table, start, end, excluded } = gathered.value;
    const spec = profileSpecOf(watch);
    const given = onnx && (await onnxScores(onnx, table));
    if (given && !given.ok) return given;
    const columns = [table.times, table.quality, ...table.columns].map(({ buffer }) => buffer as ArrayBuffer);
    const learned = await this.#room.answer({ table, spec, outside: given?.value }, columns);
    if (!learned.ok) return learned;
    const { profile, seen, backtest } = learned.value;
    const notes = onnx ? [onnxNote(onnx, by)] : [];
    const report = { ...learned.value.report, notes: [...notes, ...learned.value.report.notes] };
    const features = watch.features.map(({ name }) => name);
    const { featureVersion } = watch;
    const period = { start, end, knownAt: knownAt ?? now, excluded };
    const card = { featureVersion, features, ...period, report, backtest, onnx: onnx?.origin };
    const added = registry.add({ watch: watch.id, by, learnedAt: clock.now(), card, profile, seen, onnx });
    if (added.ok) {
      const what = onnx ? `, ${onnx.origin.file}, has its threshold` : ' was learned';
      const detail = `model ${added.value.number}${what} from ${report.rows} rows; it is ${added.value.state}`;
      events({ at: clock.now(), kind: 'health.model-learned', source: watch.id, detail });
    }
    return added;
  }

  async #gather(
    watch: HealthWatch,
    { start, end, knownAt }: LearningRequest,
    now: number,
  ): Promise<Result<LearningRows>> {
    const { reader, tags, repairedAt } = this.#ports;
    const isAsked = start !== undefined;
    const origins = isAsked ? success([]) : await reader.origins(watch, { start: now, end: now + 1 });
    if (!origins.ok) return origins;
    const lack = lackSentence(origins.value);
    if (lack !== undefined) return failure('health.too-little', lack);
    const [horizon] = tags.horizons([watch]);
    const until = wholeIntervals(end ?? Math.min(readyUntil(horizon, now), knownAt ?? now), watch);
    if (!Number.isFinite(until)) return failure('health.too-little', 'None of its tags has a sample yet.');
    const which = this.#isFirst(watch) ? 'first' : 'last';
    const lookBack = until - (which === 'first' ? FIRST_LOOK_BACK_US : LOOK_BACK * watch.learnUs);
    const earliest = wholeIntervals(start ?? Math.max(lookBack, repairedAt(watch.id) ?? lookBack), watch);
    const neededUs = isAsked ? Number.POSITIVE_INFINITY : watch.learnUs;
    this.#note(watch, { start: earliest, end: until });
    const question = { earliest, end: until, neededUs, which, knownAt, signal: this.#stop.signal } as const;
    const rows = await learningRows(this.#ports, watch, question, (foundUs) => this.#note(watch, { foundUs }));
    if (!rows.ok || isAsked || rows.value.foundUs >= watch.learnUs) return rows;
    const days = [rows.value.foundUs, watch.learnUs].map((us) => Number((us / US_PER_DAY).toPrecision(3)));
    const why = emptySentence(watch, rows.value.table);
    return failure('health.too-little', `${days[0]} of ${days[1]} days of normal operation are there.${why}`);
  }

  #note(watch: HealthWatch, news: Partial<Learning>): void {
    const known = this.#learning.get(watch.id);
    if (known) this.#learning.set(watch.id, { ...known, ...news });
  }
}

function stopped() {
  return failure('health.learning-busy', 'The server is being stopped.');
}

function wholeIntervals(time: number, { intervalUs }: HealthWatch): number {
  return Math.floor(time / intervalUs) * intervalUs;
}

/** " There is no value of rms (The samples do not lie at even steps of time)."; empty where no feature lacks all of its values. */
function emptySentence({ features }: HealthWatch, { columns, lacks = [] }: FeatureTable): string {
  const empty = features.flatMap(({ name }, at) => {
    if (columns[at].length === 0 || columns[at].some(Number.isFinite)) return [];
    return lacks[at] === undefined ? name : `${name} (${lacks[at].replace(/\.$/, '')})`;
  });
  return empty.length > 0 ? ` There is no value of ${empty.join(', ')}.` : '';
}

/** "contact-resistance: there is no tag acme/joint."; `undefined` where nothing is lacking. */
export function lackSentence(origins: readonly FeatureOrigin[]): string | undefined {
  const said = origins.flatMap(({ feature, lacks }) => lacks.map((lack) => `${feature ?? 'the condition'}: ${lack}`));
  return said.length > 0 ? `${[...new Set(said)].join('; ')}.` : undefined;
}
