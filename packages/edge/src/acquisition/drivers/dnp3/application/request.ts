/**
 * Every request that this master can make: reads, and what the conversation itself needs. A write to the process cannot
 * be expressed: the function codes of select, operate, direct operate and freeze-and-clear do not occur here, and the
 * only objects written are the restart indication and the clock.
 *
 * Source: IEEE Std 1815-2012, clause 4.
 */

import { FIN, FIR, SEQUENCE_MASK, UNS } from './applicationHeader.ts';
import { writeTime } from './dnpTime.ts';

const FUNCTION = {
  confirm: 0,
  read: 1,
  write: 2,
  immediateFreeze: 7,
  enableUnsolicited: 20,
  disableUnsolicited: 21,
  delayMeasurement: 23,
  recordCurrentTime: 24,
} as const;

/** Qualifiers of requests: no prefix, and a range of one or two bytes, all points, or a count of one or two bytes. */
const QUALIFIER = { range8: 0x00, range16: 0x01, all: 0x06, count8: 0x07, count16: 0x08 } as const;

export type EventClass = 1 | 2 | 3;
export type DataClass = 0 | EventClass;

/** What a read asks for: whole classes, or points of one object group (variation 0: whichever the outstation prefers). */
export type ReadObject =
  | { readonly dataClass: DataClass; readonly maxEvents?: number }
  | {
      readonly group: number;
      readonly variation: number;
      /** All points; those from `first` to `last`; or no more than `count` of what waits, for events. */
      readonly select: 'all' | { readonly first: number; readonly last: number } | { readonly count: number };
    };

/** As many as fit one segment, however they are chosen: an object header has at most seven bytes. */
export const MAX_READ_OBJECTS = 35;

/** Answers for events: the sequence is that of the response confirmed. */
export function encodeConfirm(sequence: number, unsolicited: boolean): Uint8Array {
  return encode(unsolicited ? sequence | UNS : sequence, FUNCTION.confirm, []);
}

/** Classes are answered in the order in which they stand; ask for events before class 0, so that no change is lost. */
export function encodeRead(sequence: number, objects: readonly ReadObject[]): Uint8Array {
  if (objects.length > MAX_READ_OBJECTS) throw new RangeError(`${objects.length} objects in one read`);
  return encode(sequence, FUNCTION.read, objects.flatMap(readHeader));
}

export function encodeEnableUnsolicited(sequence: number, classes: readonly EventClass[]): Uint8Array {
  return encode(sequence, FUNCTION.enableUnsolicited, classes.flatMap(classHeader));
}

export function encodeDisableUnsolicited(sequence: number, classes: readonly EventClass[]): Uint8Array {
  return encode(sequence, FUNCTION.disableUnsolicited, classes.flatMap(classHeader));
}

/** Sets IIN1.7 (group 80, variation 1, index 7) to zero: the outstation learns that its restart was noticed. */
export function encodeClearRestart(sequence: number): Uint8Array {
  return encode(sequence, FUNCTION.write, [80, 1, QUALIFIER.range8, 7, 7, 0]);
}

/** Sets the clock of the outstation: over a serial line after a delay measurement (group 50, variation 1). */
export function encodeWriteTime(sequence: number, timeMs: number): Uint8Array {
  return encode(sequence, FUNCTION.write, [50, 1, QUALIFIER.count8, 1, ...writeTime(timeMs)]);
}

/** Sets the clock to what it was when the outstation recorded it: over a network (group 50, variation 3). */
export function encodeWriteRecordedTime(sequence: number, timeMs: number): Uint8Array {
  return encode(sequence, FUNCTION.write, [50, 3, QUALIFIER.count8, 1, ...writeTime(timeMs)]);
}

export function encodeRecordCurrentTime(sequence: number): Uint8Array {
  return encode(sequence, FUNCTION.recordCurrentTime, []);
}

export function encodeDelayMeasurement(sequence: number): Uint8Array {
  return encode(sequence, FUNCTION.delayMeasurement, []);
}

/** Copies counters to frozen counters and leaves the counters running: all, or those from `first` to `last`. */
export function encodeImmediateFreeze(
  sequence: number,
  counters: 'all' | { readonly first: number; readonly last: number },
): Uint8Array {
  return encode(sequence, FUNCTION.immediateFreeze, readHeader({ group: 20, variation: 0, select: counters }));
}

/** Group 60: variation 1 is class 0, and so on. */
function classHeader(dataClass: DataClass): number[] {
  return [60, dataClass + 1, QUALIFIER.all];
}

function readHeader(object: ReadObject): number[] {
  if ('dataClass' in object) {
    const { dataClass, maxEvents } = object;
    return maxEvents === undefined ? classHeader(dataClass) : [60, dataClass + 1, ...countOf(maxEvents)];
  }
  const { group, variation, select } = object;
  if (select === 'all') return [group, variation, QUALIFIER.all];
  return [group, variation, ...('count' in select ? countOf(select.count) : rangeOf(select.first, select.last))];
}

function countOf(count: number): number[] {
  return count <= 0xff ? [QUALIFIER.count8, count] : [QUALIFIER.count16, ...uint16(count)];
}

function rangeOf(first: number, last: number): number[] {
  return last <= 0xff ? [QUALIFIER.range8, first, last] : [QUALIFIER.range16, ...uint16(first), ...uint16(last)];
}

function uint16(value: number): number[] {
  if (value > 0xffff) throw new RangeError(`${value} points or an index of ${value} in a request`);
  return [value & 0xff, value >>> 8];
}

/** Every request is one fragment: first and final, and no confirm is asked of an outstation. */
function encode(control: number, functionCode: number, objects: readonly number[]): Uint8Array {
  return Uint8Array.of(FIR | FIN | (control & (SEQUENCE_MASK | UNS)), functionCode, ...objects);
}
