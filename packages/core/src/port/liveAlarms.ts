/** How people on the machine of a gateway see its alarms and answer them, whether or not anything crosses the boundary. */

import type { AlarmView } from '../alarm/alarmView.ts';
import type { Timestamp } from '../clock/timestamp.ts';
import type { Fault } from '../fault/fault.ts';

export interface LiveAlarms {
  readonly at: Timestamp;
  readonly gateway: string;
  /** False where nothing is configured: then there are none, and never will be. */
  readonly configured: boolean;
  readonly alarms: readonly AlarmView[];
}

export const ALARM_OPERATIONS = [
  'acknowledge',
  'reset',
  'shelve',
  'unshelve',
  'remove-from-service',
  'return-to-service',
] as const;
export type AlarmOperationKind = (typeof ALARM_OPERATIONS)[number];

export interface AlarmRequest {
  readonly operation: AlarmOperationKind;
  /** Names, or all that the operation means anything for. */
  readonly alarms: readonly string[] | 'all';
  /** Who does it. */
  readonly by: string;
  readonly comment?: string;
  /** Of shelving: for how long at most; and whether it ends when the condition returns. */
  readonly forMs?: number;
  readonly oneShot?: boolean;
}

/** What became of it; where it is answered it is on disk. */
export interface AlarmAnswer {
  readonly at: Timestamp;
  readonly done: readonly AlarmView[];
  readonly refused: readonly { readonly alarm: string; readonly fault: Fault }[];
}

/** `GET` gives `LiveAlarms`, `POST` takes an `AlarmRequest` as JSON and gives an `AlarmAnswer`. */
export const ALARMS_ADDRESS = '/alarms';
/** Of one request. */
export const MAX_ALARM_REQUEST_BYTES = 256 * 1024;
