/**
 * The qualifier octet of an object header: what stands before each object, and how the header says which objects are meant.
 *
 *       7     6..4          3..0
 *     +-----+-------------+------------+
 *     |  0  | prefix code | range code |   Source: IEEE 1815-2012, 4.2.2
 *     +-----+-------------+------------+
 */

export interface Dnp3Prefix {
  readonly kind: 'none' | 'index' | 'size';
  readonly bytes: 0 | 1 | 2 | 4;
}

export interface Dnp3Range {
  /** `span`: a first and a last index, each of `bytes`; `virtual`: the same with addresses of memory; `sized`: free format. */
  readonly kind: 'span' | 'virtual' | 'all' | 'count' | 'sized';
  readonly bytes: 0 | 1 | 2 | 4;
}

/** By prefix code; 7 is reserved. */
export const DNP3_PREFIXES: readonly (Dnp3Prefix | undefined)[] = [
  { kind: 'none', bytes: 0 },
  { kind: 'index', bytes: 1 },
  { kind: 'index', bytes: 2 },
  { kind: 'index', bytes: 4 },
  { kind: 'size', bytes: 1 },
  { kind: 'size', bytes: 2 },
  { kind: 'size', bytes: 4 },
];

/** By range code; 10 and 12 to 15 are reserved. */
export const DNP3_RANGES: readonly (Dnp3Range | undefined)[] = [
  { kind: 'span', bytes: 1 },
  { kind: 'span', bytes: 2 },
  { kind: 'span', bytes: 4 },
  { kind: 'virtual', bytes: 1 },
  { kind: 'virtual', bytes: 2 },
  { kind: 'virtual', bytes: 4 },
  { kind: 'all', bytes: 0 },
  { kind: 'count', bytes: 1 },
  { kind: 'count', bytes: 2 },
  { kind: 'count', bytes: 4 },
  undefined,
  { kind: 'sized', bytes: 1 },
];

/** The ranges that each kind of prefix may stand with: indexes need a count, free format needs sizes. */
export const DNP3_COMBINATIONS: Readonly<Record<Dnp3Prefix['kind'], readonly Dnp3Range['kind'][]>> = {
  none: ['span', 'virtual', 'all', 'count'],
  index: ['count'],
  size: ['span', 'virtual', 'count', 'sized'],
};
