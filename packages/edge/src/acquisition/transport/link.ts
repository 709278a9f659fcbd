/** What the OT side has of an open medium: a tap that can only be listened to, or a link that sends what the guard allows. */

import type { Fault, Result } from '@tidegate/core/fault/fault.ts';

/** What can be heard on a medium. Nothing can be sent through it. */
export interface Tap {
  /**
   * The bytes that have come since the last call, at least one; waits for them up to `withinMs`. One caller at a time.
   * Faults: `link.timeout`, `link.closed`.
   */
  receive(withinMs: number): Promise<Result<Uint8Array>>;
  /** All bytes that have come so far. */
  readonly receivedBytes: number;
  /** Resolves with the reason when the link is closed by whichever side. */
  readonly closed: Promise<Fault>;
  close(): void;
}

/**
 * The only thing by which a driver reaches its devices. Every frame is parsed again by the guard before it is sent; a
 * forbidden one closes the link.
 */
export interface Link extends Tap {
  /** One frame, or several that are sent in one piece. Faults: `frame.forbidden`, `link.closed`. The bytes are copied. */
  send(...frames: readonly Uint8Array[]): Result<void>;
  /** All bytes that have been sent so far. */
  readonly sentBytes: number;
  /** When something was sent last, by `Clock.elapsedMs`; absent where nothing was. */
  readonly sentAtMs?: number | undefined;
}

/** Opens the links of one line, one after the other. */
export interface LineOpener<L extends Tap> {
  /**
   * Faults: `link.connect` (refused, unreachable, no answer in time, port in use or not there, or `signal` aborted),
   * `link.identity` (the other side's certificate), `link.credentials` (our own).
   */
  open(signal: AbortSignal): Promise<Result<L>>;
  /** Gives the medium back, a listening port for one. The last link is closed by whoever has it. */
  close(): Promise<void>;
}
