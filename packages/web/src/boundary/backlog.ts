/** What waits at the gateway to cross, and how long it will take. */

import type { Boundary, BoundaryStream, Position } from '@tidegate/platform/northbound/contract/boundary.ts';
import { formatSince } from '../reading/span.ts';
import { streamKey } from './streamFlow.ts';

export interface Backlog {
  readonly blocks: number;
  readonly samples: number;
  readonly bytes: number;
  /** Of the samples, those of an outage that drain beside live data. */
  readonly fromBefore: number;
  readonly oldest: Position | null;
}

/** `undefined` where the gateway has never said what waits. */
export function backlogOf({ heartbeat, pending }: BoundaryStream): Backlog | undefined {
  if (!heartbeat) return undefined;
  const { blocks, samples, bytes } = heartbeat.depth;
  // The heartbeat is up to a second older than what the server knows to be missing.
  return { blocks, samples: Math.max(samples, pending), bytes, fromBefore: pending, oldest: heartbeat.oldest };
}

/** Epochs are the times at which the runs of a spool began, in microseconds (docs/formats/spool.md). */
const FIRST_TIME_US = Date.UTC(2000, 0, 1) * 1_000;

/** `block 17 of the run of 14:00:44`; of a spool whose clock stood at 1970 the run has a number. */
export function formatPosition({ epoch, sequence }: Position, nowMs: number): string {
  const run = epoch > FIRST_TIME_US ? `the run of ${formatSince(epoch / 1_000, nowMs)}` : `run ${epoch}`;
  return `block ${sequence} of ${run}`;
}

/** The trend is taken over this time: a spool that is fed once a second breathes. */
const TREND_US = 20_000_000;
/** Less than this waits in a lane that is well. */
const SOME_SAMPLES = 1_000;

/** How fast backlogs become smaller, from one state of the boundary to the next. */
export class BacklogTrend {
  #seen: { readonly at: number; readonly waiting: ReadonlyMap<string, number> }[] = [];

  take(boundary: Boundary): void {
    const waiting = new Map(boundary.streams.map((one) => [streamKey(one), backlogOf(one)?.samples ?? 0]));
    this.#seen = this.#seen.filter(({ at }) => at < boundary.at && at >= boundary.at - TREND_US);
    this.#seen.push({ at: boundary.at, waiting });
  }

  /** In milliseconds, at the pace of the last seconds; `undefined` where too little waits, or it does not become less. */
  drainedInMs(key: string): number | undefined {
    const [first, last] = [this.#seen[0], this.#seen.at(-1)];
    if (!first || !last || last.at <= first.at) return undefined;
    const [before, now] = [first.waiting.get(key) ?? 0, last.waiting.get(key) ?? 0];
    if (now < SOME_SAMPLES || now >= before) return undefined;
    return ((last.at - first.at) / 1_000) * (now / (before - now));
  }
}
