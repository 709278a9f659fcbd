/** Alarms as they stand, and what people do with them. */

import type { AlarmOperation } from '@tidegate/alarm/engine/alarmEngine.ts';
import { ALARM_PRIORITIES } from '@tidegate/core/alarm/alarmRecord.ts';
import { QUIET_STATES } from '@tidegate/core/alarm/alarmView.ts';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { TagPattern } from '@tidegate/core/sample/tagPattern.ts';
import type { z } from 'zod';
import { type PlantAlarm, type PlantAlarms, SERVER_ORIGIN } from '../../../monitor/alarms/plantAlarms.ts';
import type {
  Alarm,
  AlarmList,
  AlarmListQuery,
  AlarmOperationAnswer,
  AlarmOperationBody,
} from '../../contract/alarm.ts';
import { answer, type Outcome, refusal } from '../outcome.ts';

/** Without its condition these need nobody; of what a log has told the state is unknown. */
const SETTLED: ReadonlySet<string> = new Set(['normal', 'unknown']);

export function listAlarms(
  alarms: PlantAlarms | undefined,
  { show, origin, name }: z.output<typeof AlarmListQuery>,
  now: Timestamp,
): Outcome<AlarmList> {
  const all = alarms?.views() ?? [];
  const pattern = name === undefined ? undefined : new TagPattern(name);
  const shown = all.filter(
    (alarm) =>
      isShown(alarm, show) && (origin ?? alarm.origin) === alarm.origin && (pattern?.matches(alarm.name) ?? true),
  );
  const isLoud = ({ state, active }: PlantAlarm) => active && !QUIET_STATES.has(state);
  return answer({
    at: now,
    alarms: shown.sort(byUrgency),
    counts: {
      unacknowledged: all.filter(({ state }) => state.endsWith('unacknowledged')).length,
      active: all.filter(isLoud).length,
      quiet: all.filter(({ state }) => QUIET_STATES.has(state)).length,
      all: all.length,
    },
  });
}

/** Does the same with each alarm that lets it be done; the others are named with the reason. */
export function operateAlarms(
  alarms: PlantAlarms | undefined,
  body: z.output<typeof AlarmOperationBody>,
): Outcome<AlarmOperationAnswer> {
  const { by, comment } = body;
  const operation = operationOf(body);
  if (operation === undefined) {
    const errors = [{ field: 'forSeconds', detail: 'says how long an alarm is shelved, and is missing' }];
    return refusal('request.invalid', 'forSeconds is missing: an alarm is shelved for a limited time.', { errors });
  }
  const done: Alarm[] = [];
  const refused: AlarmOperationAnswer['refused'] = [];
  for (const name of body.alarms) {
    const result = alarms?.operate(name, operation, { by, comment });
    if (result?.ok) done.push({ ...result.value, origin: SERVER_ORIGIN });
    else {
      const { code, detail } = result?.fault ?? { code: 'alarm.unknown', detail: 'This server evaluates no alarms.' };
      refused.push({ name, code, detail });
    }
  }
  return answer({ done, refused });
}

function operationOf({
  operation,
  forSeconds,
  oneShot,
}: z.output<typeof AlarmOperationBody>): AlarmOperation | undefined {
  if (operation !== 'shelve') return { kind: operation };
  return forSeconds === undefined ? undefined : { kind: 'shelve', forMs: forSeconds * 1_000, oneShot };
}

function isShown({ state, active }: PlantAlarm, show: z.output<typeof AlarmListQuery>['show']): boolean {
  if (show === 'all') return true;
  if (QUIET_STATES.has(state)) return show === 'quiet';
  return show === 'open' && (active || !SETTLED.has(state));
}

function byUrgency(a: PlantAlarm, b: PlantAlarm): number {
  return ALARM_PRIORITIES.indexOf(a.priority) - ALARM_PRIORITIES.indexOf(b.priority) || b.since - a.since;
}
