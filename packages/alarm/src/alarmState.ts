/**
 * The states of an alarm, as the state transition diagram of the standard has them (ANSI/ISA-18.2-2016, 5.3; IEC 62682:2022,
 * 5.3), each with its letter there.
 */

export const ALARM_STATES = [
  /** A: the condition does not hold, and nobody has to know of it. */
  'normal',
  /** B: the condition holds, and nobody has acknowledged it. */
  'unacknowledged',
  /** C: the condition holds, and somebody knows. */
  'acknowledged',
  /** D: the condition held and has gone before somebody acknowledged it. */
  'returned-unacknowledged',
  /** E: as D, of an alarm that stays until it is reset. */
  'latched-unacknowledged',
  /** F: acknowledged and gone; it waits for a reset. */
  'latched-acknowledged',
  /** G: an operator has put it aside, for a limited time. */
  'shelved',
  /** H: the state of the plant makes it meaningless. */
  'suppressed-by-design',
  /** I: taken out of use by hand, for maintenance. */
  'out-of-service',
] as const;

export type AlarmState = (typeof ALARM_STATES)[number];
