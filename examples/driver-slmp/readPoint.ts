/** How the words of an answer become the value of a point. */

import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { STATUS } from '@tidegate/core/sample/statusCode.ts';
import type { Readings } from '@tidegate/edge/acquisition/readings.ts';
import type { Block, PlannedPoint } from './plan.ts';

/** Adds a reading for each point of a block; `data` has all its words, the lower byte and the lower word first. */
export function readBlock({ first, points }: Block, data: Uint8Array, time: Timestamp, readings: Readings): void {
  const view = new DataView(data.buffer, data.byteOffset, data.length);
  for (const point of points) {
    const value = valueAt(view, 2 * (point.first - first), point);
    // Whoever writes NaN or infinity into a float has no number to give.
    if (Number.isFinite(value)) readings.number(point.tag, time, value, STATUS.Good);
    else readings.none(point.tag, time, Number.isNaN(value) ? STATUS.BadNoData : STATUS.BadOutOfRange);
  }
}

function valueAt(view: DataView, at: number, { dataType, bit = 0 }: PlannedPoint): number {
  switch (dataType) {
    case 'bool':
      return (view.getUint16(at, true) >> bit) & 1;
    case 'int16':
      return view.getInt16(at, true);
    case 'uint16':
      return view.getUint16(at, true);
    case 'int32':
      return view.getInt32(at, true);
    case 'uint32':
      return view.getUint32(at, true);
    case 'float32':
      return view.getFloat32(at, true);
    case 'float64':
      return view.getFloat64(at, true);
  }
}
