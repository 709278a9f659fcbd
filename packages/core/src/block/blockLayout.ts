/**
 * Where each field of an encoded block stands. All numbers are little-endian.
 *
 *     0        4     5      6       8        12       16      24         32
 *     +--------+-----+------+-------+--------+--------+-------+----------+
 *     | "TGSB" | ver | lane | zero  | length | count  | epoch | sequence |
 *     +--------+-----+------+-------+--------+--------+-------+----------+
 *     32         40                 112
 *     +----------+------------------+------------------+
 *     | sealedAt | tally: 9 x u64   | column lengths:  |
 *     |          |                  | 5 x u32          |
 *     +----------+------------------+------------------+
 *     132  133
 *     +----+---------+------+-------+--------+----------+---------+-------+
 *     | n  | gateway | tags | times | values | statuses | strings | crc32 |
 *     +----+---------+------+-------+--------+----------+---------+-------+
 *
 * The length counts the whole block with its checksum, which covers every byte before it. See
 * `docs/formats/sample-block.md`.
 */
export const MAGIC = 0x42534754; // "TGSB" read as a little-endian number
export const VERSION = 3;

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
  columnLengths: 112,
  gatewayLength: 132,
  gateway: 133,
} as const;

export const COLUMNS = 5;
export const CHECKSUM_BYTES = 4;
/** A gateway's name is 1 to 63 bytes of UTF-8. */
export const MAX_GATEWAY_BYTES = 63;
/** The smallest block: no samples, a name of one byte. */
export const MIN_BLOCK_BYTES = AT.gateway + 1 + CHECKSUM_BYTES;
/** A longer block is not one of ours: it bounds what a hostile peer can make a receiver hold. */
export const MAX_BLOCK_BYTES = 16 * 1024 * 1024;

/** How the time column is written, in its first byte. */
export const TimeCoding = { deltas: 0, raw: 1 } as const;

/** How one value is written; four of these codes to a byte stand before the values. */
export const ValueCoding = { none: 0, float32: 1, float64: 2, string: 3 } as const;
