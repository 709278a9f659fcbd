/** An alarm as people see it now, where it is evaluated. */

import type { Timestamp } from '../clock/timestamp.ts';
import type { AlarmPriority } from './alarmRecord.ts';

export interface AlarmView {
  readonly name: string;
  /** Of `@tidegate/alarm/alarmState.ts`. */
  readonly state: string;
  /** When it came into this state. */
  readonly since: Timestamp;
  /** Whether its condition holds, also while it is shelved, suppressed or out of service. */
  readonly active: boolean;
  readonly priority: AlarmPriority;
  readonly condition: string;
  /** What was measured when its condition changed last. */
  readonly value?: number | string;
  readonly limit?: number;
  readonly unit?: string;
  readonly message: string;
  /** What the operator does, where it is rationalised, and what happens if nobody does. */
  readonly action?: string;
  readonly consequence?: string;
  /** Who did what was done last, and why. */
  readonly by?: string;
  readonly comment?: string;
  /** End of the shelving. */
  readonly until?: Timestamp;
}
