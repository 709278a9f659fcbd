/** Waits until the other side holds everything, as long as there is hope. */

import { type Clock, delay } from '@tidegate/core/clock/clock.ts';
import type { RunningForwarder } from '@tidegate/oneway/forward/forwarder.ts';
import { DRAIN_LIMIT_MS } from './forwarding.ts';

/** A lane that has been without a connection for so long will hardly get one now. */
const UNCONNECTED_LIMIT_MS = 1_500;
const LOOK_MS = 50;

/** Resolves when each forwarder has drained or is cut off, when the time is over, or when `hurry` aborts. */
export async function drainForwarders(
  forwarders: readonly Pick<RunningForwarder, 'drained' | 'status'>[],
  clock: Clock,
  hurry: AbortSignal,
): Promise<void> {
  const over = new AbortController();
  const signal = AbortSignal.any([hurry, over.signal]);
  const limit = delay(clock, DRAIN_LIMIT_MS, signal);
  const lanes = forwarders.map((forwarder) => Promise.race([forwarder.drained(), cutOff(forwarder, clock, signal)]));
  await Promise.race([Promise.all(lanes), limit]);
  over.abort();
}

/** Resolves when a forwarder has had no connection for a while, or when `signal` aborts. */
async function cutOff(forwarder: Pick<RunningForwarder, 'status'>, clock: Clock, signal: AbortSignal): Promise<void> {
  let connectedMs = clock.elapsedMs();
  while (!signal.aborted && clock.elapsedMs() - connectedMs < UNCONNECTED_LIMIT_MS) {
    await delay(clock, LOOK_MS, signal);
    if (forwarder.status().connected) connectedMs = clock.elapsedMs();
  }
}
