/** Where decoded objects go: one call for each value and no object in between, because an integrity poll has thousands. */

/** What a point is. The numbers are our own, so that a table can be indexed by them. */
export const POINT_KIND = {
  binary: 0,
  doubleBit: 1,
  binaryOutput: 2,
  counter: 3,
  frozenCounter: 4,
  analog: 5,
  frozenAnalog: 6,
  analogOutput: 7,
  octetString: 8,
  /** Somebody operated an output: the value commanded. The flags are the status code of the command. */
  binaryOutputCommand: 9,
  analogOutputCommand: 10,
  /** Group 80 when it is read as an object; every response has the indications in its header, too. */
  internalIndication: 11,
  /** Group 0: the index is the variation, such as 250 for the product's name. */
  deviceAttribute: 12,
} as const;

export type PointKind = (typeof POINT_KIND)[keyof typeof POINT_KIND];

/**
 * The flags that come with a value (IEEE Std 1815-2012, clause 11). Bits 5 and 6 mean other things for each kind. The state of
 * a binary or double-bit point is its value and is not among its flags.
 */
export const FLAG = {
  online: 0x01,
  restart: 0x02,
  communicationLost: 0x04,
  remoteForced: 0x08,
  localForced: 0x10,
  /** Binary and double-bit: it changes too often to be reported. */
  chatter: 0x20,
  /** Counters: obsolete, and no outstation should set it. */
  rollover: 0x20,
  /** Analogs: the value is beyond what it can be measured or sent as. */
  overRange: 0x20,
  /** Counters: the count does not continue the earlier one. */
  discontinuity: 0x40,
  /** Analogs: the reference that it is measured against is wrong. */
  referenceError: 0x40,
} as const;

/** Of whose clock the time of a value is. An absolute time counts as synchronized; IIN1.4 then tells otherwise. */
export const TIME_QUALITY = { none: 0, synchronized: 1, unsynchronized: 2 } as const;

export type TimeQuality = (typeof TIME_QUALITY)[keyof typeof TIME_QUALITY];

export interface ObjectSink {
  /**
   * A value: 0 or 1 for what is binary; 0 intermediate, 1 off, 2 on, 3 indeterminate for a double bit; else the number.
   * `timeMs` counts from 1970 UTC and is NaN with the quality `none`. `event` tells a change from a state.
   */
  number(
    kind: PointKind,
    index: number,
    value: number,
    flags: number,
    timeMs: number,
    timeQuality: TimeQuality,
    event: boolean,
  ): void;
  /** A string of octets; `data` is a view that holds during the call. */
  bytes(kind: PointKind, index: number, data: Uint8Array, event: boolean): void;
  /** The outstation's clock (group 50, variation 1), where it was read. */
  time(timeMs: number): void;
  /** How long the outstation took to answer a delay measurement, or takes to restart (group 52). */
  delay(delayMs: number): void;
}
