/** What a subscription reports: values that have changed, events, and its own end (OPC 10000-4, 7.25). */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { readEvent } from './conditionEvent.ts';
import { emptyValue, readDataValue } from './encoding/readValue.ts';
import { UaReader } from './encoding/uaReader.ts';
import type { NodePoint } from './nodePoint.ts';
import type { PointReadings } from './pointReadings.ts';
import type { NotificationMessage } from './service/answer.ts';

const DATA_CHANGE = 811;
const EVENTS = 916;
const STATUS_CHANGE = 820;
/** The server had more changes of a value than it could keep (OPC 10000-4, 7.39.1: info type 1, overflow). */
const OVERFLOW = 0x0480;
const INFO_BITS = 0x0c80;

export interface Reported {
  /** Values of which the server has thrown changes away. */
  overflows: number;
  /** Why the subscription has ended; `undefined` where it goes on. */
  ended: number | undefined;
}

const value = emptyValue();

/** Makes readings of a message. Fault `device.answer`: the message contradicts the standard. */
export function report(
  { notifications }: NotificationMessage,
  points: readonly NodePoint[],
  readings: PointReadings,
): Result<Reported> {
  const reported: Reported = { overflows: 0, ended: undefined };
  for (const { type, body } of notifications) {
    const reader = new UaReader(body);
    if (type === DATA_CHANGE) reportValues(reader, points, readings, reported);
    else if (type === EVENTS) reportEvents(reader, points, readings);
    else if (type === STATUS_CHANGE) reported.ended = reader.u32();
    if (reader.defect !== undefined) return failure('device.answer', `a notification that ${reader.defect}`);
  }
  return success(reported);
}

function reportValues(
  reader: UaReader,
  points: readonly NodePoint[],
  readings: PointReadings,
  reported: Reported,
): void {
  for (let left = reader.count(5); left > 0; left--) {
    const handle = reader.u32();
    readDataValue(reader, value);
    if (reader.defect !== undefined) return;
    if ((value.status & INFO_BITS) === OVERFLOW) reported.overflows++;
    const point = handle < points.length ? points[handle] : undefined;
    if (point && !point.events) readings.change(point, value);
  }
}

function reportEvents(reader: UaReader, points: readonly NodePoint[], readings: PointReadings): void {
  for (let left = reader.count(8); left > 0; left--) {
    const handle = reader.u32();
    const event = readEvent(reader);
    if (reader.defect !== undefined) return;
    const point = handle < points.length ? points[handle] : undefined;
    if (point?.events) readings.event(point, event);
  }
}
