/** How an alarm stands: what the operator is told of it, and beneath that what its condition does and what keeps it quiet. */

import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import type { AlarmState } from './alarmState.ts';

/** States A to F of the standard: what an alarm has to say, where nothing keeps it quiet. */
export type Annunciation = Exclude<AlarmState, 'shelved' | 'suppressed-by-design' | 'out-of-service'>;

export interface Shelving {
  /** It ends at this time, whatever happens. */
  readonly until: Timestamp;
  /** It ends as well when the condition returns to normal. */
  readonly oneShot: boolean;
}

export interface AlarmSituation {
  /** Whether it stays after its condition has gone, until it is reset; never changes. */
  readonly latching: boolean;
  /** Whether somebody has to acknowledge it; what only goes into the journal acknowledges itself. Never changes. */
  readonly mustAcknowledge: boolean;
  /** Whether the condition holds, followed whatever else is the case. */
  readonly active: boolean;
  /** `normal` while something keeps the alarm quiet. */
  readonly annunciation: Annunciation;
  readonly shelving: Shelving | undefined;
  readonly suppressed: boolean;
  readonly outOfService: boolean;
}

/** An alarm that has just been made, of a condition that has not been seen to hold. */
export function initialSituation(latching: boolean, mustAcknowledge = true): AlarmSituation {
  return {
    ...{ latching, mustAcknowledge },
    ...{ active: false, annunciation: 'normal', shelving: undefined, suppressed: false, outOfService: false },
  };
}

/**
 * The state that people see. An alarm may be kept quiet for several reasons at once; the one that lasts longest by itself
 * is shown: out of service before suppressed by design before shelved.
 */
export function stateOf(situation: AlarmSituation): AlarmState {
  if (situation.outOfService) return 'out-of-service';
  if (situation.suppressed) return 'suppressed-by-design';
  return situation.shelving ? 'shelved' : situation.annunciation;
}

export function isQuiet({ outOfService, suppressed, shelving }: AlarmSituation): boolean {
  return outOfService || suppressed || shelving !== undefined;
}
