/**
 * From alerts to cases, and what people do with them.
 *
 * Invariants:
 * - An alert opens at most one case of a watch and failure; later ones add to it.
 * - Alerts over doubtful data, and those that people have put to rest and that have not clearly grown since, open nothing.
 * - What could not be written has not happened: the next row of the watch tells the same alert again.
 */

import type { CancelTimer, Clock } from '@tidegate/core/clock/clock.ts';
import { US_PER_DAY } from '@tidegate/core/clock/timestamp.ts';
import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import type { EventSink } from '@tidegate/core/port/eventSink.ts';
import type { WatchStanding } from '../scoring/watchStanding.ts';
import { alertedCase, openedCase } from './alertedCase.ts';
import { caseFor, isQuiet } from './caseMatch.ts';
import { type CaseOperation, type Doing, operateCase, takenBack } from './caseOperation.ts';
import type { CaseStore, OutboxEffect } from './caseStore.ts';
import { clearlyWorse } from './clearlyWorse.ts';
import { type CaseEvidence, explainStanding } from './explain/explainStanding.ts';
import { similarCases } from './explain/similarCases.ts';
import { sinceWords } from './explain/siteTime.ts';
import type { CaseChange, ChangeKind, Finding, HealthCase } from './healthCase.ts';
import type { OrderDesk } from './orders/orderDesk.ts';

export interface CaseKeeperParts {
  readonly store: CaseStore;
  readonly orders: OrderDesk;
  readonly clock: Clock;
  readonly events: EventSink;
  /** IANA time zone of the site, for what people read. */
  readonly zone: string;
  /** Wear alone opens a case when with 5 % probability the part fails within so many days. */
  readonly wearHorizonDays?: number;
}

/** Who does what Tidegate does by itself. */
export const MACHINE = 'tidegate';
/** A remote site is planned for by quarters. */
export const WEAR_HORIZON_DAYS = 90;
/** An alert that says nothing new is a line of the history so often. */
const ALERT_LINE_US = 7 * US_PER_DAY;
/** What people add to a case without deciding anything. */
const SAID: readonly ChangeKind[] = ['photo', 'commented'];
/** What does not alert for so long has gone by. */
const QUIET_US = 3 * US_PER_DAY;
/** Numbers that are no news are written so often at most: a server that catches up sees years of them in minutes. */
const FLUSH_MS = 10_000;

export class CaseKeeper {
  readonly #parts: CaseKeeperParts;
  #isUnwritable = false;
  #cancelFlush: CancelTimer | undefined;

  constructor(parts: CaseKeeperParts) {
    this.#parts = parts;
  }

  /** Writes what was seen; the store is closed after it. */
  stop(): void {
    this.#cancelFlush?.();
    this.#tellWritable(this.#parts.store.flush());
  }

  /** Takes what a row says; gives the cases that it opened or added to. Faults: `archive.full`, `archive.unwritable`. */
  see(standing: WatchStanding): Result<readonly HealthCase[]> {
    const seen = this.#see(standing);
    this.#tellWritable(seen);
    return seen;
  }

  /** Lets a case rest until a time (µs), or until it is clearly worse. Faults as `operateCase`, and those of the store. */
  snooze(
    number: number,
    what: { readonly until: number; readonly reason: string; readonly by: string },
  ): Result<HealthCase> {
    return this.#operate(number, what.by, () => ({ kind: 'snooze', ...what }));
  }

  wake(number: number, what: { readonly reason: string; readonly by: string }): Result<HealthCase> {
    return this.#operate(number, what.by, () => ({ kind: 'wake', ...what }));
  }

  /** The order is kept, and offered to the system of orders until that takes it. */
  order(
    number: number,
    what: { readonly port: string; readonly comment: string; readonly by: string },
  ): Result<HealthCase> {
    const { orders } = this.#parts;
    if (!orders.has(what.port)) {
      return failure(
        'health.case-refused',
        `There is no system of orders "${what.port}"; there are: ${orders.names.join(', ')}.`,
      );
    }
    const ordered = this.#operate(number, what.by, (present) => ({
      ...{ kind: 'order', ...what, key: `${number}-${1 + Number(present.orders.at(-1)?.key.split('-')[1] ?? 0)}` },
    }));
    if (ordered.ok) orders.plan();
    return ordered;
  }

  /** What the person at site found; a later finding takes the place of an earlier one, which the history keeps. */
  find(number: number, finding: Finding): Result<HealthCase> {
    const photos = this.#parts.store.photos(number);
    if (!photos.ok) return photos;
    const missing = finding.photos.find((name) => !photos.value.some((photo) => photo.name === name));
    if (missing !== undefined) return failure('health.case-refused', `Case ${number} has no photo ${missing}.`);
    return this.#operate(number, finding.by, () => ({ kind: 'find', finding }));
  }

  close(number: number, what: { readonly comment: string; readonly by: string }): Result<HealthCase> {
    return this.#operate(number, what.by, () => ({ kind: 'close', ...what }));
  }

  reopen(number: number, what: { readonly comment: string; readonly by: string }): Result<HealthCase> {
    return this.#operate(number, what.by, () => ({ kind: 'reopen', ...what }));
  }

  /** A line of the history that changes nothing else. */
  comment(number: number, what: { readonly text: string; readonly by: string }): Result<HealthCase> {
    return this.#operate(number, what.by, () => ({ kind: 'comment', ...what }));
  }

  /**
   * Takes back what a person decided last; an order only before it was first offered. Faults: `health.case-unknown`, `health.case-state`,
   * `health.case-refused`, and those of the store.
   */
  undo(number: number, { by }: { readonly by: string }): Result<HealthCase> {
    const { store, clock } = this.#parts;
    if (by.trim() === '') return failure('health.case-refused', 'Who does it is not said.');
    const history = store.history(number);
    if (!history.ok) return history;
    const place = history.value.findLastIndex(({ by: who, kind }) => who !== MACHINE && !SAID.includes(kind));
    const last = history.value[place];
    if (!last || last.kind === 'undone') {
      return failure('health.case-state', `Of case ${number} there is nothing to take back.`);
    }
    const present = store.get(number);
    if (!present.ok) return present;
    const effects = this.#unsend(last);
    if (!effects.ok) return effects;
    const kept = present.value.orders.filter(({ key }) => !effects.value.some((effect) => effect.key === key));
    const after = takenBack(present.value, { before: history.value[place - 1].after, after: last.after, orders: kept });
    const rival = this.#rivalOf(present.value, after);
    if (!rival.ok) return rival;
    return store.change(after, { at: clock.now(), by, kind: 'undone', why: last.kind }, effects.value);
  }

  #operate(number: number, by: string, operationOf: (present: HealthCase) => CaseOperation): Result<HealthCase> {
    const { store, clock } = this.#parts;
    const present = store.get(number);
    if (!present.ok) return present;
    const doing: Doing = { by, at: clock.now() };
    const operation = operationOf(present.value);
    const done = operateCase(present.value, operation, doing);
    if (!done.ok) return done;
    const { after, kind, why } = done.value;
    const rival = this.#rivalOf(present.value, after);
    if (!rival.ok) return rival;
    const effects: OutboxEffect[] = [];
    if (operation.kind === 'order') {
      const { key, port, comment } = operation;
      effects.push({ kind: 'send', port, order: { key, case: after, comment, ...doing } });
    }
    return store.change(after, { ...doing, kind, why }, effects);
  }

  /** What takes an order that was never offered out of the outbox. */
  #unsend({ kind, after }: CaseChange): Result<readonly { readonly kind: 'done'; readonly key: string }[]> {
    if (kind !== 'ordered') return success([]);
    const waiting = this.#parts.store.outbox.waiting();
    if (!waiting.ok) return waiting;
    const key = after.orders.at(-1)!.key;
    const isUnsent = waiting.value.some(({ order, attempts }) => order.key === key && attempts === 0);
    if (isUnsent) return success([{ kind: 'done', key }]);
    return failure('health.case-state', `Order ${key} may have arrived already: cancel it where orders are kept.`);
  }

  /** A case that is opened again must not stand beside another of the same. Fault `health.case-state`. */
  #rivalOf(before: HealthCase, after: HealthCase): Result<void> {
    if (before.state !== 'closed' || after.state === 'closed') return success(undefined);
    const open = this.#parts.store.list({ watch: after.watch, states: ['open', 'ordered'] });
    if (!open.ok) return open;
    const rival = open.value.find(({ reasons }) => reasons.failure === after.reasons.failure);
    if (!rival) return success(undefined);
    return failure('health.case-state', `Case ${rival.number} is open for the same; go on there.`);
  }

  #see(standing: WatchStanding): Result<readonly HealthCase[]> {
    const { store, zone, wearHorizonDays = WEAR_HORIZON_DAYS } = this.#parts;
    const { watch, assessment, model } = standing;
    if (assessment.unscored === undefined || model === 0) {
      const noted = store.noteJudged(watch.id, watch.asset, assessment.time);
      if (!noted.ok) return noted;
    }
    const open = store.list({ watch: watch.id, states: ['open', 'ordered'] });
    if (!open.ok) return open;
    const cases: HealthCase[] = [];
    for (const evidence of explainStanding(standing, { zone, wearHorizonDays, beginnings: beginningsOf(open.value) })) {
      const taken = this.#take(standing, evidence);
      if (!taken.ok) return taken;
      if (taken.value) cases.push(taken.value);
    }
    const silent = open.value.filter(({ number }) => cases.every((one) => one.number !== number));
    const quietened = this.#quieten(standing, silent);
    return quietened.ok ? success(cases) : quietened;
  }

  /** A case whose rows have been as usual for days says so, and waits for somebody to say why. */
  #quieten({ assessment, model }: WatchStanding, open: readonly HealthCase[]): Result<void> {
    const { store, clock, zone } = this.#parts;
    if (assessment.unscored !== undefined || model === 0) return success(undefined);
    for (const one of open) {
      const { lastAlertAt, quietSince } = one;
      if (quietSince !== undefined || assessment.time - lastAlertAt < QUIET_US) continue;
      const why = `No alert ${sinceWords(lastAlertAt, clock.now(), zone)}: it was put right, or it comes and goes.`;
      const change = { at: assessment.time, by: MACHINE, kind: 'quiet', why } as const;
      const written = store.change({ ...one, quietSince: lastAlertAt }, change);
      if (!written.ok) return written;
    }
    return success(undefined);
  }

  #take(standing: WatchStanding, evidence: CaseEvidence): Result<HealthCase | undefined> {
    const { store } = this.#parts;
    const { watch, assessment, model } = standing;
    const open = store.list({ watch: watch.id, states: ['open', 'ordered'] });
    if (!open.ok) return open;
    const earlier = store.list({ watchName: watch.name, states: ['closed'], limit: MOST_EARLIER });
    if (!earlier.ok) return earlier;
    const similar = similarCases(evidence.reasons.signs, earlier.value);
    const present = caseFor(evidence, open.value);
    // After a restart rows are told again.
    if (present && assessment.time <= present.lastAlertAt) return success(undefined);
    if (present) return this.#add(present, alertedCase(present, standing, evidence, similar), evidence);
    const closed = store.list({ watch: watch.id, states: ['closed'], limit: MOST_EARLIER });
    if (!closed.ok) return closed;
    const alert = { evidence, model, time: assessment.time, learnUs: watch.learnUs };
    if (closed.value.some((one) => isQuiet(one, alert))) return success(undefined);
    return this.#open(openedCase(standing, evidence, similar));
  }

  #open(opened: Omit<HealthCase, 'number'>): Result<HealthCase> {
    const { store, events, clock } = this.#parts;
    const { sentence } = opened.reasons;
    const added = store.add(opened, { at: opened.openedAt, by: MACHINE, kind: 'opened', why: sentence });
    if (added.ok) {
      const detail = `case ${added.value.number}: ${sentence}`;
      events({ at: clock.now(), kind: 'health.case-opened', source: opened.assetPath, detail });
    }
    return added;
  }

  #add(present: HealthCase, after: HealthCase, evidence: CaseEvidence): Result<HealthCase> {
    const { store } = this.#parts;
    const { number, lastAlertAt: at, snoozedUntil, reasons, severity } = after;
    if (snoozedUntil !== undefined && snoozedUntil > at) {
      const rested = store.lastChange(number, ['snoozed']);
      if (!rested.ok) return rested;
      const why = rested.value && clearlyWorse(rested.value.after, evidence, at);
      if (why) return store.change({ ...after, snoozedUntil: undefined }, { at, by: MACHINE, kind: 'woken', why });
    }
    const told = store.lastChange(number, ['opened', 'alert', 'woken']);
    if (!told.ok) return told;
    const isNews =
      present.quietSince !== undefined ||
      reasons.failure !== present.reasons.failure ||
      reasons.kind !== present.reasons.kind ||
      severity !== present.severity ||
      (told.value &&
        (at - told.value.at >= ALERT_LINE_US || clearlyWorse(told.value.after, evidence, at) !== undefined));
    return isNews
      ? store.change(after, { at, by: MACHINE, kind: 'alert', why: reasons.sentence })
      : success(this.#refresh(after));
  }

  #refresh(after: HealthCase): HealthCase {
    this.#cancelFlush ??= this.#parts.clock.after(FLUSH_MS, () => {
      this.#cancelFlush = undefined;
      this.#tellWritable(this.#parts.store.flush());
    });
    return this.#parts.store.refresh(after);
  }

  /** An event when the disk takes no cases any more, and one when it does again. */
  #tellWritable(written: Result<unknown>): void {
    if (written.ok !== this.#isUnwritable) return;
    this.#isUnwritable = !written.ok;
    const detail = written.ok ? 'cases can be written again' : `${written.fault.code}: ${written.fault.detail}`;
    const kind = written.ok ? 'health.writable' : 'health.unwritable';
    this.#parts.events({ at: this.#parts.clock.now(), kind, source: 'cases', detail });
  }
}

/** Since when each feature is known to drift: as a trend grows faster, its beginning seems to move. */
function beginningsOf(cases: readonly HealthCase[]): ReadonlyMap<string, number> {
  return new Map(cases.flatMap(({ reasons }) => reasons.signs.map(({ feature, since }) => [feature, since] as const)));
}

/** So many closed cases are looked through for what a new alert is like. */
const MOST_EARLIER = 200;
