/** Where a driver hands over what a device tells of alarms that the device evaluates itself. */

import type { AlarmRecord } from '@tidegate/core/alarm/alarmRecord.ts';

export interface AlarmReports {
  /**
   * Takes one happening, with the time that the device gives it, at once. `false` where the gateway is not configured
   * to have an alarm of this name.
   */
  report(record: AlarmRecord): boolean;
}
