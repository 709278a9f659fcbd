/**
 * The scoring of one watch: its new rows are pushed through its models, and its fatigue is counted on.
 *
 * Invariants:
 * - Rows are judged in order of time, each once; a row stays as it was judged, whatever comes late.
 * - Nothing more is judged before the scores of what was judged are in the archive and its state is on the disk.
 */

import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Fault, Result } from '@tidegate/core/fault/fault.ts';
import { success } from '@tidegate/core/fault/fault.ts';
import type { Assessment } from '@tidegate/health/profile/assessment.ts';
import { z } from 'zod';
import type { Historian } from '../../../historian/query/historian.ts';
import type { TagIndex } from '../../../historian/query/historianReader.ts';
import type { FatigueDefinition, HealthWatch } from '../definition/healthWatch.ts';
import type { FeatureReader } from '../features/featureReader.ts';
import type { FeatureTable } from '../features/featureTable.ts';
import type { ModelRegistry } from '../models/modelRegistry.ts';
import { lackSentence } from '../models/modelTrainer.ts';
import type { OnnxRoom } from '../models/onnx/onnxRoom.ts';
import { toldTime, type WatchTags } from '../models/watchTags.ts';
import { FatigueCount } from './fatigueCount.ts';
import type { ModelStream, Outside } from './modelStream.ts';
import { ScoreSeries } from './scoreSeries.ts';
import type { ScoreLoad } from './scoreWriter.ts';
import type { ScoringParts } from './scoringStore.ts';
import { WatchModels } from './watchModels.ts';
import type { FatigueStanding, StandingListener, WatchStanding } from './watchStanding.ts';

export interface WatchScorerPorts {
  readonly registry: ModelRegistry;
  readonly reader: Pick<FeatureReader, 'rows' | 'origins' | 'load'>;
  readonly historian: Pick<Historian, 'raw'>;
  readonly tags: WatchTags;
  /** Where models judge that were learned elsewhere. */
  readonly room: Pick<OnnxRoom, 'score'>;
  readonly repairedAt: (watch: string) => number | undefined;
  /** Standard uncertainty of a load, in its unit. */
  readonly uncertaintyOf: (watch: HealthWatch, fatigue: FatigueDefinition) => number;
  readonly tell: StandingListener;
  /** What comes is no longer what the active model was learned from. */
  readonly outdated: (watch: HealthWatch, model: number, says: readonly string[]) => void;
  /** A model without a voice cannot judge, or be read, and is asked no more. */
  readonly shadowFailed: (watch: HealthWatch, fault: Fault) => void;
}

/** Samples that came after their row had been judged. */
export interface LateSamples {
  samples: number;
  /** Time of the sample that came last (µs since 1970 UTC); NaN where none did. */
  newest: number;
}

/** A model with what it says of the rows that are judged, where it was learned elsewhere. */
interface Judge {
  readonly stream: ModelStream;
  readonly outside: Outside;
}

/** Rows that are read and judged at once, and those after which whatever else waits has its turn. */
const PIECE_ROWS = 500;
const ROWS_PER_TURN = 25;

/** A clock that is so far behind what was judged is not waited for. */
const LONGEST_WAIT_US = 86_400e6;

const ROWS_STATE = z.object({
  until: z.number().nullable(),
  lateSamples: z.number(),
  lateNewest: z.number().nullable(),
});

export class WatchScorer {
  readonly models: WatchModels;
  readonly late: LateSamples = { samples: 0, newest: Number.NaN };
  /** What was judged last by the active model, or reckoned without one. */
  latest: WatchStanding | undefined;
  /** Why the last rows could not be read. */
  readFault: Fault | undefined;
  /** Why the active model could not judge the last rows. */
  modelFault: Fault | undefined;
  /** Why what was judged is not kept yet. */
  keepFault: Fault | undefined;
  /** The error of ours by which judging ended; it is tried again from where it was kept. */
  crash: string | undefined;
  /** Why the last row has no score, in words. */
  lack: string | undefined;
  #watch: HealthWatch;
  readonly #ports: WatchScorerPorts;
  #fatigue: readonly FatigueStanding[] = [];
  #counts: readonly FatigueCount[];
  #rowsUntil: number | undefined;
  #doneUntil = Number.NEGATIVE_INFINITY;
  #series: ScoreSeries;
  #isChanged = false;
  /** Scores may be in the archive that the state does not know of: after a start, and after a write that failed. */
  #isRepeated = true;

  constructor(watch: HealthWatch, ports: WatchScorerPorts, saved: ScoringParts) {
    this.#watch = watch;
    this.#ports = ports;
    this.models = new WatchModels(saved);
    this.#series = new ScoreSeries(watch);
    this.#counts = this.#countsOf(watch, saved);
    this.latest = keptStanding(watch, saved.get('latest'));
    this.#fatigue = this.latest?.fatigue ?? [];
    const read = ROWS_STATE.safeParse(saved.get('rows'));
    if (!read.success) return;
    this.#rowsUntil = read.data.until ?? undefined;
    this.late = { samples: read.data.lateSamples, newest: read.data.lateNewest ?? Number.NaN };
    this.#noteDone();
  }

  get watch(): HealthWatch {
    return this.#watch;
  }

  /** Rows are judged up to here (µs); `undefined` before the first. */
  get rowsUntil(): number | undefined {
    return this.#rowsUntil;
  }

  /** Whether there is anything to write or to save. */
  get isPending(): boolean {
    return this.#isChanged;
  }

  /** How many samples there are to write. */
  get scores(): number {
    return this.#series.count;
  }

  /** The watch as the model of the plant has it now. Only when nothing is pending. */
  redefine(watch: HealthWatch): void {
    const states = this.parts();
    this.#watch = watch;
    this.latest = keptStanding(watch, states.get('latest'));
    this.#series = new ScoreSeries(watch);
    this.#counts = this.#countsOf(watch, states);
    this.models.forget();
  }

  /** Whether it has judged more than a day beyond `now` (µs), which the clock must have shown once and was wrong. */
  isAheadOf(now: number): boolean {
    return this.#doneUntil > Math.max(now + LONGEST_WAIT_US, this.models.active?.learnedUntil ?? now);
  }

  /** Judges from `now` (µs) on as if nothing had been judged. Only when nothing is pending. */
  beginAnew(now: number): void {
    this.models.beginAnew();
    for (const count of this.#counts) count.beginAnew(now);
    if (this.#rowsUntil !== undefined)
      this.#rowsUntil = Math.floor(now / this.#watch.intervalUs) * this.#watch.intervalUs;
    [this.latest, this.#fatigue, this.#isChanged, this.#isRepeated] = [undefined, [], true, true];
    this.#noteDone();
  }

  /** Up to here rows are judged or fatigue is counted (µs). */
  get doneUntil(): number {
    return this.#doneUntil;
  }

  /** A sample came that lies before `doneUntil`. */
  noteLate(time: number, tag: TagIndex): void {
    for (const [at, count] of this.#counts.entries()) {
      if (time >= count.until) continue;
      const load = this.#ports.tags.ofExpression(this.#watch, this.#watch.fatigue[at].of);
      if (load.some(({ index }) => index === tag)) count.repeat();
    }
    if (!(time < (this.#rowsUntil ?? Number.NEGATIVE_INFINITY))) return;
    this.late.samples++;
    this.late.newest = time;
  }

  /** Looks at what is active now; `scoredUntil` tells where scores end, where no state does. */
  refresh(scoredUntil: () => number | undefined): void {
    const { models } = this;
    models.refresh(this.#ports.registry, this.#watch, (fault) => this.#ports.shadowFailed(this.#watch, fault));
    if (!models.active) return;
    const { learnedUntil } = models.active;
    this.#rowsUntil = Math.max(this.#rowsUntil ?? scoredUntil() ?? learnedUntil, learnedUntil);
  }

  hasWork(ready: number): boolean {
    if (this.models.active && this.#rowsUntil !== undefined && ready - this.#rowsUntil >= this.#watch.intervalUs)
      return true;
    return this.#counts.some((count) => Number.isFinite(ready) && count.isBehind(ready));
  }

  /** Judges and counts one piece more, at the most up to `ready` (µs, a whole number of intervals). */
  async step(ready: number): Promise<Result<void>> {
    const counted = await this.#count(ready);
    const judged = counted.ok ? await this.#judge(ready) : counted;
    this.readFault = judged.ok || this.modelFault ? undefined : judged.fault;
    this.#noteDone();
    return judged;
  }

  /** What is to be written. */
  load(): ScoreLoad {
    return { series: this.#series.series(), isRepeated: this.#isRepeated };
  }

  /** The scores are in the archive, or are not for this reason. */
  written(fault: Fault | undefined): void {
    this.keepFault = fault;
    this.#isRepeated = fault !== undefined;
    if (!fault) this.#series = new ScoreSeries(this.#watch);
  }

  /** The state is on the disk, or is not for this reason. */
  kept(fault: Fault | undefined): void {
    this.keepFault = fault;
    this.#isChanged = fault !== undefined;
  }

  /** All that a restart needs, by name. */
  parts(): ScoringParts {
    const { samples, newest } = this.late;
    const lateNewest = Number.isNaN(newest) ? null : newest;
    const rows = { until: this.#rowsUntil ?? null, lateSamples: samples, lateNewest };
    const counts = this.#counts.map((count): [string, unknown] => [`fatigue ${count.name}`, count.state()]);
    const parts: [string, unknown][] = [['rows', rows], ...counts, ...this.models.states()];
    return new Map(this.latest ? [...parts, ['latest', standingState(this.latest)]] : parts);
  }

  /** What cannot be counted, and why. */
  fatigueFaults(): readonly string[] {
    return this.#counts.flatMap((count) => count.fault()?.detail ?? []);
  }

  async #count(ready: number): Promise<Result<void>> {
    const { reader, historian, tags, repairedAt, uncertaintyOf } = this.#ports;
    let isFurther = false;
    for (const [at, count] of this.#counts.entries()) {
      const fatigue = this.#watch.fatigue[at];
      const uncertainty = uncertaintyOf(this.#watch, fatigue);
      const ports = { reader, historian, uncertainty, tags: tags.ofExpression(this.#watch, fatigue.of) };
      const advanced = await count.advance(ports, ready, repairedAt(this.#watch.id));
      if (!advanced.ok) return advanced;
      if (!advanced.value) continue;
      const damage = count.takeDamage();
      if (damage !== undefined) this.#series.addDamage(fatigue.name, count.until, damage);
      [isFurther, this.#isChanged] = [true, true];
    }
    if (isFurther || this.#fatigue.length === 0)
      this.#fatigue = this.#counts.flatMap((count) => count.standing() ?? []);
    if (isFurther && !this.models.active) {
      const until = Math.max(...this.#counts.map((count) => count.until).filter(Number.isFinite));
      this.#tell(0, unjudged(until), new Float64Array(this.#watch.features.length).fill(Number.NaN));
    }
    return success(undefined);
  }

  async #judge(ready: number): Promise<Result<void>> {
    const { active } = this.models;
    const from = this.#rowsUntil;
    const { intervalUs } = this.#watch;
    this.modelFault = undefined;
    if (!active || from === undefined || ready - from < intervalUs) return success(undefined);
    const end = Math.min(ready, from + PIECE_ROWS * intervalUs);
    const rows = await this.#ports.reader.rows(this.#watch, { start: from, end });
    if (!rows.ok) return rows;
    const outside = await active.outside(this.#ports.room, rows.value);
    this.modelFault = outside.ok ? undefined : outside.fault;
    if (!outside.ok) return outside;
    const shadows = await this.#shadowsFor(rows.value);
    await this.#push({ stream: active, outside: outside.value }, shadows, rows.value, from);
    [this.#rowsUntil, this.#isChanged] = [end, true];
    if (rows.value.times.length > 0) {
      this.lack = await this.#lackOf(this.latest);
      this.#lookAtModel(active);
    }
    return success(undefined);
  }

  /** Those that can judge these rows. */
  async #shadowsFor(rows: FeatureTable): Promise<readonly Judge[]> {
    const judges: Judge[] = [];
    for (const stream of this.models.shadows) {
      if (stream.broken) continue;
      const outside = await stream.outside(this.#ports.room, rows);
      if (outside.ok) judges.push({ stream, outside: outside.value });
      else {
        stream.broken = outside.fault;
        this.#ports.shadowFailed(this.#watch, outside.fault);
      }
    }
    return judges;
  }

  async #push(
    active: Judge,
    shadows: readonly Judge[],
    { times, columns, quality }: FeatureTable,
    from: number,
  ): Promise<void> {
    for (let at = 0; at < times.length; at++) {
      if (at % ROWS_PER_TURN === ROWS_PER_TURN - 1) await nextTurn();
      // A definition with other intervals may begin in the middle of one.
      if (!(times[at] > from)) continue;
      const row = Float64Array.from(columns, (column) => column[at]);
      const assessment = active.stream.push(times[at], row, quality[at], active.outside?.[at]);
      for (const { stream, outside } of shadows) {
        if (!(times[at] > stream.learnedUntil)) continue;
        stream.compare(assessment, stream.push(times[at], row, quality[at], outside?.[at]));
      }
      this.#series.addRow(assessment, row);
      this.#tell(active.stream.number, assessment, row);
    }
  }

  #tell(model: number, assessment: Assessment, row: Float64Array): void {
    this.latest = { watch: this.#watch, model, assessment, row, fatigue: this.#fatigue };
    this.#ports.tell(this.latest);
  }

  /** Why a row has no score, as far as it can be said. */
  async #lackOf(standing: WatchStanding | undefined): Promise<string | undefined> {
    if (!standing) return undefined;
    const { assessment, row } = standing;
    const { unscored, time, quality } = assessment;
    if (unscored === 'warming-up' || unscored === undefined) return undefined;
    const origins = await this.#ports.reader.origins(this.#watch, { start: time - this.#watch.intervalUs, end: time });
    const lack = origins.ok ? lackSentence(origins.value) : undefined;
    if (lack !== undefined) return lack;
    const percent = Math.round(100 * quality);
    if (unscored === 'doubtful') return `Only ${percent} % of the data behind the row of ${toldTime(time)} are good.`;
    const names = this.#watch.features.filter((_feature, at) => !Number.isFinite(row[at])).map(({ name }) => name);
    if (names.length === 0) return `Model ${standing.model} gave no score for the row of ${toldTime(time)}.`;
    return `No value in the row of ${toldTime(time)}: ${names.join(', ')}.`;
  }

  #noteDone(): void {
    const counted = this.#counts.map(({ until }) => until).filter(Number.isFinite);
    this.#doneUntil = Math.max(this.#rowsUntil ?? Number.NEGATIVE_INFINITY, ...counted);
  }

  #lookAtModel(active: ModelStream): void {
    if (active.wasOutdated) return;
    const { says } = active.health();
    if (says.length === 0) return;
    active.wasOutdated = true;
    this.#ports.outdated(this.#watch, active.number, says);
  }

  #countsOf(watch: HealthWatch, states: ScoringParts): readonly FatigueCount[] {
    return watch.fatigue.map((fatigue) => {
      const uncertainty = this.#ports.uncertaintyOf(watch, fatigue);
      return new FatigueCount(watch, fatigue, uncertainty, states.get(`fatigue ${fatigue.name}`));
    });
  }
}

/** Of a watch whose fatigue alone is reckoned. */
function unjudged(time: number): Assessment {
  return {
    ...{ time, quality: 0, score: Number.NaN, unscored: 'missing', contributions: new Float64Array(0), mode: -1 },
    ...{ drifts: [], strange: false, drifting: false },
  };
}

/** What is told of a watch after a restart until its next row. */
function standingState({ watch: { featureVersion }, model, assessment, row, fatigue }: WatchStanding) {
  const contributions = Array.from(assessment.contributions);
  return { featureVersion, model, assessment: { ...assessment, contributions }, row: Array.from(row), fatigue };
}

/** `undefined` where there was none, or it was one of other features. The store vouches that it is as it was written. */
function keptStanding(watch: HealthWatch, state: unknown): WatchStanding | undefined {
  if (state === undefined) return undefined;
  const { featureVersion, model, assessment, row, fatigue } = state as ReturnType<typeof standingState>;
  if (featureVersion !== watch.featureVersion) return undefined;
  const contributions = Float64Array.from(assessment.contributions);
  return { watch, model, assessment: { ...assessment, contributions }, row: Float64Array.from(row), fatigue };
}
