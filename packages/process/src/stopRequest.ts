/** The ways in which a process is told to stop: a signal, a message of the process that started it, or the end of that one. */

interface StopRequest {
  /** Whether to wait, within bounds, until what it holds for others has been delivered. */
  readonly drain: boolean;
}

export interface StopRequests {
  /** Resolves with the first request. */
  readonly first: Promise<StopRequest>;
  /** Aborts with a second one: whoever asks twice does not want to wait. */
  readonly again: AbortSignal;
}

/** Listens to SIGTERM, SIGINT, `{kind: 'stop', drain: boolean}` over the channel to the parent process, and its end. */
export function listenForStop(): StopRequests {
  const again = new AbortController();
  const { promise, resolve } = Promise.withResolvers<StopRequest>();
  let asked = false;
  const ask = (request: StopRequest) => {
    if (asked) again.abort();
    asked = true;
    resolve(request);
  };
  process.on('SIGTERM', () => ask({ drain: true }));
  process.on('SIGINT', () => ask({ drain: true }));
  process.on('message', (message) => {
    const drain = drainOf(message);
    if (drain !== undefined) ask({ drain });
  });
  process.on('disconnect', () => {
    if (!asked) ask({ drain: true });
  });
  return { first: promise, again: again.signal };
}

/** What a message says about draining; `undefined` where it is no request to stop. */
function drainOf(message: unknown): boolean | undefined {
  if (typeof message !== 'object' || message === null) return undefined;
  const { kind, drain } = message as { kind?: unknown; drain?: unknown };
  return kind === 'stop' ? drain !== false : undefined;
}
