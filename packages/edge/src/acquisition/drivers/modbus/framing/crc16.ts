/** CRC-16 of Modbus RTU: reflected polynomial A001, start all ones, the low byte sent first (Serial Line V1.02, 6.2.2). */

const TABLE = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >> 1) ^ 0xa001 : crc >> 1;
  return crc;
});

/** Over a frame together with its own checksum it is 0. */
export function crc16(bytes: Uint8Array, from: number, to: number): number {
  let crc = 0xffff;
  for (let at = from; at < to; at++) crc = (crc >> 8) ^ TABLE[(crc ^ bytes[at]) & 0xff];
  return crc;
}
