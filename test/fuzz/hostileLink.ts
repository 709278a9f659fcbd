/** A link whose other side says whatever chance makes of the vectors, and now and then nothing, or goodbye. */

import type { ManualClock } from '@tidegate/core/clock/manualClock.ts';
import { type Fault, failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import type { Link } from '@tidegate/edge/acquisition/transport/link.ts';
import type { WriteGuard } from '@tidegate/edge/acquisition/transport/writeGuard.ts';
import type { FrameSource } from './frameSource.ts';
import type { Random } from './random.ts';
import type { SlowFrames } from './slowFrames.ts';

const SILENT_ONE_IN = 24;
const CLOSED_ONE_IN = 400;
/** How long a frame takes. */
const FRAME_MS = 1;

export interface HostileParts {
  readonly clock: ManualClock;
  readonly random: Random;
  readonly frames: FrameSource;
  readonly slow: SlowFrames;
  readonly guard: WriteGuard;
}

export class HostileLink implements Link {
  readonly closed: Promise<Fault> = new Promise(() => {});
  sentBytes = 0;
  receivedBytes = 0;
  readonly #parts: HostileParts;
  #request: Uint8Array | undefined;

  constructor(parts: HostileParts) {
    this.#parts = parts;
  }

  /** Throws where the guard refuses a frame: whatever a driver has heard, it must never come to that. */
  send(...frames: readonly Uint8Array[]): Result<void> {
    for (const frame of frames) {
      const checked = this.#parts.guard.check(frame);
      if (!checked.ok) throw new Error(checked.fault.detail);
      this.sentBytes += frame.length;
      this.#request = checked.value;
    }
    return success(undefined);
  }

  /** The time from here to the next call is what the driver takes for the bytes. */
  async receive(withinMs: number): Promise<Result<Uint8Array>> {
    const { clock, random, frames, slow } = this.#parts;
    slow.end();
    if (random.oneIn(CLOSED_ONE_IN)) return failure('link.closed', 'the device closed the connection');
    const silent = withinMs < FRAME_MS || random.oneIn(SILENT_ONE_IN);
    await clock.advance(silent ? withinMs : FRAME_MS);
    if (silent) return failure('link.timeout', `no answer within ${withinMs} ms`);
    const bytes = frames.next(this.#request);
    this.receivedBytes += bytes.length;
    slow.begin();
    return success(bytes);
  }

  close(): void {}
}
