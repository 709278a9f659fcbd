/** What the serial gateway and the test that watches it have agreed on. */

import type { Tally } from '@tidegate/core/ledger/tally.ts';
import { LANES, type Lane, type PerLane } from '@tidegate/core/sample/lane.ts';
import type { TagRule } from '@tidegate/edge/conditioning/tagRule.ts';

export interface SerialGatewayOptions {
  readonly gateway: string;
  readonly directory: string;
  /** Name or address of the server, whose certificate is made out to `localhost`; this machine where absent. */
  readonly serverHost?: string;
  readonly serverPort: number;
  readonly certificates: string;
  readonly run: number;
  readonly samplesPerSecond: PerLane<number>;
  /** A connection over which nothing comes back is given up after this long; what the product does, where absent. */
  readonly ackTimeoutMs?: number;
  /** The clock of the gateway is that much behind until it is told that the time passes. */
  readonly hoursBehind?: number;
}

/** What the gateway can be told: to feed at another rate, to let all hours pass with so many samples, to feed no more. */
export type SerialOrder =
  | { readonly kind: 'feed'; readonly samplesPerSecond: PerLane<number> }
  | { readonly kind: 'pass'; readonly samples: PerLane<number> }
  | { readonly kind: 'drain' };

export interface AcceptedMessage {
  readonly kind: 'accepted';
  readonly run: number;
  readonly lane: Lane;
  /** Serials of this run and lane that are durable in the spool: the first so many of them. */
  readonly serials: number;
}

/** The hours have passed, and what came in them is in the spool. */
export interface PassedMessage {
  readonly kind: 'passed';
}

export interface DrainedMessage {
  readonly kind: 'drained';
  readonly tallies: PerLane<Tally>;
}

export const SERIALS_PER_RUN = 1e9;
/** Every third tag is in the same lane. */
export const RIG_TAGS = 102;
export const RIG_RULES: readonly TagRule[] = Array.from({ length: RIG_TAGS }, (_, number) => ({
  number,
  lane: LANES[number % LANES.length],
}));
