/** What the state of an alarm means to an operator, and what can be done in it (ANSI/ISA-18.2-2016, 5.3). */

import { QUIET_STATES } from '@tidegate/core/alarm/alarmView.ts';
import type { Alarm } from '@tidegate/platform/northbound/contract/alarm.ts';
import { formatAge, formatSince } from '../reading/span.ts';

/** The origin of alarms that the server evaluates, and the only one whose alarms are operated here. */
const SERVER = 'server';

export type AlarmOperationName =
  | 'acknowledge'
  | 'reset'
  | 'shelve'
  | 'unshelve'
  | 'remove-from-service'
  | 'return-to-service';

const WORDS: Readonly<Record<string, string>> = {
  normal: 'normal',
  unacknowledged: 'active, not acknowledged',
  acknowledged: 'active, acknowledged',
  'returned-unacknowledged': 'gone, not acknowledged',
  'latched-unacknowledged': 'gone, latched, not acknowledged',
  'latched-acknowledged': 'gone, waits for a reset',
  shelved: 'shelved',
  'suppressed-by-design': 'suppressed by design',
  'out-of-service': 'out of service',
};

/** The state of what was imported from a log. */
const UNTOLD = 'unknown';

type Stated = Pick<Alarm, 'state' | 'active' | 'until'>;

export const isUnacknowledged = ({ state }: Pick<Alarm, 'state'>) => state.endsWith('unacknowledged');
export const isOpen = ({ state, active }: Pick<Alarm, 'state' | 'active'>) =>
  !QUIET_STATES.has(state) && (active || state !== 'normal');
/** Nobody says how an alarm of a log stands: there are only its happenings. */
export const isFromLog = ({ state }: Pick<Alarm, 'state'>) => state === UNTOLD;
/** An alarm of a gateway is operated at its site: nothing goes back to the plant. */
export const isOperatedHere = ({ origin }: Pick<Alarm, 'origin'>) => origin === SERVER;

/** A state of another system is shown as it was told; where none was, its last happening says whether it is active. */
export function stateWords({ state, active, until }: Stated, nowMs: number): string {
  const words = WORDS[state] ?? (state !== UNTOLD ? state : active ? 'active' : 'gone');
  if (state !== 'shelved' || until === undefined) return words;
  const endMs = until / 1_000;
  return `${words} until ${formatSince(endMs, nowMs)} (${formatAge(endMs - nowMs)} more)`;
}

const DONE_IN: Readonly<Record<string, readonly AlarmOperationName[]>> = {
  normal: ['shelve', 'remove-from-service'],
  unacknowledged: ['acknowledge', 'shelve', 'remove-from-service'],
  acknowledged: ['shelve', 'remove-from-service'],
  'returned-unacknowledged': ['acknowledge', 'shelve', 'remove-from-service'],
  'latched-unacknowledged': ['acknowledge', 'shelve', 'remove-from-service'],
  'latched-acknowledged': ['reset', 'shelve', 'remove-from-service'],
  shelved: ['unshelve', 'shelve', 'remove-from-service'],
  'suppressed-by-design': ['shelve', 'remove-from-service'],
  'out-of-service': ['return-to-service'],
};

/** What makes sense with an alarm as it stands; nothing with those of other origins. */
export function operationsOf(alarm: Pick<Alarm, 'state' | 'origin'>): readonly AlarmOperationName[] {
  return isOperatedHere(alarm) ? (DONE_IN[alarm.state] ?? []) : [];
}

/** The verb on a button, and what is said when it has been done. */
export const OPERATION_WORDS: Readonly<Record<AlarmOperationName, { readonly verb: string; readonly done: string }>> = {
  acknowledge: { verb: 'Acknowledge', done: 'acknowledged' },
  reset: { verb: 'Reset', done: 'reset' },
  shelve: { verb: 'Shelve', done: 'shelved' },
  unshelve: { verb: 'Unshelve', done: 'unshelved' },
  'remove-from-service': { verb: 'Out of service', done: 'taken out of service' },
  'return-to-service': { verb: 'Return to service', done: 'returned to service' },
};

/** What takes an operation back; an acknowledgement stays, because somebody has seen the alarm. */
export function undoOf(operation: AlarmOperationName): AlarmOperationName | undefined {
  if (operation === 'shelve') return 'unshelve';
  return operation === 'remove-from-service' ? 'return-to-service' : undefined;
}
