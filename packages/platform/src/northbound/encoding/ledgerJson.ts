/** The ledger, made from the accounts of both ends of the boundary. */

import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { imbalanceOf } from '@tidegate/core/ledger/tally.ts';
import { type StreamLedger, unexplained } from '../../historian/ingest/streamLedger.ts';
import type { Ledger, LedgerStream, LedgerTotals } from '../contract/ledger.ts';
import { inStreamOrder } from './boundaryJson.ts';

const NOTHING: LedgerTotals = {
  samplesRead: 0,
  notGood: 0,
  suppressed: 0,
  refused: 0,
  accepted: 0,
  expired: 0,
  damaged: 0,
  baseline: 0,
  stored: 0,
  lost: 0,
  repeated: 0,
  inFlight: 0,
  unexplained: 0,
  balanced: true,
};

export function ledgerJson(ledgers: readonly StreamLedger[], now: Timestamp): Ledger {
  const streams = inStreamOrder(ledgers).map(ledgerStream);
  return { at: now, total: streams.reduce<LedgerTotals>(sum, NOTHING), streams };
}

/**
 * The gateway accounts twice: in the last block held, which is what `stored` and `lost` answer to, and in its heartbeat,
 * which is newer. What it accepted between the two is on the way. A heartbeat that is older than the block adds nothing.
 */
function ledgerStream(ledger: StreamLedger): LedgerStream {
  const heard = ledger.heartbeat?.tally;
  const tally = heard && heard.accepted >= ledger.tally.accepted ? heard : ledger.tally;
  const missing = unexplained(ledger);
  return {
    gateway: ledger.gateway,
    lane: ledger.lane,
    samplesRead: tally.read,
    notGood: tally.notGood,
    suppressed: tally.suppressed,
    refused: tally.refused,
    accepted: tally.accepted,
    expired: tally.expired,
    damaged: tally.damaged,
    baseline: ledger.baseline,
    stored: ledger.stored,
    lost: ledger.lost,
    repeated: ledger.repeated,
    inFlight: tally.accepted - ledger.tally.accepted,
    unexplained: missing,
    balanced: missing === 0 && imbalanceOf(tally) === 0,
  };
}

/** Sums would let the surplus of one stream hide the lack of another: the whole balances only where each part does. */
function sum(total: LedgerTotals, stream: LedgerStream): LedgerTotals {
  return {
    samplesRead: total.samplesRead + stream.samplesRead,
    notGood: total.notGood + stream.notGood,
    suppressed: total.suppressed + stream.suppressed,
    refused: total.refused + stream.refused,
    accepted: total.accepted + stream.accepted,
    expired: total.expired + stream.expired,
    damaged: total.damaged + stream.damaged,
    baseline: total.baseline + stream.baseline,
    stored: total.stored + stream.stored,
    lost: total.lost + stream.lost,
    repeated: total.repeated + stream.repeated,
    inFlight: total.inFlight + stream.inFlight,
    unexplained: total.unexplained + stream.unexplained,
    balanced: total.balanced && stream.balanced,
  };
}
