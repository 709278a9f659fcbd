/** What can come to an alarm: from its condition, from the state of the plant, from people, and with time. */

import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';

export const ALARM_EVENT_KINDS = [
  'activate',
  'return',
  'acknowledge',
  'reset',
  'shelve',
  'unshelve',
  'expire',
  'suppress',
  'unsuppress',
  'remove-from-service',
  'return-to-service',
] as const;
export type AlarmEventKind = (typeof ALARM_EVENT_KINDS)[number];

export type AlarmEvent =
  | { readonly kind: Exclude<AlarmEventKind, 'shelve' | 'expire'> }
  /** Sets an alarm aside from `at` until `until`, and where it is one-shot until its condition returns if that is earlier. */
  | { readonly kind: 'shelve'; readonly at: Timestamp; readonly until: Timestamp; readonly oneShot: boolean }
  /** Time goes by; shelving whose end has come by `at` is over. */
  | { readonly kind: 'expire'; readonly at: Timestamp };
