/** How bytes of an image become the value of a point. */

import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { STATUS, type StatusCode } from '@tidegate/core/sample/statusCode.ts';
import { decodeText } from '../../decodeText.ts';
import type { Readings } from '../../readings.ts';
import type { Image } from './dp/image.ts';
import type { BytePoint } from './points.ts';

const TWO_TO_32 = 4_294_967_296;

/** Reads the value that begins at `at` of an image that is long enough, and adds the reading. */
export function readValue(
  point: BytePoint,
  image: Image,
  at: number,
  tag: number,
  time: Timestamp,
  status: StatusCode,
  readings: Readings,
): void {
  if (point.dataType === 'string') {
    readings.text(tag, time, decodeText(image.bytes.subarray(at, at + point.width)).trimEnd(), status);
    return;
  }
  const value = numberAt(point, image.view, at);
  if (Number.isFinite(value)) readings.number(tag, time, value, isRounded(point, value) ? worse(status) : status);
  // Devices write NaN and infinity where they have no number; as values they would spoil every mean they enter.
  else readings.none(tag, time, Number.isNaN(value) ? STATUS.BadNoData : STATUS.BadOutOfRange);
}

function numberAt({ dataType, bit, littleEndian: little }: BytePoint, view: DataView, at: number): number {
  switch (dataType) {
    case 'bool':
      return (view.getUint8(at) >> bit) & 1;
    case 'int8':
      return view.getInt8(at);
    case 'int16':
      return view.getInt16(at, little);
    case 'uint16':
      return view.getUint16(at, little);
    case 'int32':
      return view.getInt32(at, little);
    case 'uint32':
      return view.getUint32(at, little);
    // The high word is exact as a double, so the sum is rounded once: it is the double nearest to the integer.
    case 'int64':
      return view.getInt32(little ? at + 4 : at, little) * TWO_TO_32 + view.getUint32(little ? at : at + 4, little);
    case 'uint64':
      return view.getUint32(little ? at + 4 : at, little) * TWO_TO_32 + view.getUint32(little ? at : at + 4, little);
    case 'float32':
      return view.getFloat32(at, little);
    case 'float64':
      return view.getFloat64(at, little);
    default:
      return view.getUint8(at);
  }
}

function isRounded({ dataType }: BytePoint, value: number): boolean {
  return (dataType === 'int64' || dataType === 'uint64') && !Number.isSafeInteger(value);
}

function worse(status: StatusCode): StatusCode {
  return status === STATUS.Good ? STATUS.UncertainDataSubNormal : status;
}
