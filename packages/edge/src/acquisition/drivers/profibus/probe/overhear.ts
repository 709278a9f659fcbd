/** Listens to a tap for a while: the step that looking for the bit rate and looking round on the bus have in common. */

import type { Clock } from '@tidegate/core/clock/clock.ts';
import { type Result, success } from '@tidegate/core/fault/fault.ts';
import type { Tap } from '../../../transport/link.ts';

/** A line that is quiet is looked at this often. */
const QUIET_MS = 250;

/** `take` gets each chunk as it comes, none where it has been quiet, and says whether to go on. Fault: `link.closed`. */
export async function overhear(
  tap: Tap,
  forMs: number,
  clock: Clock,
  take: (chunk: Uint8Array | undefined) => boolean,
): Promise<Result<void>> {
  const untilMs = clock.elapsedMs() + forMs;
  for (;;) {
    const leftMs = untilMs - clock.elapsedMs();
    if (leftMs <= 0) return success(undefined);
    const heard = await tap.receive(Math.min(leftMs, QUIET_MS));
    if (!heard.ok && heard.fault.code !== 'link.timeout') return heard;
    if (!take(heard.ok ? heard.value : undefined)) return success(undefined);
  }
}
