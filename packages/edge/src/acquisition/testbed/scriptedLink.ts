/** A link that plays a transcript: what the driver sends is compared, what the device answers is written down. */

import type { Fault, Result } from '@tidegate/core/fault/fault.ts';
import { failure, success } from '@tidegate/core/fault/fault.ts';
import type { Link } from '../transport/link.ts';
import type { WriteGuard } from '../transport/writeGuard.ts';

/** One line on the wire: the gateway sends, the device answers, the device is silent, the device closes. */
export type WireLine =
  | { readonly kind: 'sent' | 'received'; readonly bytes: Uint8Array }
  | { readonly kind: 'silence' | 'close' };

export class ScriptedLink implements Link {
  readonly closed: Promise<Fault>;
  readonly #next: () => WireLine | undefined;
  readonly #guard: WriteGuard;
  sentBytes = 0;
  receivedBytes = 0;
  readonly #end = Promise.withResolvers<Fault>();

  /** `next` takes the next line of the wire; `undefined` where the script expects nothing on it. */
  constructor(next: () => WireLine | undefined, guard: WriteGuard) {
    this.#next = next;
    this.#guard = guard;
    this.closed = this.#end.promise;
  }

  send(...frames: readonly Uint8Array[]): Result<void> {
    for (const frame of frames) {
      const guarded = this.#guard.check(frame);
      if (!guarded.ok) return guarded;
      const line = this.#next();
      const expected = line?.kind === 'sent' ? hexOf(line.bytes) : line?.kind;
      if (expected !== hexOf(frame)) throw new Error(`sent ${hexOf(frame)} where the transcript has ${expected}`);
      this.sentBytes += frame.length;
    }
    return success(undefined);
  }

  receive(withinMs: number): Promise<Result<Uint8Array>> {
    const line = this.#next();
    switch (line?.kind) {
      case 'received':
        this.receivedBytes += line.bytes.length;
        return Promise.resolve(success(line.bytes));
      case 'silence':
      case undefined:
        return Promise.resolve(failure('link.timeout', `no answer within ${withinMs} ms`));
      case 'close':
        return Promise.resolve(failure('link.closed', 'the device closed the connection'));
      default:
        throw new Error(`waits for an answer where the transcript has ${line?.kind}`);
    }
  }

  close(): void {
    this.#end.resolve({ code: 'link.closed', detail: 'closed by the gateway' });
  }
}

export function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
