/** The states of an alarm: ANSI/ISA-18.2-2016, clause 4.8; IEC 62682:2022, clause 4.8. */

export const ALARM_STATES = [
  'normal',
  'unacknowledged',
  'acknowledged',
  'returned-unacknowledged',
  'latched-unacknowledged',
  'latched-acknowledged',
  'shelved',
  'suppressed-by-design',
  'out-of-service',
] as const;

export type AlarmState = (typeof ALARM_STATES)[number];
