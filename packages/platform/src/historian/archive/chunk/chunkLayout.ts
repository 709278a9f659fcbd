/**
 * How a chunk stands in memory and on disk: up to 1024 samples of one tag in order of time, in blocks of 128 that can be
 * decoded each for itself. All numbers are little-endian.
 *
 *     0     4        8       10            11             12        16         24         32
 *     +-----+--------+-------+-------------+--------------+---------+----------+----------+
 *     | tag | length | count | time coding | value coding | payload | min time | max time |
 *     +-----+--------+-------+-------------+--------------+---------+----------+----------+
 *     32                                                           payload   length - 4
 *     +-----------------+------------------+----------------+--------+---------+-------+
 *     | times directory | values directory | lags directory | states | payload | crc32 |
 *     +-----------------+------------------+----------------+--------+---------+-------+
 *
 * A directory has one entry for each block: what is needed to decode it, its first time, its least and greatest value. The
 * payload is the packed fields of times, values and lags, whose places and lengths follow from the directories. The length
 * counts the whole chunk with its checksum, which covers every byte before it. See `docs/formats/archive-chunk.md`.
 */
export const CHUNK_AT = {
  tag: 0,
  length: 4,
  count: 8,
  timeCoding: 10,
  valueCoding: 11,
  payload: 12,
  minTime: 16,
  maxTime: 24,
  directories: 32,
} as const;

/** More samples than this do not go into one chunk: it bounds what a query decodes for one sample. */
export const MAX_CHUNK_SAMPLES = 1024;
/** Samples of a block; the last one of a chunk may have fewer. */
export const BLOCK_SAMPLES = 128;
export const MAX_CHUNK_BLOCKS = MAX_CHUNK_SAMPLES / BLOCK_SAMPLES;

export const CHECKSUM_BYTES = 4;
export const MIN_CHUNK_BYTES = CHUNK_AT.directories + CHECKSUM_BYTES;

/** `grid`: whole periods and the rest of each time; `raw`: float64. Added to either: `lags` where any of them is not 0. */
export const TimeCoding = { grid: 0, raw: 1, lags: 2 } as const;

/**
 * How a number comes from a whole number n of small range. `none`: no sample has a number; `exact`: base + n * step;
 * `float32`: the same, rounded to a float32; `decimal`: the same, rounded to a whole number and divided by a power of ten;
 * `bits`: no n, but the bits of a float64 in which the values of a block differ.
 */
export const ValueCoding = { none: 0, exact: 1, float32: 2, decimal: 3, bits: 4 } as const;
export type ValueCoding = (typeof ValueCoding)[keyof typeof ValueCoding];

/** Blocks of a chunk of `count` samples. */
export function blockCount(count: number): number {
  return Math.ceil(count / BLOCK_SAMPLES);
}

/** Samples of block `block` of a chunk of `count` samples. */
export function blockLength(count: number, block: number): number {
  return Math.min(BLOCK_SAMPLES, count - block * BLOCK_SAMPLES);
}
