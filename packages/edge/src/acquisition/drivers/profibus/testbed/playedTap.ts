/** A tap on which bytes come in chunks, a millisecond each, and then nothing more, for tests; waiting moves the clock. */

import type { ManualClock } from '@tidegate/core/clock/manualClock.ts';
import { type Fault, failure, success } from '@tidegate/core/fault/fault.ts';
import type { Tap } from '../../../transport/link.ts';

const CHUNK_BYTES = 100;

export function playedTap(bytes: Uint8Array, clock: ManualClock): Tap {
  const { promise: closed, resolve } = Promise.withResolvers<Fault>();
  let at = 0;
  let end: Fault | undefined;
  return {
    receive: async (withinMs) => {
      await clock.advance(at < bytes.length ? 1 : withinMs);
      if (end) return { ok: false, fault: end };
      if (at >= bytes.length) return failure('link.timeout', 'nothing came');
      at += CHUNK_BYTES;
      return success(bytes.subarray(at - CHUNK_BYTES, at));
    },
    get receivedBytes() {
      return Math.min(at, bytes.length);
    },
    closed,
    close: () => {
      end ??= { code: 'link.closed', detail: 'closed' };
      resolve(end);
    },
  };
}
