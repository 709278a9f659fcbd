/** CRC-DNP: 16 bits, reflected polynomial A6BC, start zero, final complement (IEEE Std 1815-2012, Annex E). */

const TABLE = makeTable();

/** The checksum over `bytes` from `from` up to, not including, `to`. It stands on the line low byte first. */
export function crc(bytes: Uint8Array, from: number, to: number): number {
  let remainder = 0;
  for (let at = from; at < to; at++) remainder = (remainder >>> 8) ^ TABLE[(remainder ^ bytes[at]) & 0xff];
  return ~remainder & 0xffff;
}

/** Whether the two bytes at `to` are the checksum of those from `from` up to it. */
export function crcHolds(bytes: Uint8Array, from: number, to: number): boolean {
  return crc(bytes, from, to) === (bytes[to] | (bytes[to + 1] << 8));
}

/** Writes the checksum of the bytes from `from` up to `to` at `to`, and returns the offset behind it. */
export function writeCrc(bytes: Uint8Array, from: number, to: number): number {
  const value = crc(bytes, from, to);
  bytes[to] = value & 0xff;
  bytes[to + 1] = value >>> 8;
  return to + 2;
}

function makeTable(): Uint16Array {
  return Uint16Array.from({ length: 256 }, (_, byte) => {
    let remainder = byte;
    for (let bit = 0; bit < 8; bit++) remainder = remainder & 1 ? (remainder >>> 1) ^ 0xa6bc : remainder >>> 1;
    return remainder;
  });
}
