/**
 * How a chunk stands in a segment file: up to 4096 samples of one tag in order of time. All numbers are little-endian.
 *
 *     0     4        8       12            13      14       16         24
 *     +-----+--------+-------+-------------+-------+--------+----------+----------+
 *     | tag | length | count | time coding | value | places | min time | max time |
 *     +-----+--------+-------+-------------+-------+--------+----------+----------+
 *     32                      48
 *     +-----------------------+-------+--------+------+---------+-------+
 *     | column lengths: 4 u32 | times | values | runs | strings | crc32 |
 *     +-----------------------+-------+--------+------+---------+-------+
 *
 * The length counts the whole chunk with its checksum, which covers every byte before it. See
 * `docs/formats/archive-segment.md`.
 */
export const CHUNK_AT = {
  tag: 0,
  length: 4,
  count: 8,
  timeCoding: 12,
  valueCoding: 13,
  places: 14,
  minTime: 16,
  maxTime: 24,
  columnLengths: 32,
  columns: 48,
} as const;

export const CHUNK_COLUMNS = 4;
export const CHUNK_CHECKSUM_BYTES = 4;
export const MIN_CHUNK_BYTES = CHUNK_AT.columns + CHUNK_CHECKSUM_BYTES;

/** `steps`: how much each interval differs from the one before, as folded varints; `raw`: float64. */
export const ChunkTimeCoding = { steps: 0, raw: 1 } as const;

/**
 * How the values are written. `decimal`: each value times 10^places is a whole number, and its difference from the one
 * before is a folded varint; `constant`: one float64 for all.
 */
export const ChunkValueCoding = { constant: 0, decimal: 1, float32: 2, float64: 3 } as const;

/** Powers of ten that a float64 holds exactly and that measured values are written with. */
export const POWERS_OF_TEN = [1, 10, 100, 1_000, 10_000, 100_000] as const;
