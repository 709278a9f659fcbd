/** An alarm as people see it now, where it is evaluated. */

import type { Timestamp } from '../clock/timestamp.ts';
import type { AlarmPriority } from './alarmRecord.ts';

/** States in which an alarm is kept quiet: whatever its condition does, nobody is told. */
export const QUIET_STATES: ReadonlySet<string> = new Set(['shelved', 'suppressed-by-design', 'out-of-service']);

export interface AlarmView {
  readonly name: string;
  /** The path of the tag or attribute that it watches, where that is known: an alarm from elsewhere does not say. */
  readonly subject?: { readonly kind: 'tag' | 'attribute'; readonly path: string } | undefined;
  /** Of `@tidegate/alarm/alarmState.ts`. */
  readonly state: string;
  /** When it came into this state. */
  readonly since: Timestamp;
  /** Whether its condition holds, also while it is shelved, suppressed or out of service. */
  readonly active: boolean;
  readonly priority: AlarmPriority;
  readonly condition: string;
  /** What was measured when its condition changed last. */
  readonly value?: number | string | undefined;
  readonly limit?: number | undefined;
  readonly unit?: string | undefined;
  readonly message: string;
  /** What the operator does, where it is rationalised, and what happens if nobody does. */
  readonly action?: string | undefined;
  readonly consequence?: string | undefined;
  /** Who did what was done last, and why. */
  readonly by?: string | undefined;
  readonly comment?: string | undefined;
  /** End of the shelving. */
  readonly until?: Timestamp | undefined;
}
