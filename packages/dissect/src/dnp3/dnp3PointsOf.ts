/** The points that stand behind one object header, with the values, flags and times that their variation carries. */

import type { Dnp3Point } from './dnp3Field.ts';
import { type Dnp3ObjectHeader, dnp3AttributeBytes, dnp3Number } from './walkDnp3Objects.ts';

/** Every point for which the fragment holds at least one octet; a header that only asks has none unless it lists indexes. */
export function dnp3PointsOf(header: Dnp3ObjectHeader): Dnp3Point[] {
  const { object, data, count = 0, prefix } = header;
  if (object?.shape.kind === 'packed' && header.hasObjects && prefix.kind === 'none') {
    return packedPoints(header, object.shape.bits);
  }
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const points: Dnp3Point[] = [];
  for (let at = 0, ordinal = 0; at < data.length && ordinal < count; ordinal++) {
    const index = prefix.kind === 'index' ? dnp3Number(data, at, prefix.bytes) : (header.first ?? 0) + ordinal;
    const objectBytes = objectBytesAt(header, at);
    at += prefix.bytes;
    points.push(pointAt(header, { index }, view, at, objectBytes));
    at += objectBytes;
  }
  return points;
}

/** The length of the object whose prefix stands at `at`. */
function objectBytesAt({ object, data, prefix, hasObjects, variation }: Dnp3ObjectHeader, at: number): number {
  if (prefix.kind === 'size') return dnp3Number(data, at, prefix.bytes);
  if (!object || !hasObjects) return 0;
  const { shape } = object;
  if (shape.kind === 'fixed') return shape.layout.bytes;
  if (shape.kind === 'attribute') return dnp3AttributeBytes(data, at + prefix.bytes);
  return variation;
}

function pointAt(header: Dnp3ObjectHeader, point: Dnp3Point, view: DataView, at: number, bytes: number): Dnp3Point {
  if (!header.hasObjects) return point;
  const shape = header.object?.shape;
  if (shape?.kind === 'fixed') shape.layout.read(point, view, at);
  else point.octets = header.data.subarray(at, at + bytes);
  return point;
}

function packedPoints({ data, count = 0, first = 0 }: Dnp3ObjectHeader, bits: 1 | 2): Dnp3Point[] {
  const perOctet = 8 / bits;
  const mask = 2 ** bits - 1;
  return Array.from({ length: count }, (_, ordinal) => ({
    index: first + ordinal,
    value: (data[Math.floor(ordinal / perOctet)] >> ((ordinal % perOctet) * bits)) & mask,
  }));
}
