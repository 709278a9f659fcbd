/** One alarm at work: its condition and what suppresses it are followed, and everything that happens to it becomes a record. */

import type { AlarmHappening, AlarmRecord } from '@tidegate/core/alarm/alarmRecord.ts';
import type { AlarmView } from '@tidegate/core/alarm/alarmView.ts';
import { type Timestamp, US_PER_MS } from '@tidegate/core/clock/timestamp.ts';
import { type AlarmStep, advanceAlarm } from '../advanceAlarm.ts';
import type { AlarmEvent } from '../alarmEvent.ts';
import { type AlarmSituation, initialSituation, stateOf } from '../alarmSituation.ts';
import { isOneOf, RATE_KINDS, STATISTICAL_KINDS } from '../condition/condition.ts';
import type { Reading } from '../condition/reading.ts';
import type { Watch } from '../condition/watch.ts';
import { watchCondition } from '../condition/watchCondition.ts';
import type { AlarmDefinition } from '../definition/alarmDefinition.ts';
import { messageOf } from '../definition/alarmMessage.ts';
import type { KeptAlarm } from './keptAlarm.ts';

/** Who did something, and why. */
export interface Doing {
  readonly by: string;
  readonly comment?: string | undefined;
}

/** An alarm beside what it is in its place. */
export interface PlacedAlarm {
  readonly definition: AlarmDefinition;
  /** UCUM code of the value, empty where there is none. */
  readonly unit: string;
}

export interface AlarmStart {
  readonly time: Timestamp;
  /** Microseconds of a clock that never goes back. */
  readonly now: () => number;
  readonly kept: KeptAlarm | undefined;
}

export class RunningAlarm {
  readonly definition: AlarmDefinition;
  readonly watch: Watch;
  /** One for each entry of `suppressWhile`. */
  readonly suppressions: readonly Watch[];
  readonly #unit: string;
  readonly #limit: number | undefined;
  readonly #message: string;
  readonly #record: (record: AlarmRecord) => void;
  /** What was read last: not-a-number where it is a text. */
  #number = Number.NaN;
  #text: string | undefined;
  #situation: AlarmSituation;
  #since: Timestamp;
  #value: number | string | undefined;
  #by: string | undefined;
  #comment: string | undefined;
  /** By the clock that never goes back. */
  #shelvedUntilUs = Number.POSITIVE_INFINITY;
  readonly #lastTimes = new Map<AlarmHappening, number>();

  constructor({ definition, unit }: PlacedAlarm, start: AlarmStart, record: (record: AlarmRecord) => void) {
    const { kept, time, now } = start;
    const { latching, condition, priority } = definition;
    this.definition = definition;
    this.#unit = unit;
    const isInUnit = !isOneOf(RATE_KINDS, condition.kind) && !isOneOf(STATISTICAL_KINDS, condition.kind);
    this.#limit = isInUnit && 'limit' in condition ? condition.limit : undefined;
    this.#message = messageOf(definition, unit);
    this.#record = record;
    const fresh = initialSituation(latching, priority !== 'journal');
    this.#situation = kept ? { ...kept.situation, latching, mustAcknowledge: fresh.mustAcknowledge } : fresh;
    this.#since = kept?.since ?? time;
    this.#value = kept?.value;
    this.#by = kept?.by;
    this.#comment = kept?.comment;
    const startOf = (active: boolean) => ({ active, time, now });
    const { active, shelving } = this.#situation;
    if (shelving) this.#shelvedUntilUs = now() + Math.max(0, shelving.until - time);
    this.watch = watchCondition(condition, definition, startOf(active), (holds, at) => this.#change(holds, at));
    this.suppressions = definition.suppressWhile.map((suppression, index) =>
      watchCondition(
        suppression.condition,
        suppression,
        startOf(kept?.suppressing.includes(index) ?? false),
        (_holds, at) => this.#suppress(at),
      ),
    );
    this.#forgetSuppression(time);
  }

  /** Whether it is evaluated in the same way. */
  isOf({ definition, unit }: PlacedAlarm): boolean {
    return unit === this.#unit && JSON.stringify(definition) === JSON.stringify(this.definition);
  }

  /** A sample of what it watches. */
  sample(reading: Reading): void {
    this.#number = reading.value;
    this.#text = reading.text;
    this.watch.sample(reading);
  }

  /** What was read last before the alarm was there. */
  prime(reading: Reading): void {
    this.#number = reading.value;
    this.#text = reading.text;
    this.watch.prime(reading);
  }

  tick(time: Timestamp, nowUs: number): void {
    this.watch.tick(nowUs);
    for (const suppression of this.suppressions) suppression.tick(nowUs);
    const { shelving } = this.#situation;
    if (!shelving || (time < shelving.until && nowUs < this.#shelvedUntilUs)) return;
    // Where the clock was set back, the time of the shelving is over all the same.
    this.#take({ kind: 'expire', at: Math.max(time, shelving.until) as Timestamp }, time);
  }

  /** What a person does. A refusal is half a sentence that the name of the alarm stands before. */
  operate(event: AlarmEvent, doing: Doing, time: Timestamp, nowUs: number): AlarmStep {
    const step = this.#take(event, time, doing);
    if (event.kind === 'shelve' && step.happening) this.#shelvedUntilUs = nowUs + (event.until - time);
    return step;
  }

  view(): AlarmView {
    const { definition } = this;
    const { rationalisation } = definition;
    return {
      ...{ name: definition.name, subject: definition.subject, state: stateOf(this.#situation) },
      ...{ since: this.#since, active: this.#situation.active },
      ...{ priority: definition.priority, condition: definition.condition.kind, ...this.#measured(this.#value) },
      message: this.#message,
      ...(rationalisation && { action: rationalisation.action, consequence: rationalisation.consequence }),
      ...this.#done(),
    };
  }

  /** `undefined` where it is as it would be without. */
  keep(): KeptAlarm | undefined {
    const { active, annunciation, shelving, suppressed, outOfService } = this.#situation;
    const suppressing = this.suppressions.flatMap((watch, index) => (watch.active ? [index] : []));
    const isPlain = !active && annunciation === 'normal' && !shelving && !suppressed && !outOfService;
    if (isPlain && suppressing.length === 0) return undefined;
    const { value, by, comment } = { value: this.#value, by: this.#by, comment: this.#comment };
    return { situation: this.#situation, since: this.#since, value, by, comment, suppressing };
  }

  #change(holds: boolean, time: Timestamp): void {
    this.#value = this.#text ?? (Number.isFinite(this.#number) ? this.#number : undefined);
    this.#take({ kind: holds ? 'activate' : 'return' }, time);
  }

  #suppress(time: Timestamp): void {
    const holds = this.suppressions.some(({ active }) => active);
    if (holds !== this.#situation.suppressed) this.#take({ kind: holds ? 'suppress' : 'unsuppress' }, time);
  }

  /** What suppressed it may be configured no more. */
  #forgetSuppression(time: Timestamp): void {
    if (this.#situation.suppressed && !this.suppressions.some(({ active }) => active)) {
      this.#take({ kind: 'unsuppress' }, time);
    }
  }

  #take(event: AlarmEvent, time: Timestamp, doing?: Doing): AlarmStep {
    const step = advanceAlarm(this.#situation, event);
    const before = stateOf(this.#situation);
    this.#situation = step.situation;
    if (step.happening === undefined) return step;
    if (stateOf(step.situation) !== before) this.#since = time;
    this.#by = doing?.by;
    this.#comment = doing?.comment;
    this.#record(this.#recordOf(step.happening, time));
    return step;
  }

  #recordOf(happening: AlarmHappening, at: Timestamp): AlarmRecord {
    const { name, priority, condition } = this.definition;
    const time = this.#apart(happening, at);
    return {
      ...{ time, alarm: name, happening, state: stateOf(this.#situation), priority, condition: condition.kind },
      ...this.#measured(this.#value),
      message: this.#message,
      ...this.#done(),
    };
  }

  /** Devices stamp several samples with one time: that the same happens again within it is told a microsecond later. */
  #apart(happening: AlarmHappening, time: Timestamp): Timestamp {
    const last = this.#lastTimes.get(happening) ?? Number.NEGATIVE_INFINITY;
    const isSameTime = time <= last && last - time < US_PER_MS;
    const told = (isSameTime ? last + 1 : time) as Timestamp;
    this.#lastTimes.set(happening, told);
    return told;
  }

  #measured(value: number | string | undefined): Pick<AlarmRecord, 'value' | 'limit' | 'unit'> {
    return {
      ...(value !== undefined && { value }),
      ...(this.#limit !== undefined && { limit: this.#limit }),
      ...(this.#unit !== '' && (value !== undefined || this.#limit !== undefined) && { unit: this.#unit }),
    };
  }

  #done(): Pick<AlarmRecord, 'by' | 'comment' | 'until'> {
    const until = this.#situation.shelving?.until;
    return {
      ...(this.#by !== undefined && { by: this.#by }),
      ...(this.#comment !== undefined && { comment: this.#comment }),
      ...(until !== undefined && { until }),
    };
  }
}
