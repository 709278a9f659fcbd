/** Keeps what a decoder gives, so that a test can look at it. */

import type { ObjectSink, PointKind, TimeQuality } from '../objectSink.ts';

export interface RecordedPoint {
  readonly kind: PointKind;
  readonly index: number;
  readonly value: number;
  readonly flags: number;
  readonly timeMs: number;
  readonly timeQuality: TimeQuality;
  readonly event: boolean;
}

export interface RecordedString {
  readonly kind: PointKind;
  readonly index: number;
  readonly hex: string;
  readonly event: boolean;
}

export class RecordingSink implements ObjectSink {
  readonly points: RecordedPoint[] = [];
  readonly strings: RecordedString[] = [];
  /** Of points and strings, as they came. */
  readonly indices: number[] = [];
  readonly times: number[] = [];
  readonly delays: number[] = [];

  number(
    kind: PointKind,
    index: number,
    value: number,
    flags: number,
    timeMs: number,
    timeQuality: TimeQuality,
    event: boolean,
  ): void {
    this.indices.push(index);
    this.points.push({ kind, index, value, flags, timeMs, timeQuality, event });
  }

  bytes(kind: PointKind, index: number, data: Uint8Array, event: boolean): void {
    this.indices.push(index);
    this.strings.push({ kind, index, hex: Buffer.from(data).toString('hex'), event });
  }

  time(timeMs: number): void {
    this.times.push(timeMs);
  }

  delay(delayMs: number): void {
    this.delays.push(delayMs);
  }
}
