/**
 * The check of every block of a DNP3 link frame, sent low octet first.
 *
 * Source: IEEE 1815-2012, 9.2.4: x^16+x^13+x^12+x^11+x^10+x^8+x^6+x^5+x^2+1, least significant bit first, complemented.
 */

const REVERSED_POLYNOMIAL = 0xa6bc;

const TABLE = Uint16Array.from({ length: 256 }, (_, octet) => {
  let remainder = octet;
  for (let bit = 0; bit < 8; bit++) {
    remainder = remainder & 1 ? (remainder >>> 1) ^ REVERSED_POLYNOMIAL : remainder >>> 1;
  }
  return remainder;
});

export function dnp3Crc(bytes: Uint8Array, from: number, to: number): number {
  let remainder = 0;
  for (let at = from; at < to; at++) remainder = (remainder >>> 8) ^ TABLE[(remainder ^ bytes[at]) & 0xff];
  return ~remainder & 0xffff;
}
