/** Lets compression hold nothing back for longer than it may, also where no other sample comes. */

import { type Clock, delay } from '@tidegate/core/clock/clock.ts';
import type { Conditioner } from './conditioner.ts';

const LOOK_MS = 1_000;

/** Looks once a second, until `signal` aborts. */
export async function releaseOverdue(
  conditioner: Pick<Conditioner, 'releaseOverdue'>,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    conditioner.releaseOverdue(clock.elapsedMs());
    await delay(clock, LOOK_MS, signal);
  }
}
