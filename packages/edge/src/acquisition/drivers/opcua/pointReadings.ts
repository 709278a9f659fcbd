/**
 * From the values of a server to readings: status, type and time.
 *
 * The newest reading of a point is always what the server said last. A value that bears an older time than the reading before it,
 * by which we said that there is none, is told with its own time if it is a change, and as of its arrival.
 */

import type { Clock } from '@tidegate/core/clock/clock.ts';
import { type Timestamp, US_PER_S } from '@tidegate/core/clock/timestamp.ts';
import { STATUS, type StatusCode, severityOf } from '@tidegate/core/sample/statusCode.ts';
import type { Readings } from '../../readings.ts';
import type { ConditionAlarms } from './conditionAlarms.ts';
import type { ConditionEvent } from './conditionEvent.ts';
import type { ReadValue } from './encoding/readValue.ts';
import type { NodePoint } from './nodePoint.ts';

/** Before this no clock of a server is right: 2000-01-01. */
const FIRST_US = 946_684_800 * US_PER_S;
/** A tag holds a word or a sentence, and no document. */
const MAX_TEXT = 4_096;
const MAX_AHEAD_US = 60 * US_PER_S;

export class PointReadings {
  readonly #readings: Readings;
  readonly #clock: Clock;
  readonly #alarms: ConditionAlarms | undefined;
  /** The latest value of each point that is older than our last word on it. */
  readonly #overtaken = new Map<NodePoint, ReadValue>();

  constructor(readings: Readings, clock: Clock, alarms: ConditionAlarms | undefined) {
    this.#readings = readings;
    this.#clock = clock;
    this.#alarms = alarms;
  }

  /** A change, at the time at which it happened. */
  change(point: NodePoint, value: ReadValue): void {
    const { timeUs, doubtful } = timeOf(value, this.#clock.now());
    this.#push(point, value, timeUs, doubtful);
    if (point.failedUs === undefined) return;
    if (timeUs > point.failedUs) this.#settle(point);
    else this.#overtaken.set(point, { ...value });
  }

  /** What is true now, since when ever it is. */
  state(point: NodePoint, value: ReadValue): void {
    const nowUs = this.#clock.now();
    const { timeUs, doubtful } = timeOf(value, nowUs);
    const overtaken = point.failedUs !== undefined && timeUs <= point.failedUs;
    this.#push(point, value, overtaken ? nowUs : timeUs, doubtful);
    this.#settle(point);
  }

  event(point: NodePoint, event: ConditionEvent): void {
    const { timeUs, doubtful } = timeOf({ sourceUs: event.time, serverUs: undefined }, this.#clock.now());
    point.failedUs = undefined;
    const status = doubtful ? STATUS.Uncertain : STATUS.Good;
    this.#readings.text(point.tag, timeUs as Timestamp, JSON.stringify({ ...event, time: timeUs }), status);
    this.#alarms?.hear(event, timeUs as Timestamp);
  }

  /** The events of the point are reported again, after we had said that they are not; there is none yet. */
  listening(point: NodePoint): void {
    if (point.failedUs === undefined) return;
    point.failedUs = undefined;
    this.#readings.none(point.tag, this.#clock.now(), STATUS.GoodNoData);
  }

  none(point: NodePoint, status: number): void {
    const nowUs = this.#clock.now();
    point.failedUs = nowUs;
    this.#overtaken.delete(point);
    this.#readings.none(point.tag, nowUs, status as StatusCode);
  }

  /** The end of a message: what is still true of what was overtaken, and everything on its way. */
  flush(): void {
    const nowUs = this.#clock.now();
    for (const [point, value] of this.#overtaken) {
      this.#push(point, value, nowUs, false);
      point.failedUs = undefined;
    }
    this.#overtaken.clear();
    this.#readings.flush();
  }

  #settle(point: NodePoint): void {
    point.failedUs = undefined;
    this.#overtaken.delete(point);
  }

  #push(point: NodePoint, value: ReadValue, timeUs: number, doubtfulTime: boolean): void {
    const { tag } = point;
    const time = timeUs as Timestamp;
    const failing = failingStatus(point, value);
    const doubtful = (value.rounded || doubtfulTime) && severityOf(value.status) === 'good';
    const status = doubtful ? STATUS.Uncertain : (value.status as StatusCode);
    if (failing !== undefined) this.#readings.none(tag, time, failing);
    else if (point.type === 'string') this.#readings.text(tag, time, value.text, status);
    else this.#readings.number(tag, time, value.number, status);
  }
}

/** When the value arose by the clock of the server; where that is not set right, and where it says nothing, the time of arrival. */
function timeOf({ sourceUs, serverUs }: Pick<ReadValue, 'sourceUs' | 'serverUs'>, nowUs: number) {
  const timeUs = sourceUs ?? serverUs;
  if (timeUs === undefined) return { timeUs: nowUs, doubtful: false };
  const believable = timeUs >= FIRST_US && timeUs <= nowUs + MAX_AHEAD_US;
  return believable ? { timeUs, doubtful: false } : { timeUs: nowUs, doubtful: true };
}

/** Why there is no value to be told; `undefined` where there is one. */
function failingStatus({ type }: NodePoint, { kind, number, text, status }: ReadValue): StatusCode | undefined {
  if (severityOf(status) === 'bad') return status as StatusCode;
  if (kind === 'none') return STATUS.BadNoData;
  if (type === 'string') {
    if (kind !== 'text' && kind !== 'time') return STATUS.BadTypeMismatch;
    return text.length > MAX_TEXT ? STATUS.BadOutOfRange : undefined;
  }
  if (kind === 'text' || kind === 'other') return STATUS.BadTypeMismatch;
  if (type === 'boolean' && number !== 0 && number !== 1) return STATUS.BadTypeMismatch;
  if (Number.isNaN(number)) return STATUS.BadNoData;
  return Number.isFinite(number) ? undefined : STATUS.BadOutOfRange;
}
