/** A medium between its opening and its end: what all kinds of media have in common, and no way to send. */

import type { Readable } from 'node:stream';
import type { Fault, Result } from '@tidegate/core/fault/fault.ts';

/** Who listens only asks for a `Readable`; who sends asks for a `Duplex`, and there is one who does: `GuardedLink`. */
export interface OpenMedium<S extends Readable> {
  readonly stream: S;
  /** Resolves with the reason, one sentence, when nothing more will come. */
  readonly ended: Promise<string>;
  /** Lets go at once: what is still unsent stays unsent. */
  release(): void;
}

/** Opens one kind of medium, again and again; see `LineOpener`, which also looks after a signal that has aborted already. */
export interface MediumOpener<S extends Readable> {
  /** Where opening may take long, `signal` ends it. Faults: `link.connect`, `link.identity`, `link.credentials`. */
  open(signal: AbortSignal): Promise<Result<OpenMedium<S>>>;
  /** Ends what is open, unless that is independent of the opener, and resolves when the medium is free for others. */
  close(): Promise<void>;
}

/** Resolves with what `start` hands to its callback, or with `stopped` as soon as `signal` aborts. */
export function untilAborted<T>(
  signal: AbortSignal,
  stopped: { readonly ok: false; readonly fault: Fault },
  start: (settle: (result: Result<T>) => void) => void,
): Promise<Result<T>> {
  return new Promise((resolve) => {
    const abort = () => settle(stopped);
    const settle = (result: Result<T>) => {
      signal.removeEventListener('abort', abort);
      resolve(result);
    };
    signal.addEventListener('abort', abort, { once: true });
    start(settle);
  });
}
