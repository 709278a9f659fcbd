/**
 * Evaluates many alarms over a stream of samples, and does what people ask of them.
 *
 * Samples are of signals, which whoever feeds the engine numbers from 0: tags on a gateway, tags and attributes on a
 * server. A sample costs as much as the alarms on its signal; one that changes nothing makes no object.
 *
 * Every happening is a record, handed on at once and in order.
 */

import type { AlarmRecord } from '@tidegate/core/alarm/alarmRecord.ts';
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

/** What a sample of a signal goes to. */
interface Feed {
  readonly alarms: RunningAlarm[];
  readonly references: Watch[];
  readonly suppressors: Watch[];
}

export class AlarmEngine {
  readonly #ports: EnginePorts;
  readonly #alarms = new Map<string, RunningAlarm>();
  readonly #running: readonly RunningAlarm[];
  readonly #feeds: (Feed | undefined)[] = [];
  #changes = 0;

  /** `kept` is what `keep` gave before the last stop, by the names of the alarms, each of which is there once. */
  constructor(alarms: readonly EngineAlarm[], ports: EnginePorts, kept: ReadonlyMap<string, KeptAlarm> = new Map()) {
    this.#ports = ports;
    const record = (told: AlarmRecord) => {
      this.#changes++;
      ports.record(told);
    };
    const now = () => this.#nowUs();
    for (const alarm of alarms) {
      const { name } = alarm.definition;
      const start = { time: ports.clock.now(), now, kept: kept.get(name) };
      const running = new RunningAlarm(alarm, start, record);
      this.#alarms.set(name, running);
      this.#feed(alarm.signal).alarms.push(running);
      if (alarm.reference !== undefined) this.#feed(alarm.reference).references.push(running.watch);
      for (const [index, signal] of alarm.suppressors.entries()) {
        this.#feed(signal).suppressors.push(running.suppressions[index]);
      }
    }
    this.#running = [...this.#alarms.values()];
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

  /** Time goes by; to be called about ten times a second. */
  tick(): void {
    const time = this.#ports.clock.now();
    const nowUs = this.#nowUs();
    for (const alarm of this.#running) alarm.tick(time, nowUs);
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
    return this.#running.map((alarm) => alarm.view());
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

  #feed(signal: number): Feed {
    const feed = this.#feeds[signal] ?? { alarms: [], references: [], suppressors: [] };
    this.#feeds[signal] = feed;
    return feed;
  }

  #nowUs(): number {
    return this.#ports.clock.elapsedMs() * US_PER_MS;
  }
}

function eventOf(operation: AlarmOperation, at: Timestamp): AlarmEvent {
  if (operation.kind !== 'shelve') return operation;
  const until = (at + Math.round(operation.forMs * US_PER_MS)) as Timestamp;
  return { kind: 'shelve', at, until, oneShot: operation.oneShot };
}
