/**
 * Turns the values of a response into readings: the value, the status that its flags mean, and the time of its origin.
 *
 * A state is true when it comes, whatever time it bears: the newest reading of a point is never an older one than what the
 * outstation said last. An event keeps its time; where that makes it older than a state told before, because the clock of the
 * outstation is behind, its point is told again as it is now.
 */

import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { STATUS, type StatusCode, severityOf } from '@tidegate/core/sample/statusCode.ts';
import { decodeText } from '../../decodeText.ts';
import type { Readings } from '../../readings.ts';
import { type ObjectSink, type PointKind, TIME_QUALITY, type TimeQuality } from './application/objectSink.ts';
import type { ClockCheck } from './clockCheck.ts';
import { type DatabasePoint, type PointTable, timeOfState } from './pointTable.ts';
import { statusOf } from './quality.ts';
import { sourceTime } from './sourceTime.ts';

/** What is known of a response before its values are. */
export interface ResponseTraits {
  readonly arrival: Timestamp;
  /** Whether the outstation trusts its own clock. */
  readonly clockRight: boolean;
  /** Whether the states of all points are still to come. */
  readonly statesFollow: boolean;
}

export class PointReadings implements ObjectSink {
  readonly #table: PointTable;
  readonly #readings: Readings;
  readonly #clockCheck: ClockCheck;
  #response: ResponseTraits = { arrival: 0 as Timestamp, clockRight: true, statesFollow: false };
  /** Points whose latest event is older than a state told before, with its status. */
  readonly #late = new Map<DatabasePoint, StatusCode>();
  /** How many values were changes, whether anybody wants them or not. */
  events = 0;
  /** How many states were not what had been told of their points. */
  changedStates = 0;
  /** What the outstation answered to the latest delay measurement, in milliseconds. */
  delayMs: number | undefined;

  constructor(table: PointTable, readings: Readings, clockCheck: ClockCheck) {
    this.#table = table;
    this.#readings = readings;
    this.#clockCheck = clockCheck;
  }

  begin(response: ResponseTraits): void {
    this.#response = response;
  }

  /** All values of the response have come. */
  end(): void {
    for (const [point, status] of this.#late) this.#tell(point, timeOfState(point, this.#response.arrival), status);
    this.#late.clear();
  }

  number(
    kind: PointKind,
    index: number,
    value: number,
    flags: number,
    timeMs: number,
    timeQuality: TimeQuality,
    event: boolean,
  ): void {
    if (event) this.events++;
    const points = this.#table.at(kind, index);
    if (points === undefined) return;
    const { arrival, clockRight } = this.#response;
    let status = statusOf(kind, flags);
    let source: Timestamp | undefined;
    if (timeQuality !== TIME_QUALITY.none) {
      if (event) this.#clockCheck.event(timeMs, arrival);
      source = sourceTime(timeMs, arrival);
      if (!(clockRight && timeQuality === TIME_QUALITY.synchronized && source !== undefined))
        status = atMostUncertain(status);
    }
    for (const point of points) {
      if (!event && point.value !== undefined && !Object.is(point.value, value)) this.changedStates++;
      point.value = value;
      this.#tell(point, this.#timeOf(point, source, status, event), status);
    }
  }

  bytes(kind: PointKind, index: number, data: Uint8Array, event: boolean): void {
    if (event) this.events++;
    for (const point of this.#table.at(kind, index) ?? []) {
      told(point);
      this.#readings.text(point.tag, timeOfState(point, this.#response.arrival), decodeText(data), STATUS.Good);
    }
  }

  /** Nobody asks for the clock of the outstation. */
  time(): void {}

  delay(delayMs: number): void {
    this.delayMs = delayMs;
  }

  #timeOf(point: DatabasePoint, source: Timestamp | undefined, status: StatusCode, event: boolean): Timestamp {
    const { arrival, statesFollow } = this.#response;
    const late = source !== undefined && source < point.newest;
    if (late && event && !statesFollow) this.#late.set(point, status);
    else if (this.#late.size > 0) this.#late.delete(point);
    if (source === undefined || (late && !event)) return timeOfState(point, arrival);
    return late ? source : timeOfState(point, source);
  }

  /** What the point has as its value now. */
  #tell(point: DatabasePoint, time: Timestamp, status: StatusCode): void {
    const { tag, value } = point;
    told(point);
    if (value === undefined || severityOf(status) === 'bad') this.#readings.none(tag, time, status);
    else if (Number.isFinite(value)) this.#readings.number(tag, time, value, status);
    else this.#readings.none(tag, time, Number.isNaN(value) ? STATUS.BadNoData : STATUS.BadOutOfRange);
  }
}

function told(point: DatabasePoint): void {
  point.told = true;
  point.seen = true;
}

/** OPC UA has no word for a value whose time is doubtful; the plain Uncertain leaves other doubts as they are. */
function atMostUncertain(status: StatusCode): StatusCode {
  return severityOf(status) === 'good' ? STATUS.Uncertain : status;
}
