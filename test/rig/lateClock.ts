/** A clock that stands some hours behind that of the machine, and can be let catch up: the hours of an outage, in seconds. */

import { type Clock, systemClock } from '@tidegate/core/clock/clock.ts';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';

const US_PER_HOUR = 3_600_000_000;

export class LateClock implements Clock {
  readonly elapsedMs = systemClock.elapsedMs;
  readonly after = systemClock.after;
  /** How far it is behind, in microseconds. */
  behindUs: number;

  constructor(hoursBehind: number) {
    this.behindUs = hoursBehind * US_PER_HOUR;
  }

  now(): Timestamp {
    return (systemClock.now() - this.behindUs) as Timestamp;
  }
}
