/**
 * Evaluates many alarms over a stream of samples, and does what people ask of them.
 *
 * Samples are of signals, which whoever feeds the engine numbers from 0: tags on a gateway, tags and attributes on a
 * server. A sample costs as much as the alarms on its signal; one that changes nothing makes no object.
 *
 * Every happening is a record, handed on at once and in order.
 */

import { type AlarmRecord, REMOVED_ALARM } from '@tidegate/core/alarm/alarmRecord.ts';
import type { AlarmView } from '@tidegate/core/alarm/alarmView.ts';
import type { Clock } from '@tidegate/core/clock/clock.ts';
import { type Timestamp, US_PER_MS } from '@tidegate/core/clock/timestamp.ts';
import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import type { AlarmEvent } from '../alarmEvent.ts';
import type { Reading } from '../condition/reading.ts';
import type { Watch } from '../condition/watch.ts';
import type { KeptAlarm } from './keptAlarm.ts';
import { type Doing, type PlacedAlarm, RunningAlarm } from './runningAlarm.ts';

/** Which signals an alarm takes its samples from. */
export interface EngineAlarm extends PlacedAlarm {
  readonly signal: number;
  /** Where `definition.reference` is. */
  readonly reference: number | undefined;
  /** In the order of `definition.suppressWhile`. */
  readonly suppressors: readonly number[];
  /** What it was called before what it belongs to was renamed. */
  readonly formerNames?: readonly string[];
}

export interface EnginePorts {
  readonly clock: Pick<Clock, 'now' | 'elapsedMs'>;
  /** Takes each record at once. */
  readonly record: (record: AlarmRecord) => void;
}

/** What a person can do with an alarm. */
export type AlarmOperation =
  | { readonly kind: 'acknowledge' | 'reset' | 'unshelve' | 'remove-from-service' | 'return-to-service' }
  /** For a time, or where it is one-shot until the condition returns, and no longer than the time. */
  | { readonly kind: 'shelve'; readonly forMs: number; readonly oneShot: boolean };

const NOTHING_KEPT: ReadonlyMap<string, KeptAlarm> = new Map();

/** What a sample of a signal goes to. */
interface Feed {
  readonly alarms: RunningAlarm[];
  readonly references: Watch[];
  readonly suppressors: Watch[];
}

export class AlarmEngine {
  readonly #ports: EnginePorts;
  #alarms: ReadonlyMap<string, RunningAlarm> = new Map();
  #feeds: (Feed | undefined)[] = [];
  /** Watches that have been there only since the last `use`. */
  readonly #begun = new Set<Watch>();
  #changes = 0;

  /** `kept` is what `keep` gave before the last stop, by the names of the alarms, each of which is there once. */
  constructor(alarms: readonly EngineAlarm[], ports: EnginePorts, kept?: ReadonlyMap<string, KeptAlarm>) {
    this.#ports = ports;
    this.use(alarms, kept);
  }

  /**
   * Evaluates these alarms from now on. One that is as it was goes on with its delays and what it has learned, one that is
   * defined anew as it stands. One that stood and is there no more ends with a record of that: without it, it would
   * stand for ever in the eyes of whoever reads the records.
   */
  use(alarms: readonly EngineAlarm[], kept = NOTHING_KEPT): void {
    const stood = new Map([...kept, ...Object.entries(this.keep())]);
    const nameNow = namesNow(alarms);
    const before = this.#alarms;
    this.#feeds = [];
    this.#begun.clear();
    this.#alarms = new Map(
      alarms.map((alarm) => {
        const { name } = alarm.definition;
        const same = before.get(name);
        const former = alarm.formerNames?.find((one) => nameNow.get(one) === name && stood.has(one));
        const running = same?.isOf(alarm) ? same : this.#begin(alarm, stood.get(name) ?? stood.get(former ?? name));
        this.#connect(alarm, running);
        return [name, running];
      }),
    );
    for (const name of stood.keys())
      if (!this.#alarms.has(name)) this.#record(this.#removalOf(name, nameNow.get(name)));
  }

  /** Rises with every happening, so that one sees whether there is something to keep. */
  get changes(): number {
    return this.#changes;
  }

  /** A sample of a signal; `reading` is not kept. What suppresses comes first, so that a state and its alarm may come together. */
  sample(signal: number, reading: Reading): void {
    const feed = this.#feeds[signal];
    if (feed === undefined) return;
    for (const watch of feed.suppressors) watch.sample(reading);
    for (const watch of feed.references) watch.reference(reading);
    for (const alarm of feed.alarms) alarm.sample(reading);
  }

  /** The last sample from before the last `use`: only alarms that came with that take it, and it is no sign of life. */
  prime(signal: number, reading: Reading): void {
    const feed = this.#feeds[signal];
    if (feed === undefined) return;
    for (const watch of feed.suppressors) if (this.#begun.has(watch)) watch.prime(reading);
    for (const watch of feed.references) if (this.#begun.has(watch)) watch.reference(reading);
    for (const alarm of feed.alarms) if (this.#begun.has(alarm.watch)) alarm.prime(reading);
  }

  /** Time goes by; to be called about ten times a second. */
  tick(): void {
    const time = this.#ports.clock.now();
    const nowUs = this.#nowUs();
    for (const alarm of this.#alarms.values()) alarm.tick(time, nowUs);
  }

  /** Faults: `alarm.unknown`, `alarm.refused`. */
  operate(name: string, operation: AlarmOperation, doing: Doing): Result<AlarmView> {
    const alarm = this.#alarms.get(name);
    if (!alarm) return failure('alarm.unknown', `There is no alarm ${JSON.stringify(name)}.`);
    const time = this.#ports.clock.now();
    if (operation.kind === 'shelve') {
      const { maxShelvingMs } = alarm.definition;
      if (operation.forMs > maxShelvingMs) {
        return failure('alarm.refused', `${name} can be shelved for ${maxShelvingMs / 60_000} min at most.`);
      }
      if ((doing.comment ?? '').trim() === '')
        return failure('alarm.refused', `${name} is not shelved without a reason.`);
    }
    const { refusal } = alarm.operate(eventOf(operation, time), doing, time, this.#nowUs());
    return refusal === undefined ? success(alarm.view()) : failure('alarm.refused', `${name} ${refusal}.`);
  }

  /** Every alarm, in the order in which they were given. */
  views(): AlarmView[] {
    return [...this.#alarms.values()].map((alarm) => alarm.view());
  }

  view(name: string): AlarmView | undefined {
    return this.#alarms.get(name)?.view();
  }

  /** What has to be known to go on after a restart; of alarms that are as they began, nothing. */
  keep(): Record<string, KeptAlarm> {
    const kept: Record<string, KeptAlarm> = {};
    for (const [name, alarm] of this.#alarms) {
      const state = alarm.keep();
      if (state) kept[name] = state;
    }
    return kept;
  }

  #begin(alarm: EngineAlarm, kept: KeptAlarm | undefined): RunningAlarm {
    const start = { time: this.#ports.clock.now(), now: () => this.#nowUs(), kept };
    const running = new RunningAlarm(alarm, start, (told) => this.#record(told));
    for (const watch of [running.watch, ...running.suppressions]) this.#begun.add(watch);
    return running;
  }

  #connect({ signal, reference, suppressors }: EngineAlarm, running: RunningAlarm): void {
    this.#feed(signal).alarms.push(running);
    if (reference !== undefined) this.#feed(reference).references.push(running.watch);
    for (const [index, suppressor] of suppressors.entries()) {
      this.#feed(suppressor).suppressors.push(running.suppressions[index]);
    }
  }

  #record(told: AlarmRecord): void {
    this.#changes++;
    this.#ports.record(told);
  }

  #removalOf(alarm: string, nameNow: string | undefined): AlarmRecord {
    const message = nameNow === undefined ? 'the alarm is configured no more' : `the alarm is called ${nameNow} now`;
    const time = this.#ports.clock.now();
    return {
      ...{ time, alarm, happening: 'out-of-service', state: 'out-of-service', priority: 'journal' },
      ...{ condition: REMOVED_ALARM, message },
    };
  }

  #feed(signal: number): Feed {
    const feed = this.#feeds[signal] ?? { alarms: [], references: [], suppressors: [] };
    this.#feeds[signal] = feed;
    return feed;
  }

  #nowUs(): number {
    return this.#ports.clock.elapsedMs() * US_PER_MS;
  }
}

/** By former names that no alarm has any more, which alarm had them. */
function namesNow(alarms: readonly EngineAlarm[]): ReadonlyMap<string, string> {
  const names = new Set(alarms.map(({ definition }) => definition.name));
  const now = new Map<string, string>();
  for (const { definition, formerNames = [] } of alarms) {
    for (const former of formerNames) if (!names.has(former) && !now.has(former)) now.set(former, definition.name);
  }
  return now;
}

function eventOf(operation: AlarmOperation, at: Timestamp): AlarmEvent {
  if (operation.kind !== 'shelve') return operation;
  const until = (at + Math.round(operation.forMs * US_PER_MS)) as Timestamp;
  return { kind: 'shelve', at, until, oneShot: operation.oneShot };
}
