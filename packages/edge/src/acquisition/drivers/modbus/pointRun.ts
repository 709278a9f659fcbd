/**
 * Points that stand one behind the other in a block and are decoded alike: their values are put together in one loop and
 * handed on as one column. Most devices have their registers in such rows; `readPoint` does the same one by one.
 */

import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { STATUS } from '@tidegate/core/sample/statusCode.ts';
import type { Readings } from '../../readings.ts';
import { isBitTable } from './address.ts';
import type { ModbusPoint, PlannedPoint } from './points.ts';
import { readPoint } from './readPoint.ts';

type NumberColumn = Uint16Array | Int16Array | Uint32Array | Int32Array | Float32Array;

/** What a run holds its values in: the type of the column is what gives them their meaning. */
const COLUMNS: Readonly<Record<string, new (memory: ArrayBuffer) => NumberColumn>> = {
  uint16: Uint16Array,
  int16: Int16Array,
  uint32: Uint32Array,
  int32: Int32Array,
  float32: Float32Array,
};
/** More than a request can ask for; tags that share their registers may make a row longer, which is then cut. */
const MAX_POINTS = 256;
/** For fewer points a column costs more than it saves. */
const MIN_POINTS = 8;

export interface PointRun {
  readonly points: readonly PlannedPoint[];
  /** Absent where the points have to be read one by one. */
  readonly columns?: {
    readonly tags: Uint32Array;
    /** For each point, where its registers begin in the data of the answer. */
    readonly places: Uint16Array;
    /** The bits of each value, and the same memory seen as numbers. */
    readonly bits: Uint16Array | Uint32Array;
    readonly numbers: NumberColumn;
  };
}

/** Cuts the points of a block that begins with the item `blockFirst` into runs; their order stays. */
export function runsOf(points: readonly PlannedPoint[], blockFirst: number): PointRun[] {
  const runs: PointRun[] = [];
  for (let start = 0, end = 1; start < points.length; start = end++) {
    while (end < points.length && end - start < MAX_POINTS && isAlike(points[start], points[end])) end++;
    runs.push(runOf(points.slice(start, end), blockFirst));
  }
  return runs;
}

/** Adds a reading of each point, as `readPoint` does, whose data must be as many bytes as were asked for. */
export function readRun(
  { points, columns }: PointRun,
  data: Uint8Array,
  blockFirst: number,
  time: Timestamp,
  readings: Readings,
): void {
  if (columns) {
    const { tags, places, bits, numbers } = columns;
    const { offsets } = points[0];
    if (bits instanceof Uint16Array) gatherWords(data, places, offsets, bits);
    else gatherLongs(data, places, offsets, bits);
    if (!(numbers instanceof Float32Array) || areFinite(numbers)) {
      readings.numbers(tags, time, numbers, STATUS.Good);
      return;
    }
  }
  for (const point of points) readPoint(point, point.tag, data, blockFirst, time, readings);
}

/** Points whose bytes lie alike share one table of offsets. */
function isAlike(a: ModbusPoint, b: ModbusPoint): boolean {
  return a.dataType === b.dataType && a.offsets === b.offsets && a.fieldBits === 0 && b.fieldBits === 0;
}

function runOf(points: readonly PlannedPoint[], blockFirst: number): PointRun {
  const [{ table, dataType, fieldBits, offsets }] = points;
  const Column = COLUMNS[dataType];
  // A queue may be shorter than what is wanted of it.
  const plain = Column !== undefined && fieldBits === 0 && table !== 'fifo' && !isBitTable(table);
  if (!plain || points.length < MIN_POINTS) return { points };
  const memory = new ArrayBuffer(points.length * offsets.length);
  const columns = {
    tags: Uint32Array.from(points, ({ tag }) => tag),
    places: Uint16Array.from(points, ({ first }) => (first - blockFirst) * 2),
    bits: offsets.length === 2 ? new Uint16Array(memory) : new Uint32Array(memory),
    numbers: new Column(memory),
  };
  return { points, columns };
}

function gatherWords(data: Uint8Array, places: Uint16Array, offsets: Uint8Array, bits: Uint16Array): void {
  const high = offsets[0];
  const low = offsets[1];
  for (let index = 0; index < places.length; index++) {
    const at = places[index];
    bits[index] = (data[at + high] << 8) | data[at + low];
  }
}

function gatherLongs(data: Uint8Array, places: Uint16Array, offsets: Uint8Array, bits: Uint32Array): void {
  const a = offsets[0];
  const b = offsets[1];
  const c = offsets[2];
  const d = offsets[3];
  for (let index = 0; index < places.length; index++) {
    const at = places[index];
    bits[index] = (data[at + a] << 24) | (data[at + b] << 16) | (data[at + c] << 8) | data[at + d];
  }
}

function areFinite(numbers: Float32Array): boolean {
  for (let index = 0; index < numbers.length; index++) if (!Number.isFinite(numbers[index])) return false;
  return true;
}
