/** What became of the samples of one lane: the numbers that both ends of the boundary must agree on. */

/**
 * Counts of samples of one lane of one gateway since its ledger began.
 *
 * Invariant: `read = suppressed + compressed + refused + accepted`. A sample that was accepted is in a block; it is then stored on the
 * other side, expired, or still under way. `damaged` and `expired` are parts of `accepted`.
 */
export interface Tally {
  /** Decoded from a device's answer, or made in place of one that did not come. */
  readonly read: number;
  /** Of these, with a status that is not good. Counted for information; such samples travel like any other. */
  readonly notGood: number;
  /** Left out by exception reporting: nothing changed that was worth a sample. */
  readonly suppressed: number;
  /** Not taken: the spool could not be written, or policy forbids the tag. */
  readonly refused: number;
  /** Taken into a block. */
  readonly accepted: number;
  /** Accepted, then dropped undelivered because the spool had reached its limit. */
  readonly expired: number;
  /** Accepted, then found unreadable in the spool. */
  readonly damaged: number;
  /**
   * Left out by compression: close to the line between two samples that are kept. The newest of each tag may be among them
   * while it is held back, and is taken out again where it is kept after all.
   */
  readonly compressed: number;
  /** Of the refused, those that the conduit policy does not let cross. */
  readonly forbidden: number;
}

export const EMPTY_TALLY: Tally = {
  read: 0,
  notGood: 0,
  suppressed: 0,
  refused: 0,
  accepted: 0,
  expired: 0,
  damaged: 0,
  compressed: 0,
  forbidden: 0,
};

/** The counts in the order in which they stand in a block header. */
export const TALLY_FIELDS = [
  'read',
  'notGood',
  'suppressed',
  'refused',
  'accepted',
  'expired',
  'damaged',
  'compressed',
  'forbidden',
] as const satisfies readonly (keyof Tally)[];

/** How many samples have been read and are not accounted for; 0 in a ledger that balances. */
export function imbalanceOf(tally: Tally): number {
  return tally.read - tally.suppressed - tally.compressed - tally.refused - tally.accepted;
}
