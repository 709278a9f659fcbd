/** Keeps a worker running: an exception in it is a bug of ours, which must cost as little as possible and be known. */

import { type Clock, delay } from '@tidegate/core/clock/clock.ts';
import type { EventSink } from '@tidegate/core/port/eventSink.ts';

/** Works until `signal` aborts, then cleans up and returns. One that returns earlier has finished for good. */
export type Worker = (signal: AbortSignal) => Promise<void>;

export interface Supervised {
  /** Aborts the worker and resolves when it has returned. */
  stop(): Promise<void>;
  /** How often the worker was started again. */
  readonly restarts: number;
}

export interface SupervisorPorts {
  readonly clock: Clock;
  readonly events: EventSink;
}

const FIRST_RESTART_MS = 500;
const LONGEST_RESTART_MS = 60_000;
/** A worker that ran this long before it crashed starts again as quickly as after its first crash. */
const STEADY_AFTER_MS = 60_000;

/**
 * Runs `work` and starts it again whenever it throws, after a pause that doubles with each crash in a row. Each crash is
 * the event `worker.crashed`, whose source is `name`.
 */
export function supervise(name: string, work: Worker, ports: SupervisorPorts): Supervised {
  const stopping = new AbortController();
  const state = { restarts: 0 };
  const finished = keepRunning(name, work, ports, stopping.signal, state);
  return {
    get restarts() {
      return state.restarts;
    },
    stop() {
      stopping.abort();
      return finished;
    },
  };
}

async function keepRunning(
  name: string,
  work: Worker,
  { clock, events }: SupervisorPorts,
  signal: AbortSignal,
  state: { restarts: number },
): Promise<void> {
  let pauseMs = FIRST_RESTART_MS;
  while (!signal.aborted) {
    const startedMs = clock.elapsedMs();
    try {
      await work(signal);
      return;
    } catch (error) {
      if (clock.elapsedMs() - startedMs >= STEADY_AFTER_MS) pauseMs = FIRST_RESTART_MS;
      const detail = `${describe(error)}; starting again in ${pauseMs} ms`;
      events({ at: clock.now(), kind: 'worker.crashed', source: name, detail });
    }
    await delay(clock, pauseMs, signal);
    pauseMs = Math.min(pauseMs * 2, LONGEST_RESTART_MS);
    if (!signal.aborted) state.restarts++;
  }
}

/** The message and the place, without the rest of the stack: one sentence for the person who reads the event. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const place = error.stack?.split('\n').find((line) => line.trimStart().startsWith('at '));
  return place ? `${error.name}: ${error.message} ${place.trim()}` : `${error.name}: ${error.message}`;
}
