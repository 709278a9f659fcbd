/** The alarms of a gateway with what is known of them from before its start. */

import type { Clock } from '@tidegate/core/clock/clock.ts';
import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { AlarmKeeper } from '@tidegate/edge/conditioning/alarms/alarmKeeper.ts';
import { GatewayAlarms } from '@tidegate/edge/conditioning/alarms/gatewayAlarms.ts';
import type { NumberedAlarms } from '@tidegate/edge/configuration/alarms/alarmTags.ts';
import { directoryDefect } from '@tidegate/journal/directoryDefect.ts';
import type { DeskAlarms } from './alarmDesk.ts';

/** `undefined` where none are configured. Fault: `gateway.data-directory`. */
export async function openAlarms(
  directory: string,
  numbered: NumberedAlarms | undefined,
  clock: Clock,
): Promise<Result<DeskAlarms | undefined>> {
  if (numbered === undefined) return success(undefined);
  try {
    const keeper = await AlarmKeeper.open(directory);
    return success({ keeper, alarms: new GatewayAlarms({ ...numbered, clock, kept: keeper.found }) });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    return failure('gateway.data-directory', `${directory} ${directoryDefect(error as NodeJS.ErrnoException)}`);
  }
}
