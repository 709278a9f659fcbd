/** Turns the values of a response into readings: the value, the status that its flags mean, and the time of its origin. */

import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { STATUS, type StatusCode, severityOf } from '@tidegate/core/sample/statusCode.ts';
import { decodeText } from '../../decodeText.ts';
import type { Readings } from '../../readings.ts';
import { type ObjectSink, type PointKind, TIME_QUALITY, type TimeQuality } from './application/objectSink.ts';
import type { DatabasePoint, PointTable } from './pointTable.ts';
import { statusOf } from './quality.ts';
import { sourceTime } from './sourceTime.ts';

export class PointReadings implements ObjectSink {
  readonly #table: PointTable;
  readonly #readings: Readings;
  #arrival = 0 as Timestamp;
  #clockRight = true;
  /** How many values have come, whether anybody wants them or not. */
  values = 0;
  /** How many of them are changes. */
  events = 0;
  /** What the outstation answered to the latest delay measurement, in milliseconds. */
  delayMs: number | undefined;

  constructor(table: PointTable, readings: Readings) {
    this.#table = table;
    this.#readings = readings;
  }

  /** A response begins: when it came, and whether the outstation trusts its own clock. */
  begin(arrival: Timestamp, clockRight: boolean): void {
    this.#arrival = arrival;
    this.#clockRight = clockRight;
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
    this.#count(event);
    const points = this.#table.at(kind, index);
    if (points === undefined) return;
    let status = statusOf(kind, flags);
    let time = this.#arrival;
    if (timeQuality !== TIME_QUALITY.none) {
      const source = sourceTime(timeMs, time);
      const right = this.#clockRight && timeQuality === TIME_QUALITY.synchronized && source !== undefined;
      if (!right) status = atMostUncertain(status);
      time = source ?? time;
    }
    for (const point of points) {
      told(point);
      if (severityOf(status) === 'bad') this.#readings.none(point.tag, time, status);
      else if (Number.isFinite(value)) this.#readings.number(point.tag, time, value, status);
      else this.#readings.none(point.tag, time, Number.isNaN(value) ? STATUS.BadNoData : STATUS.BadOutOfRange);
    }
  }

  bytes(kind: PointKind, index: number, data: Uint8Array, event: boolean): void {
    this.#count(event);
    for (const point of this.#table.at(kind, index) ?? []) {
      told(point);
      this.#readings.text(point.tag, this.#arrival, decodeText(data), STATUS.Good);
    }
  }

  /** Nobody asks for the clock of the outstation. */
  time(): void {}

  delay(delayMs: number): void {
    this.delayMs = delayMs;
  }

  #count(event: boolean): void {
    this.values++;
    if (event) this.events++;
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
