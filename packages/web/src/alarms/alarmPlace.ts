/** Where alarms are: which of them an asset has, and how urgent they are above it. */

import { ALARM_PRIORITIES, type AlarmPriority } from '@tidegate/core/alarm/alarmRecord.ts';
import type { Alarm } from '@tidegate/platform/northbound/contract/alarm.ts';

/** Whether an alarm is of an asset or of what is in it: by what it watches, else by its name. */
export function isAlarmOf({ name, subject }: Pick<Alarm, 'name' | 'subject'>, path: string): boolean {
  return name.startsWith(`${path}/`) || (subject?.path.startsWith(`${path}/`) ?? false);
}

/** Of every path at or above an alarm, the most urgent priority of the alarms there. */
export function worstPriorities(
  alarms: readonly Pick<Alarm, 'name' | 'subject' | 'priority'>[],
): ReadonlyMap<string, AlarmPriority> {
  const worst = new Map<string, AlarmPriority>();
  for (const { name, subject, priority } of alarms) {
    for (const path of new Set([name, subject?.path ?? name])) {
      for (let cut = path.lastIndexOf('/'); cut > 0; cut = path.lastIndexOf('/', cut - 1)) {
        const place = path.slice(0, cut);
        const before = worst.get(place);
        if (!before || ALARM_PRIORITIES.indexOf(priority) < ALARM_PRIORITIES.indexOf(before))
          worst.set(place, priority);
      }
    }
  }
  return worst;
}
