/**
 * Derives event frames from history, and derives them again where samples come late or history is edited.
 *
 * Invariant: whatever the order in which samples came, the frames are those of one derivation over the history as it is.
 */

import { setImmediate as nextTurn } from 'node:timers/promises';
import type { CancelTimer, Clock } from '@tidegate/core/clock/clock.ts';
import { type Timestamp, US_PER_DAY, US_PER_S } from '@tidegate/core/clock/timestamp.ts';
import { type Result, success } from '@tidegate/core/fault/fault.ts';
import type { EventSink } from '@tidegate/core/port/eventSink.ts';
import { type SampleRun, valueAt } from '../../historian/archive/sampleRun.ts';
import type { Expression } from '../../historian/query/expression/expressionNode.ts';
import type { WindowAggregate } from '../../historian/query/expression/timeWindow.ts';
import { windowColumn } from '../../historian/query/expression/windowColumn.ts';
import type { AssetId, AssetModel } from '../../model/assets/assetModel.ts';
import { isOfType } from '../../model/assets/assetScope.ts';
import { deriveSpans, type FrameSpan, hasLasted } from './deriveSpans.ts';
import type { FrameFigures, FrameStore, KeptFrame, NewFrame } from './frameStore.ts';
import type { Capture, FrameTemplate } from './frameTemplate.ts';
import { matchSpans } from './matchSpans.ts';

/** The history of attributes, as computed from samples. */
export interface AttributeHistory {
  /**
   * What an expression over attributes of an asset came to: a row at `start` and wherever it may have changed in
   * `start <= time < end` (µs). Faults of a question about history.
   */
  calculate(asset: AssetId, expression: Expression, start: number, end: number): Promise<Result<SampleRun>>;
  /** The samples of an attribute in the range, the one that holds at `start` before them. */
  attribute(asset: AssetId, attribute: string, start: number, end: number): Promise<Result<SampleRun>>;
  /** Calls `listener` with the time (µs) from which on one of the attributes may be another. Returns the way to stop. */
  watch(asset: AssetId, attributes: readonly string[], listener: (from: number) => void): () => void;
}

export interface FrameDeriverPorts {
  readonly store: FrameStore;
  readonly history: AttributeHistory;
  readonly clock: Clock;
  readonly events: EventSink;
}

/** Frames of a template that has just been written are looked for so far back. */
const FIRST_LOOK_BACK_US = 30 * US_PER_DAY;
const TICK_MS = 1_000;
/** Deriving frames takes at most a tenth of the time. */
const REST_PER_WORK = 9;
/** After so many, a few milliseconds, whatever else waits has its turn. */
const PER_TURN = 8;
/** The figures of a frame that goes on are calculated again when it has become longer by this part. */
const LONGER = 0.02;
/** After a failure it is tried again later. */
const RETRY_TICKS = 30;

/** One template on one asset. */
interface Derivation {
  readonly template: FrameTemplate;
  readonly asset: AssetId;
  readonly stop: () => void;
  /** Nothing before has changed since it was derived (µs); infinite where nothing has. */
  dirtyFrom: number;
  restTicks: number;
}

const AGGREGATES: Readonly<Record<Exclude<Capture, 'start' | 'end'>, WindowAggregate>> = {
  average: 'avg',
  minimum: 'min',
  maximum: 'max',
  increase: 'delta',
};

export class FrameDeriver {
  readonly #ports: FrameDeriverPorts;
  readonly #listeners = new Set<(frames: readonly KeptFrame[]) => void>();
  #derivations: Derivation[] = [];
  #parents: ReadonlyMap<AssetId, AssetId | undefined> = new Map();
  #cancelTick: CancelTimer;
  #settling: Promise<Result<void>> = Promise.resolve(success(undefined));
  #isClosed = false;

  constructor(ports: FrameDeriverPorts) {
    this.#ports = ports;
    this.#cancelTick = ports.clock.after(TICK_MS, () => void this.#tick());
  }

  /** Derives frames of these templates from now on; templates before their frames lie within come first. */
  use(model: AssetModel, templates: ReadonlyMap<string, FrameTemplate>): void {
    for (const { stop } of this.#derivations) stop();
    this.#parents = new Map([...model.assets.values()].map(({ id, parent }) => [id, parent]));
    const ordered = [...templates.values()].sort((a, b) => depthOf(a, templates) - depthOf(b, templates));
    this.#derivations = ordered.flatMap((template) =>
      [...model.assets.values()]
        .filter((asset) =>
          template.asset === undefined ? isOfType(model, asset, template.type ?? '') : asset.id === template.asset,
        )
        .map(({ id }) => this.#derivation(template, id)),
    );
  }

  /** Calls `listener` with frames that are new or have changed; returns the way to stop it. */
  subscribe(listener: (frames: readonly KeptFrame[]) => void): () => void {
    const own = (frames: readonly KeptFrame[]) => listener(frames);
    this.#listeners.add(own);
    return () => this.#listeners.delete(own);
  }

  /** Derives now whatever has changed; resolves when the frames are kept. Faults of history and of the store. */
  settle(): Promise<Result<void>> {
    this.#settling = this.#settling.then(() => this.#settleAll());
    return this.#settling;
  }

  close(): void {
    this.#isClosed = true;
    this.#cancelTick();
    for (const { stop } of this.#derivations) stop();
  }

  async #settleAll(): Promise<Result<void>> {
    let outcome: Result<void> = success(undefined);
    let done = 0;
    for (const derivation of this.#derivations) {
      if (this.#isClosed || derivation.dirtyFrom === Number.POSITIVE_INFINITY || derivation.restTicks-- > 0) continue;
      if (++done % PER_TURN === 0) await nextTurn();
      const derived = await this.#derive(derivation);
      if (derived.ok) continue;
      derivation.restTicks = RETRY_TICKS;
      outcome = derived;
    }
    return outcome;
  }

  #derivation(template: FrameTemplate, asset: AssetId): Derivation {
    const until = this.#ports.store.derivedUntil(template.name, asset);
    const from = until.ok ? until.value : undefined;
    const touch = (time: number) => {
      derivation.dirtyFrom = Math.min(derivation.dirtyFrom, time);
    };
    const { start, end, figures } = template;
    const attributes = [...start.tags, ...(end?.tags ?? []), ...figures.map(({ attribute }) => attribute)];
    const stop = this.#ports.history.watch(asset, [...new Set(attributes)], touch);
    const dirtyFrom = from ?? this.#ports.clock.now() - FIRST_LOOK_BACK_US;
    const derivation: Derivation = { template, asset, stop, dirtyFrom, restTicks: 0 };
    return derivation;
  }

  async #tick(): Promise<void> {
    const { clock, events } = this.#ports;
    const began = clock.elapsedMs();
    const settled = await this.settle();
    if (this.#isClosed) return;
    if (!settled.ok) {
      const detail = `${settled.fault.code}: ${settled.fault.detail}`;
      events({ at: clock.now(), kind: 'frames.failed', source: 'event frames', detail });
    }
    const restMs = Math.max(TICK_MS, REST_PER_WORK * (clock.elapsedMs() - began));
    this.#cancelTick = clock.after(restMs, () => void this.#tick());
  }

  /** From before what has changed: a frame that reaches into it may begin elsewhere now. */
  async #derive(derivation: Derivation): Promise<Result<void>> {
    const [dirtyFrom, now] = [derivation.dirtyFrom, this.#ports.clock.now()];
    derivation.dirtyFrom = Number.POSITIVE_INFINITY;
    const outcome = await this.#deriveFrom(derivation, dirtyFrom, now);
    if (!outcome.ok) derivation.dirtyFrom = Math.min(derivation.dirtyFrom, dirtyFrom);
    else if (outcome.value.length > 0) for (const listener of this.#listeners) listener(outcome.value);
    return outcome.ok ? success(undefined) : outcome;
  }

  async #deriveFrom(derivation: Derivation, dirtyFrom: number, now: Timestamp): Promise<Result<readonly KeptFrame[]>> {
    const { template, asset } = derivation;
    // What has lasted for less than a frame takes is in no store yet; a microsecond before the change all was as it is known.
    const earliest = dirtyFrom - template.bridgeUs - template.leastUs - 1;
    const reached = this.#ports.store.since(template.name, asset, earliest);
    if (!reached.ok) return reached;
    const known = reached.value;
    const derived = await this.#spans(template, asset, earliest, known, now);
    if (!derived.ok) return derived;
    const spans = derived.value.filter((span) => hasLasted(span, template.leastUs, now));
    const last = derived.value.at(-1);
    // It becomes a frame by going on, without another sample.
    if (last && last.end === undefined && !spans.includes(last)) {
      derivation.dirtyFrom = Math.min(derivation.dirtyFrom, last.start);
    }
    const { ids, gone } = matchSpans(
      known.map((frame) => ({ ...frame, id: String(frame.id) })),
      spans,
    );
    const changed: NewFrame[] = [];
    for (const [at, span] of spans.entries()) {
      const before = known.find(({ id }) => String(id) === ids[at]);
      const figures =
        before && areFiguresFresh(before, span, dirtyFrom, now)
          ? before.figures
          : await this.#figures(template, asset, span, now);
      const parent = this.#parentOf(template, asset, span.start);
      const frame = { ...span, id: before?.id, template: template.name, asset, parent, figures };
      if (!isSame(frame, before)) changed.push(frame);
    }
    const numbers = gone.map(({ id }) => Number(id));
    return this.#ports.store.keep({ template: template.name, asset, until: now }, changed, numbers, now);
  }

  /**
   * Those that reach beyond `earliest`. A frame that is known to go on there is not looked at from its beginning, which may be
   * weeks ago; but one that is uncertain is, because what made it so may have been corrected.
   */
  async #spans(
    { start, end, bridgeUs }: FrameTemplate,
    asset: AssetId,
    earliest: number,
    known: readonly KeptFrame[],
    now: Timestamp,
  ): Promise<Result<FrameSpan[]>> {
    const { history } = this.#ports;
    const [first] = known;
    const isWithin = first && first.start < earliest && !first.uncertain && (first.end ?? now) > earliest;
    const from = isWithin ? earliest : Math.min(earliest, (first?.start ?? Number.POSITIVE_INFINITY) - 1);
    // Clocks of gateways may be ahead.
    const until = now + US_PER_DAY;
    const begins = await history.calculate(asset, start, from, until);
    if (!begins.ok) return begins;
    const ends = end && (await history.calculate(asset, end, from, until));
    if (ends && !ends.ok) return ends;
    return success(deriveSpans(begins.value, ends?.value, bridgeUs, isWithin ? first : undefined));
  }

  async #figures({ figures }: FrameTemplate, asset: AssetId, span: FrameSpan, now: number): Promise<FrameFigures> {
    const { start, end = now } = span;
    const found: Record<string, number | string | null> = {};
    for (const { name, attribute, capture } of figures) {
      const run = await this.#ports.history.attribute(asset, attribute, start, end + 1);
      found[name] = run.ok ? captured(run.value, capture, start, end) : null;
    }
    return found;
  }

  /** The frame around this one, of the same asset or of one above it. */
  #parentOf({ within }: FrameTemplate, asset: AssetId, start: number): number | undefined {
    if (within === undefined) return undefined;
    for (let at: AssetId | undefined = asset; at !== undefined; at = this.#parents.get(at)) {
      const around = this.#ports.store.list({ start, end: start + 1, templates: [within], assets: [at], limit: 1 });
      if (around.ok && around.value[0]) return around.value[0].id;
    }
    return undefined;
  }
}

/** `null` where there is no usable value. */
function captured(run: SampleRun, capture: Capture, start: number, end: number): number | string | null {
  if (capture === 'start' || capture === 'end') {
    const moment = capture === 'start' ? start : end;
    const row = run.times.findLastIndex((time) => time <= moment);
    return row < 0 || run.statuses[row] >= 0x80000000 ? null : valueAt(run, row);
  }
  const window = { aggregate: AGGREGATES[capture], tag: 0, widthUs: Math.max(US_PER_S / 1_000, end - start) };
  return valueAt(windowColumn(run, Float64Array.of(end), window), 0);
}

/** Whether nothing that its figures come from has changed, or so little that they are good for a while. */
function areFiguresFresh(before: KeptFrame, { start, end }: FrameSpan, dirtyFrom: number, now: number): boolean {
  if (start !== before.start || end !== before.end) return false;
  if (end !== undefined) return dirtyFrom > end;
  return dirtyFrom >= before.derivedAt && now - before.derivedAt < LONGER * (before.derivedAt - start);
}

function isSame(frame: NewFrame, before: KeptFrame | undefined): boolean {
  if (!before) return false;
  const { start, end, uncertain, parent, figures } = frame;
  return (
    start === before.start &&
    end === before.end &&
    uncertain === before.uncertain &&
    parent === before.parent &&
    JSON.stringify(figures) === JSON.stringify(before.figures)
  );
}

function depthOf({ within }: FrameTemplate, templates: ReadonlyMap<string, FrameTemplate>): number {
  const around = within === undefined ? undefined : templates.get(within);
  return around ? 1 + depthOf(around, templates) : 0;
}
