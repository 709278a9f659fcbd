/** Where a driver hands over what a device tells of alarms that the device evaluates itself. */

import type { AlarmRecord } from '@tidegate/core/alarm/alarmRecord.ts';

export interface AlarmReports {
  /**
   * Takes one happening at once, with the time that the device gives it. The names of its alarms begin with that of the
   * device, so that no two devices share one.
   */
  report(record: AlarmRecord): void;
}
