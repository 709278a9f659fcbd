/** A link on which an outstation says what a test tells it to, after as long as the test says. */

import type { ManualClock } from '@tidegate/core/clock/manualClock.ts';
import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import type { Link } from '../../../transport/link.ts';

export class ScriptedOutstation implements Link {
  readonly sentBytes = 0;
  readonly receivedBytes = 0;
  readonly closed = new Promise<never>(() => {});
  readonly sent: Uint8Array[] = [];
  readonly #clock: ManualClock;
  readonly #say: () => Uint8Array | undefined;
  readonly #afterMs: number;

  /** `say` gives the next bytes, each after `afterMs`; `undefined` is silence. */
  constructor(clock: ManualClock, say: () => Uint8Array | undefined, afterMs = 10) {
    this.#clock = clock;
    this.#say = say;
    this.#afterMs = afterMs;
  }

  send(...frames: readonly Uint8Array[]): Result<void> {
    this.sent.push(...frames);
    return success(undefined);
  }

  async receive(withinMs: number): Promise<Result<Uint8Array>> {
    const bytes = withinMs < this.#afterMs ? undefined : this.#say();
    await this.#clock.advance(bytes ? this.#afterMs : withinMs);
    return bytes ? success(bytes) : failure('link.timeout', 'silence');
  }

  close(): void {}
}
