/** The live state of every asset, and of every twin what it should be: reckoned from samples as they come. */

import { type Defect, makeDefect } from '@tidegate/config/defect.ts';
import { ValueKind } from '@tidegate/core/block/sampleBlock.ts';
import type { CancelTimer, Clock } from '@tidegate/core/clock/clock.ts';
import { US_PER_S } from '@tidegate/core/clock/timestamp.ts';
import { STATUS } from '@tidegate/core/sample/statusCode.ts';
import { isUncertain, usableNumber } from '../../../historian/query/expression/windowColumn.ts';
import type { HistorianReader, LiveBatch, TagIndex } from '../../../historian/query/historianReader.ts';
import { type AssetId, type AssetModel, emptyModel } from '../../assets/assetModel.ts';
import { TagNames } from '../../assets/tagNames.ts';
import type { TwinTemplates } from '../twinTemplate.ts';
import type { CellDirectory } from './cellDirectory.ts';
import type { CellColumns } from './cellTable.ts';
import { cellUncertainty } from './cellUncertainty.ts';
import { planEngine } from './enginePlan.ts';
import { type EngineState, makeState } from './engineState.ts';
import { advanceStates, keepStates } from './liveStates.ts';
import type { TwinRows } from './planTwins.ts';
import { bindTags, type TagBindings } from './tagBindings.ts';
import { type Trust, twinTrust } from './twinTrust.ts';
import { type CellTag, WindowRefill } from './windowRefill.ts';

/** What the engine asks of the historian. */
export interface EngineFeed extends Pick<HistorianReader, 'tags' | 'latestColumns' | 'subscribe' | 'raw'> {
  /** Another number after any tag has been added or defined anew. */
  readonly tagRevision: number;
}

/** Cells that have changed since the last batch, each once. The columns are used on: nobody keeps or changes them. */
export interface CellBatch {
  /** Rises with every new model: cells have other numbers then. */
  readonly generation: number;
  readonly directory: CellDirectory;
  readonly cells: Uint32Array;
  readonly columns: CellColumns;
}

export interface EngineStatistics {
  readonly cells: number;
  readonly twins: number;
  readonly formulas: number;
  /** Samples that were older than what the engine had of their tag: history has them, the live state does not. */
  readonly lateSamples: number;
  readonly evaluatedRows: number;
}

/** What breaks the contract of its type, and how often it has. */
export interface ContractViolation {
  readonly asset: AssetId;
  readonly attribute: string;
  readonly count: number;
}

/** Samples that came within this time are reckoned with together. */
export const TICK_MS = 50;
const SECOND_MS = 1_000;
/** Each twin is judged anew so often. */
const TRUST_SECONDS = 10;
const MISSING_SHOWN = 100;
/** Clocks differ a little; one that is further ahead is wrong. */
const MOST_AHEAD_US = 60 * US_PER_S;

export class TwinEngine {
  readonly #feed: EngineFeed;
  readonly #clock: Clock;
  readonly #names: TagNames;
  readonly #listeners = new Set<(batch: CellBatch) => void>();
  #state: EngineState;
  #bindings: TagBindings;
  #boundRevision: number;
  /** Where a cell stands in the bindings; made when it is asked for. */
  #placeOfCell: ReadonlyMap<number, number> | undefined;
  #generation = 0;
  #isChanged = new Uint8Array(0);
  #changed = new Uint32Array(0);
  #changedCount = 0;
  #lateSamples = 0;
  #evaluatedRows = 0;
  #seconds = 0;
  #lastSecondMs = 0;
  readonly #refill: WindowRefill;
  #cancelTick: CancelTimer | undefined;
  #cancelSecond: CancelTimer | undefined;
  #unsubscribe: (() => void) | undefined;

  constructor(feed: EngineFeed, clock: Clock) {
    this.#feed = feed;
    this.#clock = clock;
    this.#names = new TagNames(feed);
    this.#refill = new WindowRefill(feed, clock);
    this.#state = makeState(planEngine(emptyModel(), new Map()), undefined);
    this.#bindings = bindTags([], this.#names, 0);
    this.#boundRevision = feed.tagRevision;
  }

  /**
   * Takes a new model; windows, states and residuals of what is unchanged go on. What is wrong with formulas and bindings is
   * among `defects`, and the rest works.
   */
  load(model: AssetModel, twins: TwinTemplates): readonly Defect[] {
    const before = this.#state;
    this.#state = makeState(planEngine(model, twins), before);
    this.#generation++;
    const { plan, order } = this.#state;
    this.#isChanged = new Uint8Array(plan.directory.count);
    this.#changed = new Uint32Array(plan.directory.count);
    this.#changedCount = 0;
    this.#refill.clear();
    for (const { cell } of plan.fixed) this.#touch(cell);
    this.#bind();
    for (const twins of plan.twins) keepStates(twins, before, this.#put);
    for (const group of order.groups) group.markAll();
    this.#evaluate();
    for (let share = 0; share < TRUST_SECONDS; share++) for (const twins of plan.twins) this.#judge(twins, share);
    this.#evaluate();
    for (const windows of this.#state.windows.values()) for (const window of windows) this.#refill.add(window);
    this.#refillWindows();
    return this.defects;
  }

  start(): void {
    this.#unsubscribe = this.#feed.subscribe((batch) => this.take(batch));
    this.#lastSecondMs = this.#clock.elapsedMs();
    this.#cancelSecond = this.#clock.after(SECOND_MS, () => this.#second());
  }

  stop(): void {
    this.#unsubscribe?.();
    this.#cancelSecond?.();
    this.#cancelTick?.();
    this.#unsubscribe = undefined;
    this.#cancelTick = undefined;
  }

  /** Calls `listener` with every batch of changed cells from now on; returns the way to stop it. */
  subscribe(listener: (batch: CellBatch) => void): () => void {
    const own = (batch: CellBatch) => listener(batch);
    this.#listeners.add(own);
    return () => this.#listeners.delete(own);
  }

  get generation(): number {
    return this.#generation;
  }

  get directory(): CellDirectory {
    return this.#state.plan.directory;
  }

  get columns(): CellColumns {
    return this.#state.table;
  }

  get model(): AssetModel {
    return this.#state.plan.model;
  }

  /** All twins, by the template that they have. */
  get twins(): readonly TwinRows[] {
    return this.#state.plan.twins;
  }

  /** What is wrong with formulas. */
  get planDefects(): readonly Defect[] {
    return this.#state.plan.defects;
  }

  /** The same, and what is wrong with the tags that there are at this moment. */
  get defects(): readonly Defect[] {
    const { missing, misfits } = this.#bindings;
    const absent = missing.slice(0, MISSING_SHOWN).map(({ path, place }) => {
      const message = `it is bound to the tag ${path}, which no gateway has sent`;
      return makeDefect('config.invalid', place.file, place, message, 'correct the path, or wait for the gateway');
    });
    const unfit = misfits.map(({ cell: { place }, reason }) =>
      makeDefect('config.invalid', place.file, place, reason, 'give the attribute a unit of the same quantity'),
    );
    return [...this.#state.plan.defects, ...unfit, ...absent];
  }

  /** As of this moment. */
  trustOf(twins: TwinRows, row: number): Trust {
    const { table, plan, statistics } = this.#state;
    return twinTrust(twins, row, { table, statistics: statistics[plan.twins.indexOf(twins)], now: this.#clock.now() });
  }

  /** As `cellUncertainty`. */
  uncertaintyOf(cell: number): number {
    return cellUncertainty(this.#state.plan, this.#state.table, cell);
  }

  /** Root of the mean square of a residual of late, in sigmas; in the order of `twins.expected`. */
  recentSigmas(twins: TwinRows, row: number): readonly (number | undefined)[] {
    const { plan, statistics } = this.#state;
    return statistics[plan.twins.indexOf(twins)].map((one) => one.rootMeanSquare(row));
  }

  statistics(): EngineStatistics {
    const { plan } = this.#state;
    return {
      ...{ cells: plan.directory.count, formulas: plan.formulas.length },
      twins: plan.twins.reduce((sum, { assets }) => sum + assets.length, 0),
      ...{ lateSamples: this.#lateSamples, evaluatedRows: this.#evaluatedRows },
    };
  }

  /** The attributes that were given what the contract of their type does not allow. */
  violations(): readonly ContractViolation[] {
    const { table, plan } = this.#state;
    const found: ContractViolation[] = [];
    for (const [cell, count] of table.violations.entries()) {
      const name = count > 0 ? plan.directory.nameOf(cell) : undefined;
      if (name) found.push({ asset: name.asset, attribute: name.column.attribute, count });
    }
    return found;
  }

  /** How often a cell was given what its contract does not allow. */
  violationsOf(cell: number): number {
    return this.#state.table.violations[cell];
  }

  /** Samples that have become durable; what depends on them is reckoned within `TICK_MS`. */
  take({ tags, block }: LiveBatch): void {
    if (this.#feed.tagRevision !== this.#boundRevision) this.#bind();
    const { starts, cells, scales, offsets, tagCount } = this.#bindings;
    const { times, values, kinds, statuses, strings, count } = block;
    for (let row = 0; row < count; row++) {
      const tag = tags[row];
      if (tag >= tagCount) continue;
      for (let at = starts[tag]; at < starts[tag + 1]; at++) {
        const isText = kinds[row] === ValueKind.string;
        const value = isText ? 0 : values[row] * scales[at] + offsets[at];
        this.#arrive(
          cells[at],
          times[row],
          kinds[row],
          value,
          statuses[row],
          isText ? strings[values[row]] : undefined,
        );
      }
    }
    if (this.#changedCount > 0) this.#cancelTick ??= this.#clock.after(TICK_MS, () => this.#tick());
  }

  #arrive(cell: number, time: number, kind: number, value: number, status: number, text: string | undefined): void {
    const { table, windows } = this.#state;
    const held = table.times[cell];
    if (time < held) {
      for (const window of windows.get(cell) ?? []) this.#refill.add(window);
      // What a device whose clock was ahead has said is no reason to leave out what it reads now.
      if (held > this.#clock.now() + MOST_AHEAD_US) {
        table.put(cell, time, kind, value, status, text);
        this.#touch(cell);
      } else this.#lateSamples++;
      return;
    }
    this.#put(cell, time, kind, value, status, text);
  }

  readonly #put = (cell: number, time: number, kind: number, value: number, status: number, text?: string): void => {
    const { table, windows } = this.#state;
    table.put(cell, time, kind, value, status, text);
    if (windows.size > 0) {
      for (const { segments } of windows.get(cell) ?? []) {
        segments.add(
          time,
          usableNumber(table.kinds[cell], table.values[cell], table.statuses[cell]),
          isUncertain(status),
        );
      }
    }
    this.#touch(cell);
  };

  #touch(cell: number): void {
    this.#state.order.mark(cell);
    if (this.#isChanged[cell] === 1) return;
    this.#isChanged[cell] = 1;
    this.#changed[this.#changedCount++] = cell;
  }

  #tick(): void {
    this.#cancelTick = undefined;
    this.#evaluate();
  }

  #evaluate(): void {
    const { order, table, plan } = this.#state;
    const now = this.#clock.now();
    for (const group of order.groups) this.#evaluatedRows += group.evaluate(table, now, this.#put);
    this.#follow();
    if (this.#changedCount === 0) return;
    const cells = this.#changed.slice(0, this.#changedCount);
    for (const cell of cells) this.#isChanged[cell] = 0;
    this.#changedCount = 0;
    const batch = { generation: this.#generation, directory: plan.directory, cells, columns: table };
    for (const listener of this.#listeners) listener(batch);
  }

  /** Keeps account of the residuals that have changed. */
  #follow(): void {
    const { plan, table, statistics } = this.#state;
    for (const [at, twins] of plan.twins.entries()) {
      for (const [place, { sigmas }] of twins.expected.entries()) {
        for (let row = 0; row < twins.assets.length; row++) {
          const cell = sigmas.start + row;
          if (this.#isChanged[cell] === 0 || table.kinds[cell] !== ValueKind.number) continue;
          statistics[at][place].add(row, table.times[cell], table.values[cell]);
        }
      }
    }
  }

  /** What moves on without samples: windows, states, and how far twins are trusted. */
  #second(): void {
    this.#cancelSecond = this.#clock.after(SECOND_MS, () => this.#second());
    if (this.#feed.tagRevision !== this.#boundRevision) this.#bind();
    const nowMs = this.#clock.elapsedMs();
    const stepS = (nowMs - this.#lastSecondMs) / SECOND_MS;
    this.#lastSecondMs = nowMs;
    this.#seconds++;
    const { plan, order } = this.#state;
    for (const group of order.groups) if (group.plan.windows.length > 0) group.markAll();
    for (const twins of plan.twins) {
      advanceStates(twins, this.#state.table, { now: this.#clock.now(), stepS }, this.#put);
      this.#judge(twins, this.#seconds % TRUST_SECONDS);
    }
    this.#cancelTick?.();
    this.#tick();
    this.#refillWindows();
  }

  /** A window that history did not fill is as full as what came since: its results say so. */
  #refillWindows(): void {
    const generation = this.#generation;
    const filled = (cell: number) => {
      if (generation === this.#generation) this.#state.order.mark(cell);
    };
    this.#refill.run((cell) => this.#tagOf(cell), filled).catch(() => undefined);
  }

  #tagOf(cell: number): CellTag | undefined {
    const { cells, starts, scales, offsets, tagCount } = this.#bindings;
    this.#placeOfCell ??= new Map(Array.from(cells, (one, place) => [one, place]));
    const at = this.#placeOfCell.get(cell);
    if (at === undefined) return undefined;
    let tag = 0;
    while (tag < tagCount && starts[tag + 1] <= at) tag++;
    return { tag, scale: scales[at], offset: offsets[at] };
  }

  /** Of the twins of a type every tenth, beginning with `share`. */
  #judge(twins: TwinRows, share: number): void {
    const now = this.#clock.now();
    for (let row = share; row < twins.assets.length; row += TRUST_SECONDS) {
      this.#put(twins.trust.start + row, now, ValueKind.number, this.trustOf(twins, row).score, STATUS.Good);
    }
  }

  /** Finds the tags of all cells; a cell that has a later sample than history keeps it. */
  #bind(): void {
    this.#boundRevision = this.#feed.tagRevision;
    this.#placeOfCell = undefined;
    const { plan, table } = this.#state;
    this.#bindings = bindTags(plan.tags, this.#names, this.#feed.tags().length);
    const { starts, cells, scales, offsets, tagCount, missing, misfits } = this.#bindings;
    for (const { cell } of missing) this.#putStatus(cell, STATUS.BadNodeIdUnknown);
    for (const { cell } of misfits) this.#putStatus(cell.cell, STATUS.BadConfigurationError);
    const bound: TagIndex[] = [];
    for (let tag = 0; tag < tagCount; tag++) if (starts[tag + 1] > starts[tag]) bound.push(tag);
    const latest = this.#feed.latestColumns(bound);
    for (const cell of cells)
      if (table.times[cell] === Number.NEGATIVE_INFINITY) this.#putStatus(cell, STATUS.BadWaitingForInitialData);
    for (let row = 0; row < latest.tags.length; row++) {
      const tag = latest.tags[row];
      const isText = latest.kinds[row] === ValueKind.string;
      const text = isText ? latest.strings[latest.values[row]] : undefined;
      for (let at = starts[tag]; at < starts[tag + 1]; at++) {
        if (latest.times[row] <= table.times[cells[at]]) continue;
        const value = isText ? 0 : latest.values[row] * scales[at] + offsets[at];
        this.#put(cells[at], latest.times[row], latest.kinds[row], value, latest.statuses[row], text);
      }
    }
  }

  #putStatus(cell: number, status: number): void {
    this.#put(cell, Number.NEGATIVE_INFINITY, ValueKind.none, 0, status);
  }
}
