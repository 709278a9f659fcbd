/** CRC-32 as of ISO 3309 and zlib: reflected polynomial EDB88320, start and final exclusive-or all ones. */

/** A checksum over `bytes`, continuing from `previous` (the checksum of the bytes before them). */
export type Crc32 = (bytes: Uint8Array, previous?: number) => number;

const SLICES = 8;
const TABLES = makeTables();

/** Eight bytes at a time by table. A process on Node.js hands `zlib.crc32` to the codecs instead: the same, and faster. */
export const crc32: Crc32 = (bytes, previous = 0) => {
  const [t0, t1, t2, t3, t4, t5, t6, t7] = TABLES;
  let crc = ~previous;
  let at = 0;
  for (const end = bytes.length - (bytes.length % SLICES); at < end; at += SLICES) {
    crc ^= bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24);
    crc =
      t7[crc & 0xff] ^
      t6[(crc >>> 8) & 0xff] ^
      t5[(crc >>> 16) & 0xff] ^
      t4[crc >>> 24] ^
      t3[bytes[at + 4]] ^
      t2[bytes[at + 5]] ^
      t1[bytes[at + 6]] ^
      t0[bytes[at + 7]];
  }
  for (; at < bytes.length; at++) crc = (crc >>> 8) ^ t0[(crc ^ bytes[at]) & 0xff];
  return ~crc >>> 0;
};

function makeTables(): Uint32Array[] {
  const tables = Array.from({ length: SLICES }, () => new Uint32Array(256));
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
    tables[0][byte] = crc;
  }
  for (let slice = 1; slice < SLICES; slice++) {
    for (let byte = 0; byte < 256; byte++) {
      const crc = tables[slice - 1][byte];
      tables[slice][byte] = (crc >>> 8) ^ tables[0][crc & 0xff];
    }
  }
  return tables;
}
