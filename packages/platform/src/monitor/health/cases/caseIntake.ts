/**
 * From alerts to cases.
 *
 * Invariants:
 * - An alert opens at most one case of a watch and trouble; later ones add to it.
 * - Alerts over doubtful data, and those that people have put to rest and that have not clearly grown since, open nothing.
 * - An alert that could not be written is taken when there is room again, though its watch should have fallen silent by then.
 */

import type { CancelTimer, Clock } from '@tidegate/core/clock/clock.ts';
import { US_PER_DAY } from '@tidegate/core/clock/timestamp.ts';
import { type Result, success } from '@tidegate/core/fault/fault.ts';
import type { EventSink } from '@tidegate/core/port/eventSink.ts';
import type { WatchStanding } from '../scoring/watchStanding.ts';
import { alertedCase, type CaseAlert, openedCase } from './alertedCase.ts';
import { groupFor } from './caseGroup.ts';
import { caseFor, isQuiet } from './caseMatch.ts';
import { CaseNews } from './caseNews.ts';
import type { CaseStore } from './caseStore.ts';
import { clearlyWorse } from './clearlyWorse.ts';
import { explainStanding } from './explain/explainStanding.ts';
import { similarCases } from './explain/similarCases.ts';
import { sinceWords } from './explain/siteTime.ts';
import { type CaseReasons, type HealthCase, MACHINE } from './healthCase.ts';

export interface CaseIntakeParts {
  readonly store: CaseStore;
  readonly clock: Clock;
  readonly events: EventSink;
  /** IANA time zone of the site, for what people read. */
  readonly zone: string;
  /** Wear alone opens a case when with 5 % probability the part fails within so many days. */
  readonly wearHorizonDays?: number;
}

/** A remote site is planned for by quarters. */
const WEAR_HORIZON_DAYS = 90;
/** An alert that says nothing new is a line of the history so often. */
const ALERT_LINE_US = 7 * US_PER_DAY;
/** What does not alert for so long has gone by. */
const QUIET_US = 3 * US_PER_DAY;
/** Numbers that are no news are written so often at most: a server that catches up sees years of them in minutes. */
const FLUSH_MS = 10_000;
/** So many closed cases are looked through for what a new alert is like. */
const MOST_EARLIER = 200;

export class CaseIntake {
  readonly #parts: CaseIntakeParts;
  readonly #news: CaseNews;
  /** By watch, kind and failure, the first of those that could not be written; whoever waits longest comes first. */
  readonly #missed = new Map<string, CaseAlert>();
  #isUnwritable = false;
  #cancelFlush: CancelTimer | undefined;

  constructor(parts: CaseIntakeParts) {
    this.#parts = parts;
    this.#news = new CaseNews(parts);
  }

  stop(): void {
    this.#cancelFlush?.();
    this.#tellWritable(this.#parts.store.flush());
    while (this.#missed.size > 0 && this.#takeMissed().ok);
    this.#news.tell();
  }

  /** Takes what a row says; gives the cases that it opened or added to. Faults: `archive.full`, `archive.unwritable`. */
  see(standing: WatchStanding): Result<readonly HealthCase[]> {
    const again = this.#takeMissed();
    const seen = this.#see(standing);
    this.#tellWritable(again.ok ? seen : again);
    return seen;
  }

  #see(standing: WatchStanding): Result<readonly HealthCase[]> {
    const { store, zone, wearHorizonDays = WEAR_HORIZON_DAYS } = this.#parts;
    const { watch, assessment, model } = standing;
    const open = store.list({ watch: watch.id, states: ['open', 'ordered'] });
    if (!open.ok) return open;
    const alerts = explainStanding(standing, { zone, wearHorizonDays, beginnings: beginningsOf(open.value) }).map(
      (evidence): CaseAlert => ({ watch, model, time: assessment.time, evidence }),
    );
    const taken = alerts.map((alert) => this.#takeOrKeep(alert));
    const fault = taken.find((result) => !result.ok);
    if (fault) return fault;
    const cases = taken.flatMap((result) => (result.ok && result.value ? [result.value] : []));
    const isScored = assessment.unscored === undefined;
    if (!isScored && model !== 0) return success(cases);
    store.noteJudged(watch.id, watch.asset, assessment.time);
    this.#planFlush();
    if (!isScored || model === 0) return success(cases);
    const silent = open.value.filter(({ number }) => cases.every((one) => one.number !== number));
    const quietened = this.#quieten(assessment.time, silent);
    return quietened.ok ? success(cases) : quietened;
  }

  /** Those that wait are tried one at a time: a disk that is full is not asked for each of a hundred with every row. */
  #takeMissed(): Result<void> {
    for (const [key, alert] of this.#missed) {
      const taken = this.#take(alert);
      this.#missed.delete(key);
      if (taken.ok) continue;
      this.#missed.set(key, alert);
      return taken;
    }
    return success(undefined);
  }

  #takeOrKeep(alert: CaseAlert): Result<HealthCase | undefined> {
    const taken = this.#take(alert);
    const { kind, failure } = alert.evidence.reasons;
    const key = JSON.stringify([alert.watch.id, kind, failure]);
    if (!taken.ok && !this.#missed.has(key)) this.#missed.set(key, alert);
    return taken;
  }

  /** A case whose rows have been as usual for days says so, and waits for somebody to say why. */
  #quieten(time: number, open: readonly HealthCase[]): Result<void> {
    const { store, clock, zone } = this.#parts;
    for (const one of open) {
      const { lastAlertAt, quietSince } = one;
      if (quietSince !== undefined || time - lastAlertAt < QUIET_US) continue;
      const why = `No alert ${sinceWords(lastAlertAt, clock.now(), zone)}: it was put right, or it comes and goes.`;
      const change = { at: time, by: MACHINE, kind: 'quiet', why } as const;
      const written = store.change({ ...one, quietSince: lastAlertAt }, change);
      if (!written.ok) return written;
    }
    return success(undefined);
  }

  #take(alert: CaseAlert): Result<HealthCase | undefined> {
    const { store } = this.#parts;
    const { watch, evidence, time } = alert;
    const open = store.list({ watch: watch.id, states: ['open', 'ordered'] });
    if (!open.ok) return open;
    const present = caseFor(evidence, open.value);
    // After a restart rows are told again.
    if (present && time <= present.lastAlertAt) return success(undefined);
    if (present) return this.#add(present, alert);
    const closed = store.list({ watch: watch.id, states: ['closed'], limit: MOST_EARLIER });
    if (!closed.ok) return closed;
    return closed.value.some((one) => isQuiet(one, alert)) ? success(undefined) : this.#open(alert);
  }

  #open(alert: CaseAlert): Result<HealthCase> {
    const { store } = this.#parts;
    const { watch, time } = alert;
    const similar = this.#similarTo(alert);
    if (!similar.ok) return similar;
    const near = store.openedNear(time, watch.intervalUs);
    if (!near.ok) return near;
    const opened = openedCase(alert, { similar: similar.value, beganWith: groupFor(watch.assetPath, near.value) });
    const added = store.add(opened, { at: time, by: MACHINE, kind: 'opened', why: opened.reasons.sentence });
    if (added.ok) this.#news.opened(added.value);
    return added;
  }

  #add(present: HealthCase, alert: CaseAlert): Result<HealthCase> {
    const { store } = this.#parts;
    const { evidence, time: at } = alert;
    const after = alertedCase(present, alert);
    const { number, snoozedUntil, reasons, severity } = after;
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
    if (!isNews) {
      this.#planFlush();
      return success(store.refresh(after));
    }
    const similar = this.#similarTo(alert);
    if (!similar.ok) return similar;
    const news = { ...after, reasons: { ...reasons, similar: similar.value } };
    return store.change(news, { at, by: MACHINE, kind: 'alert', why: reasons.sentence });
  }

  /** Among those of the same watch on whatever equipment. */
  #similarTo({ watch, evidence }: CaseAlert): Result<CaseReasons['similar']> {
    const earlier = this.#parts.store.list({ watchName: watch.name, states: ['closed'], limit: MOST_EARLIER });
    return earlier.ok ? success(similarCases(evidence.reasons.signs, earlier.value)) : earlier;
  }

  #planFlush(): void {
    this.#cancelFlush ??= this.#parts.clock.after(FLUSH_MS, () => {
      this.#cancelFlush = undefined;
      this.#tellWritable(this.#parts.store.flush());
    });
  }

  /** An event when the disk takes no cases any more, and one when it does again. */
  #tellWritable(written: Result<unknown>): void {
    const isOver = written.ok && this.#missed.size === 0;
    if (this.#isUnwritable ? !isOver : written.ok) return;
    this.#isUnwritable = !written.ok;
    const detail = written.ok ? 'cases can be written again' : `${written.fault.code}: ${written.fault.detail}`;
    const kind = written.ok ? 'health.writable' : 'health.unwritable';
    this.#parts.events({ at: this.#parts.clock.now(), kind, source: 'cases', detail });
  }
}

/** Since when each feature is known to drift: as a trend grows faster, its beginning seems to move. */
function beginningsOf(cases: readonly HealthCase[]): ReadonlyMap<string, number> {
  const signs = cases.flatMap(({ reasons }) => reasons.signs).filter(({ since }) => Number.isFinite(since));
  return new Map(signs.sort((a, b) => b.since - a.since).map(({ feature, since }) => [feature, since]));
}
