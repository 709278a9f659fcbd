/**
 * Whether what comes of a flow is within its declared rate, where it is received.
 *
 * The gateway judges by the time at which it keeps a sample, and seals it into a block soon after. So here the time at which
 * blocks were sealed counts: hours of a backlog that come within seconds were made in hours. A clock of a gateway may stand,
 * or go back; then the time that passes here counts instead, whichever of the two is longer. Each lane goes by itself, and in it
 * what comes at the head of the stream and what comes behind it, as a backlog beside live data does.
 *
 * A gateway may lie about when it sealed. What it gains is bounded by the time that really passes: over any stretch of that
 * it gets no more of a flow than its rate allows, and once what a backlog of `LONGEST_BACKLOG_S` may hold.
 */

import { LANES, type Lane } from '@tidegate/core/sample/lane.ts';

/** How a block comes in. */
export interface BlockArrival {
  readonly lane: Lane;
  /** A newer block of the stream is here already. */
  readonly isBehind: boolean;
  /** By the clock of the gateway, µs. */
  readonly sealedAt: number;
  /** By a clock of the receiver that never goes back. */
  readonly arrivedMs: number;
}

/** Twice what the gateway allows at once: blocks are sealed a little later than samples are kept. */
const BURST_S = 20;
const LONGEST_BACKLOG_S = 30 * 86_400;
/** Blocks may be out of order by less; a clock that was set back, by more. */
const SET_BACK_US = 60e6;
const US_PER_S = 1e6;
const MS_PER_S = 1_000;
/** Of each lane: at the head of the stream, and behind it. */
const WAYS = 2 * LANES.length;

/** A bucket of tokens, one for each sample. */
interface Way {
  tokens: number;
  sealedAt: number;
  arrivedMs: number;
}

export class ReceivedRates {
  readonly #rates: readonly (number | undefined)[];
  readonly #ways = new Map<number, Way>();
  readonly #budgets = new Map<number, { tokens: number; arrivedMs: number }>();

  /** `rates` are in samples per second, by flow; `undefined` where there is no limit. */
  constructor(rates: readonly (number | undefined)[]) {
    this.#rates = rates;
  }

  /** Whether any flow has a limit. */
  get limited(): boolean {
    return this.#rates.some((rate) => rate !== undefined);
  }

  /** How many of the `wanted` samples of a flow in one block may be taken. */
  take(flow: number, wanted: number, arrival: BlockArrival): number {
    const rate = this.#rates[flow];
    if (rate === undefined) return wanted;
    const way = this.#way(flow, rate, arrival);
    const budget = this.#budget(flow, rate, arrival.arrivedMs);
    const taken = Math.min(wanted, Math.floor(way.tokens), Math.floor(budget.tokens));
    // A block may hold all that was kept since the one before it; what it leaves of that is not saved up.
    way.tokens = Math.min(way.tokens - taken, burstOf(rate));
    budget.tokens -= taken;
    return taken;
  }

  #way(flow: number, rate: number, { lane, isBehind, sealedAt, arrivedMs }: BlockArrival): Way {
    const key = flow * WAYS + 2 * LANES.indexOf(lane) + (isBehind ? 1 : 0);
    const way = this.#ways.get(key);
    if (!way) {
      const first = { tokens: burstOf(rate), sealedAt, arrivedMs };
      this.#ways.set(key, first);
      return first;
    }
    const sealedUs = sealedAt - way.sealedAt;
    way.tokens += rate * Math.max(0, sealedUs / US_PER_S, (arrivedMs - way.arrivedMs) / MS_PER_S);
    way.arrivedMs = arrivedMs;
    if (sealedUs > 0 || sealedUs < -SET_BACK_US) way.sealedAt = sealedAt;
    return way;
  }

  #budget(flow: number, rate: number, arrivedMs: number) {
    const full = burstOf(rate) + rate * LONGEST_BACKLOG_S;
    const budget = this.#budgets.get(flow) ?? { tokens: full, arrivedMs };
    this.#budgets.set(flow, budget);
    budget.tokens = Math.min(full, budget.tokens + (rate * Math.max(0, arrivedMs - budget.arrivedMs)) / MS_PER_S);
    budget.arrivedMs = arrivedMs;
    return budget;
  }
}

/** However slow a flow is, a sample of it may come. */
function burstOf(rate: number): number {
  return Math.max(2, rate * BURST_S);
}
