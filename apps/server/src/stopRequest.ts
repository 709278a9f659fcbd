/** The ways in which a server is told to stop: a signal, a message of the process that started it, or the end of that one. */

/** Resolves with the first of SIGTERM, SIGINT, `{kind: 'stop'}` over the channel to the parent process, and its end. */
export function firstStopRequest(): Promise<void> {
  return new Promise((resolve) => {
    const stop = () => resolve();
    process.on('SIGTERM', stop);
    process.on('SIGINT', stop);
    process.on('disconnect', stop);
    process.on('message', (message) => {
      if ((message as { kind?: unknown } | null)?.kind === 'stop') stop();
    });
  });
}
