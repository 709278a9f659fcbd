/** What the serial gateway and the test that watches it have agreed on. */

import type { Tally } from '@tidegate/core/ledger/tally.ts';
import { LANES, type Lane } from '@tidegate/core/sample/lane.ts';
import type { TagRule } from '@tidegate/edge/conditioning/tagRule.ts';

export interface SerialGatewayOptions {
  readonly gateway: string;
  readonly directory: string;
  readonly serverPort: number;
  readonly certificates: string;
  readonly run: number;
  readonly samplesPerSecond: number;
}

export interface AcceptedMessage {
  readonly kind: 'accepted';
  readonly run: number;
  readonly lane: Lane;
  /** Serials of this run and lane that are durable in the spool: the first so many of them. */
  readonly serials: number;
}

export interface DrainedMessage {
  readonly kind: 'drained';
  readonly tallies: Readonly<Record<Lane, Tally>>;
}

export const SERIALS_PER_RUN = 1e9;
/** Every third tag is in the same lane. */
export const RIG_TAGS = 102;
export const RIG_RULES: readonly TagRule[] = Array.from({ length: RIG_TAGS }, (_, number) => ({
  number,
  lane: LANES[number % LANES.length],
}));
