/** What a person is about to do with alarms, and what became of it, in words. */

import type { Alarm, AlarmOperationAnswer } from '@tidegate/platform/northbound/contract/alarm.ts';
import { formatCount } from '../reading/number.ts';
import { formatClock } from '../reading/span.ts';
import { type AlarmOperationName, OPERATION_WORDS, operationsOf, undoOf } from './alarmState.ts';

/** An operation with the alarms that are meant. */
export interface AlarmIntent {
  readonly operation: AlarmOperationName;
  /** Names of alarms of this server. */
  readonly alarms: readonly string[];
}

/** What the server says of alarms that the operation does not fit. */
export interface AlarmOutcome {
  readonly text: string;
  /** One sentence for each alarm with which it was not done. */
  readonly refused: readonly string[];
  readonly undo: AlarmIntent | undefined;
}

/** For how long alarms are shelved with one press: seconds. */
export const SHELVE_TIMES = [
  { label: '15 min', seconds: 900 },
  { label: '1 h', seconds: 3_600 },
  { label: '8 h', seconds: 28_800 },
] as const;
/** Minutes that can be typed; the alarm itself may allow less, and then says so. */
export const MOST_SHELVE_MINUTES = 7 * 24 * 60;

/** These are done at once; the others are asked for with a reason. */
export const needsReason = (operation: AlarmOperationName) =>
  operation === 'shelve' || operation === 'remove-from-service';

/** The operation with those of `alarms` that it makes sense with; `undefined` where there are none. */
export function intentOf(operation: AlarmOperationName, alarms: readonly Alarm[]): AlarmIntent | undefined {
  const names = alarms.filter((alarm) => operationsOf(alarm).includes(operation)).map(({ name }) => name);
  return names.length === 0 ? undefined : { operation, alarms: names };
}

/** Why an operation makes sense with none of `alarms`, as a sentence. */
export function whyNot(operation: AlarmOperationName, alarms: readonly Alarm[]): string {
  const elsewhere = [...new Set(alarms.filter(({ origin }) => origin !== 'server').map(({ origin }) => origin))];
  if (alarms.length === 0) return 'No alarm is chosen.';
  if (elsewhere.length > 0) {
    return `Alarms of ${elsewhere.join(', ')} are operated at their site only: nothing goes back to the plant.`;
  }
  return `${OPERATION_WORDS[operation].verb} makes no sense as ${alarms.length === 1 ? 'this alarm stands' : 'these alarms stand'}.`;
}

export function outcomeOf({ operation }: AlarmIntent, { done, refused }: AlarmOperationAnswer): AlarmOutcome {
  const names = done.map(({ name }) => name);
  const undo = names.length > 0 ? undoOf(operation) : undefined;
  const what = names.length === 1 ? names[0] : `${formatCount(names.length)} alarms`;
  const until = done.find((alarm) => alarm.until !== undefined)?.until;
  const untilText =
    operation === 'shelve' && until !== undefined ? ` until ${formatClock(until / 1_000).slice(0, 5)}` : '';
  return {
    text: names.length > 0 ? `${what} ${OPERATION_WORDS[operation].done}${untilText}.` : 'Nothing was done.',
    refused: refused.map(({ detail }) => detail),
    undo: undo && { operation: undo, alarms: names },
  };
}
