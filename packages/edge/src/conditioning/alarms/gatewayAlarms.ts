/**
 * The alarms of a gateway: evaluated on what it reads, whether or not the boundary can be crossed, and written down as samples
 * of system tags in the audit lane.
 *
 * They see every reading of their tags, before exception reporting and compression leave any out, and also of tags that
 * may not cross.
 */

import { alarmTagName } from '@tidegate/alarm/definition/alarmName.ts';
import { AlarmEngine, type AlarmOperation, type EngineAlarm } from '@tidegate/alarm/engine/alarmEngine.ts';
import type { KeptAlarm } from '@tidegate/alarm/engine/keptAlarm.ts';
import type { Doing } from '@tidegate/alarm/engine/runningAlarm.ts';
import type { AlarmRecord } from '@tidegate/core/alarm/alarmRecord.ts';
import type { AlarmView } from '@tidegate/core/alarm/alarmView.ts';
import { ValueKind } from '@tidegate/core/block/sampleBlock.ts';
import type { Clock } from '@tidegate/core/clock/clock.ts';
import type { Result } from '@tidegate/core/fault/fault.ts';
import type { SampleSink } from '@tidegate/core/port/sampleSink.ts';
import { STATUS } from '@tidegate/core/sample/statusCode.ts';
import type { AlarmReports } from '../../acquisition/alarmReports.ts';
import { Readings } from '../../acquisition/readings.ts';
import type { ReadingWatcher } from '../readingWatcher.ts';

/** The system tag of alarms that devices evaluate themselves, of which nobody knows beforehand which there are. */
export const OUTSIDE_ALARMS = 'outside';

export interface GatewayAlarmParts {
  /** Their signals are numbers of tags. */
  readonly alarms: readonly EngineAlarm[];
  /** The system tag of each alarm, by its name with dots for slashes, and of those from outside. */
  readonly tags: ReadonlyMap<string, number>;
  readonly clock: Clock;
  readonly kept: ReadonlyMap<string, KeptAlarm>;
}

export class GatewayAlarms implements ReadingWatcher, AlarmReports {
  readonly #engine: AlarmEngine;
  readonly #tags: ReadonlyMap<string, number>;
  readonly #reading = { time: 0, value: 0, text: undefined as string | undefined, status: 0 };
  #waiting: { readonly record: AlarmRecord; readonly tag: string }[] = [];
  #readings: Readings | undefined;
  #isFlushDue = false;

  constructor({ alarms, tags, clock, kept }: GatewayAlarmParts) {
    this.#tags = tags;
    this.#engine = new AlarmEngine(
      alarms,
      { clock, record: (record) => this.#wait(record, this.#tagOf(record)) },
      kept,
    );
  }

  /** Rises with every happening of its own alarms. */
  get changes(): number {
    return this.#engine.changes;
  }

  /** From now on readings are looked at, and records become samples, those that have come before among them. */
  attach(sink: SampleSink): void {
    this.#readings = new Readings(sink);
    this.flush();
  }

  /** What the gateway itself writes when it stops and starts says nothing of the plant: readings are looked at no more. */
  detach(): void {
    this.flush();
    this.#readings = undefined;
  }

  read(tag: number, time: number, value: number, kind: number, status: number, text: string): void {
    if (!this.#readings) return;
    const reading = this.#reading;
    reading.time = time;
    reading.value = kind === ValueKind.number ? value : Number.NaN;
    reading.text = kind === ValueKind.string ? text : undefined;
    reading.status = status;
    this.#engine.sample(tag, reading);
  }

  report(record: AlarmRecord): void {
    this.#wait(record, OUTSIDE_ALARMS);
  }

  tick(): void {
    this.#engine.tick();
  }

  /** Faults: `alarm.unknown`, `alarm.refused`. */
  operate(name: string, operation: AlarmOperation, doing: Doing): Result<AlarmView> {
    return this.#engine.operate(name, operation, doing);
  }

  views(): AlarmView[] {
    return this.#engine.views();
  }

  keep(): Record<string, KeptAlarm> {
    return this.#engine.keep();
  }

  /** Hands over what has happened. */
  flush(): void {
    this.#isFlushDue = false;
    if (!this.#readings) return;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const { record, tag } of waiting) {
      const number = this.#tags.get(tag);
      if (number !== undefined) this.#readings.text(number, record.time, JSON.stringify(record), STATUS.Good);
    }
    this.#readings.flush();
  }

  /** What is configured no more has no tag of its own. */
  #tagOf({ alarm }: AlarmRecord): string {
    const own = alarmTagName(alarm);
    return this.#tags.has(own) ? own : OUTSIDE_ALARMS;
  }

  #wait(record: AlarmRecord, tag: string): void {
    this.#waiting.push({ record, tag });
    // The reading that it came of is on its way through the conditioner: that comes to its end first.
    if (!this.#readings || this.#isFlushDue) return;
    this.#isFlushDue = true;
    queueMicrotask(() => this.flush());
  }
}
