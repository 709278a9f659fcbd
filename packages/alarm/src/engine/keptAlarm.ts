/** What of an alarm outlives the program that runs it, as JSON. */

import { QUIET_STATES } from '@tidegate/core/alarm/alarmView.ts';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { z } from 'zod';
import type { AlarmSituation, Annunciation } from '../alarmSituation.ts';
import { ALARM_STATES, type AlarmState } from '../alarmState.ts';

const isAnnunciation = (state: AlarmState): state is Annunciation => !QUIET_STATES.has(state);

const time = z.int().transform((us) => us as Timestamp);

const situationSchema = z
  .object({
    latching: z.boolean(),
    mustAcknowledge: z.boolean(),
    active: z.boolean(),
    annunciation: z.enum(ALARM_STATES).refine(isAnnunciation),
    shelving: z.object({ until: time, oneShot: z.boolean() }).optional(),
    suppressed: z.boolean(),
    outOfService: z.boolean(),
  })
  .transform(({ annunciation, shelving, ...rest }): AlarmSituation => {
    return { ...rest, shelving, annunciation: annunciation as Annunciation };
  });

const keptSchema = z.object({
  situation: situationSchema,
  since: time,
  value: z.union([z.number(), z.string()]).optional(),
  by: z.string().optional(),
  comment: z.string().optional(),
  /** Which of its suppressions hold, by their index. */
  suppressing: z.array(z.int()),
});

export type KeptAlarm = Readonly<z.output<typeof keptSchema>>;

/** What is kept of alarms, by their names, as JSON gives it back; what is not right of it is left out. */
export function readKeptAlarms(data: unknown): Map<string, KeptAlarm> {
  const kept = new Map<string, KeptAlarm>();
  if (typeof data !== 'object' || data === null) return kept;
  for (const [name, entry] of Object.entries(data)) {
    const parsed = keptSchema.safeParse(entry);
    if (parsed.success) kept.set(name, parsed.data);
  }
  return kept;
}
