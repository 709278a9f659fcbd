/** A stream as the server tells of it, for tests: well, unless told otherwise. */

import type { BoundaryStream, Tally } from '@tidegate/platform/northbound/contract/boundary.ts';

/** The tally of a gateway that has accepted so many. */
export const tally = (accepted: number): Tally => ({
  read: accepted + 34,
  notGood: 2,
  suppressed: 25,
  refused: 5,
  accepted,
  expired: 0,
  damaged: 0,
  compressed: 4,
  forbidden: 3,
});

/** With so many samples that wait at the gateway. */
export const stream = (more: Partial<BoundaryStream> = {}, waiting = 0): BoundaryStream => ({
  gateway: 'station-1',
  lane: 'operational',
  connected: true,
  via: null,
  position: { epoch: 1, sequence: 9 },
  baseline: 0,
  stored: 100,
  undeclared: 0,
  lost: 0,
  pending: 0,
  holes: [],
  losses: [],
  repeated: 0,
  tally: tally(100),
  unexplained: 0,
  balanced: true,
  lagMs: 80,
  sealedAt: 1_000_000,
  receivedAt: 1_080_000,
  heartbeat: {
    at: 2_000_000,
    head: null,
    oldest: null,
    depth: { blocks: 1, samples: waiting, bytes: 9 },
    tally: tally(100 + waiting),
    policy: null,
  },
  ...more,
});
