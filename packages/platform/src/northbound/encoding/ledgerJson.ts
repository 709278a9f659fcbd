/** The ledger, made from the accounts of both ends of the boundary. */

import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { EMPTY_TALLY, imbalanceOf, type Tally } from '@tidegate/core/ledger/tally.ts';
import { pending, type StreamLedger, unexplained } from '../../historian/ingest/streamLedger.ts';
import type { Ledger, LedgerStream, LedgerTotals } from '../contract/ledger.ts';
import { gatewayLedgers } from './boundaryJson.ts';

const NO_COUNTS = {
  ...tallyJson(EMPTY_TALLY),
  baseline: 0,
  stored: 0,
  undeclared: 0,
  lost: 0,
  repeated: 0,
  inFlight: 0,
  unexplained: 0,
} satisfies Omit<LedgerTotals, 'balanced'>;
const COUNTS = Object.keys(NO_COUNTS) as (keyof typeof NO_COUNTS)[];

export function ledgerJson(ledgers: readonly StreamLedger[], now: Timestamp): Ledger {
  const streams = gatewayLedgers(ledgers).map(ledgerStream);
  return { at: now, total: streams.reduce(sum, { ...NO_COUNTS, balanced: true }), streams };
}

/**
 * The gateway accounts twice: in the last block held, which is what `stored` and `lost` answer to, and in its heartbeat,
 * which is newer. What it accepted between the two is on the way, and so is what waits in a backlog. A heartbeat that is older than the block adds nothing.
 */
function ledgerStream(ledger: StreamLedger): LedgerStream {
  const heard = ledger.heartbeat?.tally;
  const tally = heard && heard.accepted >= ledger.tally.accepted ? heard : ledger.tally;
  const missing = unexplained(ledger);
  return {
    gateway: ledger.gateway,
    lane: ledger.lane,
    ...tallyJson(tally),
    baseline: ledger.baseline,
    stored: ledger.stored,
    undeclared: ledger.undeclared,
    lost: ledger.lost,
    repeated: ledger.repeated,
    inFlight: tally.accepted - ledger.tally.accepted + pending(ledger),
    unexplained: missing,
    balanced: missing === 0 && imbalanceOf(tally) === 0,
  };
}

/** Sums would let the surplus of one stream hide the lack of another: the whole balances only where each part does. */
function sum(total: LedgerTotals, stream: LedgerStream): LedgerTotals {
  const next = { ...total, balanced: total.balanced && stream.balanced };
  for (const count of COUNTS) next[count] += stream[count];
  return next;
}

/** The counts of a gateway under the names that the contract has for them. */
function tallyJson({ read, notGood, suppressed, refused, accepted, expired, damaged, compressed, forbidden }: Tally) {
  return { samplesRead: read, notGood, suppressed, compressed, refused, forbidden, accepted, expired, damaged };
}
