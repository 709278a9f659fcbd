/**
 * Where each field of an encoded block stands. All numbers are little-endian.
 *
 *     0        4     5      6       8        12       16      24         32
 *     +--------+-----+------+-------+--------+--------+-------+----------+
 *     | "TGSB" | ver | lane | zero  | length | count  | epoch | sequence |
 *     +--------+-----+------+-------+--------+--------+-------+----------+
 *     32         40                 104
 *     +----------+------------------+------------------+
 *     | sealedAt | tally: 8 x u64   | column lengths:  |
 *     |          |                  | 5 x u32          |
 *     +----------+------------------+------------------+
 *     124  125
 *     +----+---------+------+-------+--------+----------+---------+-------+
 *     | n  | gateway | tags | times | values | statuses | strings | crc32 |
 *     +----+---------+------+-------+--------+----------+---------+-------+
 *
 * The length counts the whole block with its checksum, which covers every byte before it. See
 * `docs/formats/sample-block.md`.
 *
 * Version 1 had no count of compressed samples: its tally has 7 fields, and what follows stands 8 bytes earlier. It is read,
 * because a spool or a log may hold it, and never written.
 */
export const MAGIC = 0x42534754; // "TGSB" read as a little-endian number
export const VERSION = 2;
/** The oldest version that is read. */
export const FIRST_VERSION = 1;

export const AT = {
  magic: 0,
  version: 4,
  lane: 5,
  reserved: 6,
  length: 8,
  count: 12,
  epoch: 16,
  sequence: 24,
  sealedAt: 32,
  tally: 40,
  columnLengths: 104,
  gatewayLength: 124,
  gateway: 125,
} as const;

export const COLUMNS = 5;
export const CHECKSUM_BYTES = 4;
/** A gateway's name is 1 to 63 bytes of UTF-8. */
export const MAX_GATEWAY_BYTES = 63;
/** How much earlier than in `AT` the fields behind the tally stand in a block of version 1. */
export const VERSION_1_SHORTER_BYTES = 8;
/** The smallest block of any version: no samples, a name of one byte. */
export const MIN_BLOCK_BYTES = AT.gateway - VERSION_1_SHORTER_BYTES + 1 + CHECKSUM_BYTES;
/** A longer block is not one of ours: it bounds what a hostile peer can make a receiver hold. */
export const MAX_BLOCK_BYTES = 16 * 1024 * 1024;

/** How the time column is written, in its first byte. */
export const TimeCoding = { deltas: 0, raw: 1 } as const;

/** How one value is written; four of these codes to a byte stand before the values. */
export const ValueCoding = { none: 0, float32: 1, float64: 2, string: 3 } as const;
