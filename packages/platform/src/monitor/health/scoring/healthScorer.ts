/**
 * Judges all equipment that is watched, as its data come: rows as soon as they are whole, each once, a piece at a time, so that
 * a server that was away for days catches up without live values waiting for it.
 */

import { setImmediate as nextTurn } from 'node:timers/promises';
import type { CancelTimer, Clock } from '@tidegate/core/clock/clock.ts';
import type { Fault } from '@tidegate/core/fault/fault.ts';
import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import type { EventKind, EventSink } from '@tidegate/core/port/eventSink.ts';
import type { Historian } from '../../../historian/query/historian.ts';
import type { ModelStore } from '../../../model/assets/modelStore.ts';
import type { FatigueDefinition, HealthWatch } from '../definition/healthWatch.ts';
import type { FeatureReader } from '../features/featureReader.ts';
import type { ModelRegistry } from '../models/modelRegistry.ts';
import type { ModelTrainer } from '../models/modelTrainer.ts';
import { OnnxRoom } from '../models/onnx/onnxRoom.ts';
import { readyUntil, toldTime, type WatchHorizon, type WatchTags } from '../models/watchTags.ts';
import { LateSamples } from './lateSamples.ts';
import type { ModelHealth } from './recentRows.ts';
import { scorePaths } from './scorePaths.ts';
import { ScoreWriter } from './scoreWriter.ts';
import { type ScoringParts, ScoringStore } from './scoringStore.ts';
import type { ShadowComparison } from './shadowComparison.ts';
import { WatchScorer, type WatchScorerPorts } from './watchScorer.ts';
import type { StandingListener } from './watchStanding.ts';
import { type ScoringStanding, scoringStanding } from './watchState.ts';

export interface HealthScorerOptions {
  /** Where it is kept how far scoring is: `health-scoring.sqlite`. */
  readonly path: string;
  readonly historian: Pick<
    Historian,
    'importSamples' | 'raw' | 'tags' | 'tagRevision' | 'latest' | 'subscribe' | 'onEdit'
  >;
  readonly store: Pick<ModelStore, 'current'>;
  readonly reader: Pick<FeatureReader, 'rows' | 'origins' | 'load'>;
  readonly tags: WatchTags;
  readonly registry: ModelRegistry;
  readonly trainer: Pick<ModelTrainer, 'learning'>;
  /** When the equipment was put right last (µs): fatigue is counted from then on. */
  readonly repairedAt: (watch: string) => number | undefined;
  /** Where models judge that were learned elsewhere. */
  readonly room?: OnnxRoom;
  readonly clock: Clock;
  readonly events: EventSink;
}

/** A watch with what is known of it from the last look. */
interface Scoring {
  scorer: WatchScorer;
  horizon: WatchHorizon | undefined;
  ready: number;
  behindSince: number | undefined;
  /** Since when the clock is far behind what was judged (`Clock.elapsedMs`); `undefined` where it is not. */
  aheadSinceMs: number | undefined;
  /** After a failure it is not tried again before (`Clock.elapsedMs`). */
  restUntilMs: number;
  /** The fault that was told last. */
  told: string | undefined;
}

const TICK_MS = 5_000;
/** Scoring takes at most a fifth of the time. */
const REST_PER_WORK = 4;
const LEAST_REST_MS = 20;
const RETRY_MS = 60_000;
/** A clock may be put right in this time. */
const CLOCK_PATIENCE_MS = 3_600_000;
/** So many watches, or scores, are written and saved together. */
const WATCHES_AT_ONCE = 20;
const SCORES_AT_ONCE = 5_000;

export class HealthScorer {
  readonly #options: HealthScorerOptions;
  readonly #state: ScoringStore;
  readonly #writer: ScoreWriter;
  readonly #late: LateSamples;
  readonly #room: OnnxRoom;
  readonly #ports: WatchScorerPorts;
  readonly #listeners = new Set<StandingListener>();
  #scorings: ReadonlyMap<string, Scoring> = new Map();
  #wanted: ReadonlyMap<string, HealthWatch> = new Map();
  /** What late samples are looked for with. */
  #tagRevision = Number.NaN;
  /** Rounds follow each other. */
  #turn: Promise<unknown> = Promise.resolve();
  #cancelTick: CancelTimer = () => undefined;
  #isClosed = false;

  private constructor(options: HealthScorerOptions, state: ScoringStore) {
    this.#options = options;
    this.#state = state;
    this.#writer = new ScoreWriter(options.historian);
    this.#late = new LateSamples(options.historian);
    const { registry, reader, historian, tags, repairedAt, room = new OnnxRoom() } = options;
    this.#room = room;
    this.#ports = {
      ...{ registry, reader, historian, tags, repairedAt, room },
      uncertaintyOf: (watch, fatigue) => this.#uncertaintyOf(watch, fatigue),
      tell: (standing) => {
        for (const listener of this.#listeners) listener(standing);
      },
      outdated: ({ id }, model, says) => this.#event('health.model-outdated', id, `model ${model}: ${says.join(' ')}`),
      shadowFailed: ({ id }, { code, detail }) => this.#event('health.failed', id, `${code}: ${detail}`),
    };
    this.#tickAfter(TICK_MS);
  }

  /** What is damaged of where scoring stands is told as an event, and scoring goes on. Faults as `DurableDatabase.open`. */
  static open(options: HealthScorerOptions): Result<HealthScorer> {
    const { path, clock, events } = options;
    const state = ScoringStore.open(path, (damage) => {
      const detail = `health.state-damaged: ${damage}. Scoring begins anew from the last scores.`;
      events({ at: clock.now(), kind: 'health.failed', source: 'health', detail });
    });
    return state.ok ? success(new HealthScorer(options, state.value)) : state;
  }

  /** Judges these watches from now on; those that were there go on. */
  use(watches: ReadonlyMap<string, HealthWatch>): void {
    this.#wanted = watches;
    // Before the first round nothing is under way that is not to be disturbed.
    if (this.#scorings.size === 0) this.#follow();
  }

  /** Calls `listener` with each row that the active model of a watch judges, in order of time; after a crash the last may come again. */
  subscribe(listener: StandingListener): () => void {
    const own: StandingListener = (standing) => listener(standing);
    this.#listeners.add(own);
    return () => this.#listeners.delete(own);
  }

  /** Of all watches, as they were looked at last. */
  standings(): readonly ScoringStanding[] {
    return [...this.#scorings.values()].map((scoring) => this.#standingOf(scoring));
  }

  /** Of one watch; `undefined` where there is none. */
  standing(watch: string): ScoringStanding | undefined {
    const scoring = this.#scorings.get(watch);
    return scoring && this.#standingOf(scoring);
  }

  /** What the shadows of a watch would have said, the newest last. Fault: `health.watch-unknown`. */
  comparisons(watch: string): Result<readonly ShadowComparison[]> {
    const scoring = this.#scorings.get(watch);
    if (!scoring) return failure('health.watch-unknown', `There is no watch ${watch}.`);
    return success(scoring.scorer.models.shadows.flatMap((shadow) => shadow.comparison() ?? []));
  }

  /** Whether the active model still knows what it judges; `undefined` where there is none. */
  modelHealth(watch: string): ModelHealth | undefined {
    return this.#scorings.get(watch)?.scorer.models.active?.health();
  }

  /** Judges now all that can be judged; resolves when it is written and saved. */
  async settle(): Promise<void> {
    while (!this.#isClosed && (await this.#round()) > 0) await nextTurn();
  }

  /** Resolves when what is under way is written and saved. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#cancelTick();
    await this.#turn;
    await this.#room.close();
    this.#late.close();
    this.#state.close();
  }

  #tickAfter(ms: number): void {
    this.#cancelTick = this.#options.clock.after(ms, () => void this.#tick());
  }

  async #tick(): Promise<void> {
    const { clock } = this.#options;
    const began = clock.elapsedMs();
    const further = await this.#round();
    if (this.#isClosed) return;
    const restMs = Math.max(LEAST_REST_MS, REST_PER_WORK * (clock.elapsedMs() - began));
    this.#tickAfter(further > 0 ? restMs : Math.max(TICK_MS, restMs));
  }

  /** One piece of each watch that has any; gives the number of those that got further. */
  #round(): Promise<number> {
    const round = this.#turn.then(() => this.#work());
    this.#turn = round.catch(() => undefined);
    return round;
  }

  async #work(): Promise<number> {
    this.#follow();
    const all = [...this.#scorings.values()];
    this.#look(all);
    let [further, scores] = [0, 0];
    let pending: Scoring[] = [];
    for (const scoring of all) {
      if (this.#isClosed) break;
      if (!(await this.#guardedStep(scoring))) continue;
      pending.push(scoring);
      scores += scoring.scorer.scores;
      await nextTurn();
      if (pending.length < WATCHES_AT_ONCE && scores < SCORES_AT_ONCE) continue;
      further += await this.#keep(pending);
      [pending, scores] = [[], 0];
    }
    return further + (await this.#keep(pending));
  }

  /** Takes up the watches as the model of the plant has them now. */
  #follow(): void {
    const wanted = this.#wanted;
    const known = this.#scorings;
    const isSame =
      known.size === wanted.size && [...wanted].every(([id, watch]) => known.get(id)?.scorer.watch === watch);
    if (!isSame) {
      const scorings = new Map<string, Scoring>();
      for (const [id, watch] of wanted) {
        const scoring = known.get(id) ?? this.#begin(watch);
        // What is not kept yet is kept first, with the definition it was judged by.
        if (scoring.scorer.watch !== watch && !scoring.scorer.isPending) scoring.scorer.redefine(watch);
        scorings.set(id, scoring);
      }
      this.#scorings = scorings;
      this.#tagRevision = Number.NaN;
    }
    const { historian, tags } = this.#options;
    if (historian.tagRevision === this.#tagRevision) return;
    this.#tagRevision = historian.tagRevision;
    this.#late.use([...this.#scorings.values()].map(({ scorer }) => [scorer, tags.of(scorer.watch)] as const));
  }

  #begin(watch: HealthWatch): Scoring {
    const scorer = this.#resumed(watch);
    const nothing = { horizon: undefined, behindSince: undefined, aheadSinceMs: undefined, told: undefined };
    return { scorer, ready: Number.NaN, restUntilMs: 0, ...nothing };
  }

  /** As it was kept last. */
  #resumed(watch: HealthWatch): WatchScorer {
    const saved = this.#state.read(watch.id);
    if (!saved.ok) this.#event('health.failed', watch.id, `${saved.fault.code}: ${saved.fault.detail}`);
    const parts: ScoringParts = saved.ok ? saved.value : new Map();
    return new WatchScorer(watch, this.#ports, parts);
  }

  #look(scorings: readonly Scoring[]): void {
    const { tags, clock } = this.#options;
    const horizons = tags.horizons(scorings.map(({ scorer }) => scorer.watch));
    const now = clock.now();
    for (const [at, scoring] of scorings.entries()) {
      const { intervalUs } = scoring.scorer.watch;
      scoring.horizon = horizons[at];
      scoring.ready = Math.floor(readyUntil(horizons[at], now) / intervalUs) * intervalUs;
      const aheadSinceMs = scoring.aheadSinceMs ?? clock.elapsedMs();
      scoring.aheadSinceMs = scoring.scorer.isAheadOf(now) ? aheadSinceMs : undefined;
    }
  }

  /** A bug that one watch meets costs that watch its rows, and nobody else's: it is tried again from where it was kept. */
  async #guardedStep(scoring: Scoring): Promise<boolean> {
    try {
      return await this.#step(scoring);
    } catch (error) {
      const { watch } = scoring.scorer;
      scoring.scorer = this.#resumed(watch);
      scoring.scorer.crash = String(error);
      scoring.restUntilMs = this.#options.clock.elapsedMs() + RETRY_MS;
      if (scoring.told !== scoring.scorer.crash)
        this.#event('worker.crashed', watch.id, `scoring: ${scoring.scorer.crash}`);
      scoring.told = scoring.scorer.crash;
      // Late samples are told of to who listens now.
      this.#tagRevision = Number.NaN;
      return false;
    }
  }

  /** Whether there is something to keep now. */
  async #step(scoring: Scoring): Promise<boolean> {
    const { scorer, ready } = scoring;
    const { clock } = this.#options;
    if (clock.elapsedMs() < scoring.restUntilMs) return false;
    if (scorer.isPending) return true;
    if (clock.elapsedMs() - (scoring.aheadSinceMs ?? Number.NaN) >= CLOCK_PATIENCE_MS) this.#beginAnew(scoring);
    scorer.refresh(() => this.#scoredUntil(scorer.watch));
    if (!scorer.hasWork(ready)) {
      scoring.behindSince = undefined;
      return false;
    }
    scoring.behindSince ??= scorer.rowsUntil;
    const stepped = await scorer.step(ready);
    scorer.crash = undefined;
    this.#note(scoring, stepped.ok ? undefined : stepped.fault);
    return scorer.isPending;
  }

  /** The clock was wrong, and so were the times of samples: what came of it would keep the watch blind until then. */
  #beginAnew(scoring: Scoring): void {
    const { scorer } = scoring;
    const now = this.#options.clock.now();
    const [shown, judged] = [now, scorer.doneUntil].map(toldTime);
    scorer.beginAnew(now);
    scoring.aheadSinceMs = undefined;
    const detail = `The clock has shown times around ${shown} for an hour, and all up to ${judged} had been judged: judging begins anew.`;
    this.#event('health.failed', scorer.watch.id, detail);
  }

  /** Writes scores, then saves states; gives the number of watches of which both was done. */
  async #keep(pending: readonly Scoring[]): Promise<number> {
    if (pending.length === 0) return 0;
    const faults = await this.#writer.write(pending.map(({ scorer }) => scorer.load()));
    const written: Scoring[] = [];
    for (const [at, scoring] of pending.entries()) {
      scoring.scorer.written(faults[at]);
      this.#note(scoring, faults[at]);
      if (!faults[at]) written.push(scoring);
    }
    const saved = this.#state.write(written.map(({ scorer }) => ({ watch: scorer.watch.id, parts: scorer.parts() })));
    for (const scoring of written) {
      scoring.scorer.kept(saved.ok ? undefined : saved.fault);
      if (!saved.ok) this.#note(scoring, saved.fault);
    }
    return saved.ok ? written.length : 0;
  }

  /** A fault is told once, until all is well again, and what failed is tried again later. */
  #note(scoring: Scoring, fault: Fault | undefined): void {
    if (!fault) {
      scoring.told = undefined;
      return;
    }
    scoring.restUntilMs = this.#options.clock.elapsedMs() + RETRY_MS;
    const told = `${fault.code}: ${fault.detail}`;
    if (scoring.told !== told) this.#event('health.failed', scoring.scorer.watch.id, told);
    scoring.told = told;
  }

  #standingOf(scoring: Scoring): ScoringStanding {
    const { clock, trainer } = this.#options;
    return scoringStanding({ ...scoring, learning: trainer.learning(scoring.scorer.watch.id), now: clock.now() });
  }

  /** The end of the scores in the archive, where it is not known how far scoring is. */
  #scoredUntil(watch: HealthWatch): number | undefined {
    const { historian } = this.#options;
    const paths = scorePaths(watch, 'score');
    const tags = historian.tags().filter(({ path }) => paths.includes(path));
    const times = tags.flatMap(({ index }) => historian.latest(index)?.time ?? []);
    return times.length > 0 ? Math.max(...times) : undefined;
  }

  #uncertaintyOf({ asset }: HealthWatch, { attribute, unit }: FatigueDefinition): number {
    const applied = this.#options.store.current();
    const owner = applied?.model.assets.get(asset);
    const found = owner && applied?.lookup.attribute(owner, attribute)?.attribute;
    return found?.unit === unit ? (found.uncertainty ?? 0) : 0;
  }

  #event(kind: EventKind, source: string, detail: string): void {
    const { clock, events } = this.#options;
    events({ at: clock.now(), kind, source, detail });
  }
}
