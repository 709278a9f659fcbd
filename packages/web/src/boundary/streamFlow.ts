/** How a lane is doing, told from what the server says of it once a second. */

import type { Boundary, BoundaryStream } from '@tidegate/platform/northbound/contract/boundary.ts';

type FlowKind = 'flowing' | 'quiet' | 'behind' | 'closed';

export interface StreamFlow {
  readonly kind: FlowKind;
  /** One word for the picture. */
  readonly word: string;
  /** One sentence for a person. */
  readonly sentence: string;
}

/** Older than this, data of a lane that is connected counts as late. */
const LATE_MS = 10_000;

export const streamKey = (stream: { readonly gateway: string; readonly lane: string }) =>
  `${stream.gateway}/${stream.lane}`;

/** When the gateway was last heard of, in milliseconds since 1970. */
export function lastHeardMs(stream: BoundaryStream): number {
  return Math.max(stream.heartbeat?.at ?? 0, stream.receivedAt) / 1_000;
}

export function flowOf(stream: BoundaryStream, perSecond: number): StreamFlow {
  const waiting = stream.heartbeat?.depth.samples ?? 0;
  if (!stream.connected) {
    return {
      kind: 'closed',
      word: 'closed',
      sentence: 'The link is down. The gateway keeps reading and keeps everything in its spool until the link is back.',
    };
  }
  if (waiting > 0 && stream.lagMs > LATE_MS) {
    return {
      kind: 'behind',
      word: 'catching up',
      sentence: 'The link stands and the gateway is delivering what has waited in its spool.',
    };
  }
  if (stream.pending > 0) {
    return {
      kind: 'behind',
      word: 'catching up',
      sentence: 'Values are crossing as they are read, and what had waited at the gateway drains beside them.',
    };
  }
  if (perSecond > 0) return { kind: 'flowing', word: 'flowing', sentence: 'Values are crossing as they are read.' };
  return { kind: 'quiet', word: 'quiet', sentence: 'The link stands; there was nothing to send in the last seconds.' };
}

/** The rate is taken over this time, so that it does not flicker with the blocks. */
const RATE_OVER_US = 5_000_000;

/** Samples stored per second and lane, from one state of the boundary to the next. */
export class StreamRates {
  #seen: { readonly at: number; readonly stored: ReadonlyMap<string, number> }[] = [];

  take(boundary: Boundary): void {
    const stored = new Map(boundary.streams.map((stream) => [streamKey(stream), stream.stored]));
    this.#seen = this.#seen.filter(({ at }) => at < boundary.at && at >= boundary.at - RATE_OVER_US - 500_000);
    this.#seen.push({ at: boundary.at, stored });
  }

  /** 0 until two states are known. */
  perSecond(key: string): number {
    const first = this.#seen[0];
    const last = this.#seen.at(-1);
    if (!first || !last || last.at <= first.at) return 0;
    const before = first.stored.get(key);
    const after = last.stored.get(key);
    if (before === undefined || after === undefined) return 0;
    return Math.max(0, ((after - before) * 1_000_000) / (last.at - first.at));
  }
}

/** How full a tank is drawn, 0 to 1: in powers of ten, because one block and a night's outage must both be seen. */
export function spoolFill(samples: number): number {
  return samples <= 0 ? 0 : Math.min(1, Math.log10(samples + 1) / 7);
}
