/** The time of DNP3: milliseconds since 1970 UTC in 48 bits, low byte first (IEEE Std 1815-2012, Annex A, group 50). */

export const TIME_BYTES = 6;

const TWO_TO_32 = 2 ** 32;
const MAX_TIME_MS = 2 ** 48;

export function readTime(view: DataView, at: number): number {
  return view.getUint32(at, true) + view.getUint16(at + 4, true) * TWO_TO_32;
}

/** The bytes of a time from 0 to 2^48 - 1 ms; of a fraction the whole milliseconds. Throws outside of it. */
export function writeTime(timeMs: number): Uint8Array {
  if (!(timeMs >= 0 && timeMs < MAX_TIME_MS))
    throw new RangeError(`${timeMs} ms is no time that an outstation can be set to`);
  const bytes = new Uint8Array(TIME_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, timeMs % TWO_TO_32, true);
  view.setUint16(4, Math.floor(timeMs / TWO_TO_32), true);
  return bytes;
}
