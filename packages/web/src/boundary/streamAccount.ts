/** The account of one lane in the terms in which it is shown: every sample read is somewhere, or the ledger does not balance. */

import type { BoundaryStream } from '@tidegate/platform/northbound/contract/boundary.ts';

export interface StreamAccount {
  readonly read: number;
  readonly suppressed: number;
  readonly compressed: number;
  readonly refused: number;
  /** Of the refused, those that policy does not let cross. */
  readonly forbidden: number;
  readonly accepted: number;
  /** Accepted before this server knew the gateway: no business of its. */
  readonly baseline: number;
  readonly stored: number;
  /** Came and were left out: the policy of the server does not declare their tags. */
  readonly undeclared: number;
  readonly lost: number;
  /** Accepted after the newest block held was sealed, or in a backlog before it: waiting at the gateway, or on the way. */
  readonly inFlight: number;
  readonly unexplained: number;
  readonly balanced: boolean;
}

/** The gateway's newest word counts: its heartbeat, unless a block that was sealed later has arrived since. */
export function accountOf(stream: BoundaryStream): StreamAccount {
  const said = stream.heartbeat?.tally;
  const tally = said && said.accepted >= stream.tally.accepted ? said : stream.tally;
  const { read, suppressed, compressed, refused, forbidden, accepted } = tally;
  return {
    read,
    suppressed,
    compressed,
    refused,
    forbidden,
    accepted,
    baseline: stream.baseline,
    stored: stream.stored,
    undeclared: stream.undeclared,
    lost: stream.lost,
    inFlight: accepted - stream.tally.accepted + stream.pending,
    unexplained: stream.unexplained,
    balanced: stream.balanced && read === suppressed + compressed + refused + accepted,
  };
}

/** Sums would let the surplus of one stream hide the lack of another: the whole balances only where each part does. */
export function sumOf(accounts: readonly StreamAccount[]): StreamAccount {
  const sum = (pick: (account: StreamAccount) => number) => accounts.reduce((total, one) => total + pick(one), 0);
  return {
    read: sum((one) => one.read),
    suppressed: sum((one) => one.suppressed),
    compressed: sum((one) => one.compressed),
    refused: sum((one) => one.refused),
    forbidden: sum((one) => one.forbidden),
    accepted: sum((one) => one.accepted),
    baseline: sum((one) => one.baseline),
    stored: sum((one) => one.stored),
    undeclared: sum((one) => one.undeclared),
    lost: sum((one) => one.lost),
    inFlight: sum((one) => one.inFlight),
    unexplained: sum((one) => one.unexplained),
    balanced: accounts.every((one) => one.balanced),
  };
}
