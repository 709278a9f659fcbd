/** What may be asked of the alarms of a gateway, as it comes in at the socket. */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { ALARM_OPERATIONS, type AlarmRequest } from '@tidegate/core/port/liveAlarms.ts';

const MAX_TEXT = 2_000;

/** Faults: `request.malformed`, `request.invalid`. */
export function readAlarmRequest(body: string): Result<AlarmRequest> {
  let data: unknown;
  try {
    data = JSON.parse(body);
  } catch {
    return failure('request.malformed', 'The request is no JSON.');
  }
  if (typeof data !== 'object' || data === null) return failure('request.invalid', 'The request is no object.');
  const { operation, alarms, by, comment, forMs, oneShot } = data as Partial<Record<keyof AlarmRequest, unknown>>;
  const known = ALARM_OPERATIONS.find((each) => each === operation);
  if (known === undefined) return failure('request.invalid', `"operation" is none of ${ALARM_OPERATIONS.join(', ')}.`);
  const names = alarms === 'all' || isNames(alarms) ? alarms : undefined;
  if (names === undefined) return failure('request.invalid', '"alarms" is neither "all" nor a list of names.');
  if (!isText(by) || by.trim() === '') return failure('request.invalid', '"by" does not say who does it.');
  if (comment !== undefined && !isText(comment))
    return failure('request.invalid', '"comment" is no text of a sensible length.');
  const isTime = typeof forMs === 'number' && Number.isFinite(forMs) && forMs > 0;
  if (known === 'shelve' && !isTime) return failure('request.invalid', '"forMs" does not say for how long.');
  return success({
    ...{ operation: known, alarms: names, by: by.trim() },
    ...(comment !== undefined && { comment }),
    ...(isTime && { forMs }),
    ...(oneShot === true && { oneShot }),
  });
}

function isNames(value: unknown): value is string[] {
  return Array.isArray(value) && value.length > 0 && value.every((name) => typeof name === 'string');
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.length <= MAX_TEXT;
}
