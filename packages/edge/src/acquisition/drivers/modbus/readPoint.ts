/** How the bytes of an answer become the value of a point. */

import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { STATUS } from '@tidegate/core/sample/statusCode.ts';
import { decodeText } from '../../decodeText.ts';
import type { Readings } from '../../readings.ts';
import { identificationObjects } from './identification.ts';
import type { ModbusPoint } from './points.ts';

const TWO_TO_32 = 4_294_967_296;
const value = new Uint8Array(8);
const valueView = new DataView(value.buffer);

/**
 * Decodes one point from the data of an answer that begins with the item `blockFirst`, and adds the reading. The data of a
 * table is long enough, as the session has checked its length; a queue may be shorter, and then there is no value.
 */
export function readPoint(
  point: ModbusPoint,
  tag: number,
  data: Uint8Array,
  blockFirst: number,
  time: Timestamp,
  readings: Readings,
): void {
  const { offsets } = point;
  const item = point.first - blockFirst;
  if (offsets.length === 0) {
    if (point.table === 'identification') readObject(point.first, tag, data, time, readings);
    // The first coil of a request is the lowest bit of the first byte (V1.1b3, 6.1).
    else readings.number(tag, time, (data[item >> 3] >> (item & 7)) & 1, STATUS.Good);
    return;
  }
  const at = item * 2;
  if (at + offsets.length > data.length) {
    readings.none(tag, time, STATUS.BadNoData);
    return;
  }
  if (point.dataType === 'string') {
    readText(
      tag,
      time,
      offsets.map((offset) => data[at + offset]),
      readings,
    );
    return;
  }
  if (offsets.length === 2) {
    readWord(point, tag, (data[at + offsets[0]] << 8) | data[at + offsets[1]], time, readings);
    return;
  }
  for (let index = 0; index < offsets.length; index++) value[index] = data[at + offsets[index]];
  readNumber(point, tag, time, readings);
}

/** What one register holds, which is what most points are: a number or a part of one. */
function readWord(point: ModbusPoint, tag: number, word: number, time: Timestamp, readings: Readings): void {
  if (point.fieldBits > 0) {
    readings.number(tag, time, bitField(point, word), STATUS.Good);
    return;
  }
  switch (point.dataType) {
    case 'uint16':
      readings.number(tag, time, word, STATUS.Good);
      break;
    case 'int16':
      readings.number(tag, time, (word << 16) >> 16, STATUS.Good);
      break;
    case 'bcd16':
      readDecimal(tag, time, word, readings);
      break;
    default:
      valueView.setUint16(0, word);
      readFloat(tag, time, valueView.getFloat16(0), readings);
  }
}

/** The bytes of the value lie in `valueView`, the most significant first. */
function readNumber({ dataType }: ModbusPoint, tag: number, time: Timestamp, readings: Readings): void {
  switch (dataType) {
    case 'int32':
      readings.number(tag, time, valueView.getInt32(0), STATUS.Good);
      break;
    case 'uint32':
      readings.number(tag, time, valueView.getUint32(0), STATUS.Good);
      break;
    case 'int48':
      readings.number(tag, time, valueView.getInt16(0) * TWO_TO_32 + valueView.getUint32(2), STATUS.Good);
      break;
    case 'uint48':
      readings.number(tag, time, valueView.getUint16(0) * TWO_TO_32 + valueView.getUint32(2), STATUS.Good);
      break;
    case 'int64':
      readInteger(tag, time, valueView.getInt32(0) * TWO_TO_32 + valueView.getUint32(4), readings);
      break;
    case 'uint64':
      readInteger(tag, time, valueView.getUint32(0) * TWO_TO_32 + valueView.getUint32(4), readings);
      break;
    case 'bcd32':
      readDecimal(tag, time, valueView.getUint32(0), readings);
      break;
    case 'float32':
      readFloat(tag, time, valueView.getFloat32(0), readings);
      break;
    default:
      readFloat(tag, time, valueView.getFloat64(0), readings);
  }
}

/** A field of bits; read as a signed type, its highest bit is its sign. */
function bitField({ lowestBit, fieldBits, dataType }: ModbusPoint, word: number): number {
  const field = (word >> lowestBit) & ((1 << fieldBits) - 1);
  const signed = dataType === 'int8' || dataType === 'int16';
  return signed && field >> (fieldBits - 1) === 1 ? field - (1 << fieldBits) : field;
}

/** The high word is exact as a double, so the sum is rounded once: it is the double nearest to the integer. */
function readInteger(tag: number, time: Timestamp, integer: number, readings: Readings): void {
  const exact = Number.isSafeInteger(integer);
  readings.number(tag, time, integer, exact ? STATUS.Good : STATUS.UncertainDataSubNormal);
}

/** Binary-coded decimals: four bits to a digit. A digit above 9 is none, and nor is the number. */
function readDecimal(tag: number, time: Timestamp, coded: number, readings: Readings): void {
  let decimal = 0;
  for (let shift = 28; shift >= 0; shift -= 4) {
    const digit = (coded >>> shift) & 0xf;
    if (digit > 9) {
      readings.none(tag, time, STATUS.BadOutOfRange);
      return;
    }
    decimal = decimal * 10 + digit;
  }
  readings.number(tag, time, decimal, STATUS.Good);
}

/** Devices write NaN and infinity where they have no number; as values they would spoil every mean they enter. */
function readFloat(tag: number, time: Timestamp, float: number, readings: Readings): void {
  if (Number.isFinite(float)) readings.number(tag, time, float, STATUS.Good);
  else readings.none(tag, time, Number.isNaN(float) ? STATUS.BadNoData : STATUS.BadOutOfRange);
}

/** A device that does not have the object answers with those that it has. */
function readObject(object: number, tag: number, data: Uint8Array, time: Timestamp, readings: Readings): void {
  const bytes = identificationObjects(data).get(object);
  if (bytes) readText(tag, time, bytes, readings);
  else readings.none(tag, time, STATUS.BadNoData);
}

function readText(tag: number, time: Timestamp, bytes: Uint8Array, readings: Readings): void {
  readings.text(tag, time, decodeText(bytes).trimEnd(), STATUS.Good);
}
