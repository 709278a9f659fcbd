/** A minute of the signed ledger as the server tells of it, for tests. */

import type { LedgerMinute } from '@tidegate/platform/northbound/contract/accounts.ts';

/** Counted from 1970. */
export const ledgerMinute = (
  minute: number,
  verdict: LedgerMinute['verdict'],
  lane: LedgerMinute['lane'] = 'operational',
): LedgerMinute => ({
  ...{ minute: minute * 60_000_000, gateway: 'station-1', lane, checkpoints: [minute], verdict },
  ...{ samplesRead: 9, notGood: 0, suppressed: 0, compressed: 0, refused: 0, forbidden: 0, expired: 0, damaged: 0 },
  ...{ spooled: 9, sent: 9, received: 9, stored: 9, detail: verdict === 'broken' ? 'signature: it does not hold' : '' },
  holes: verdict === 'holes' ? [{ epoch: 1, sequence: 3, blocks: 2, reason: 'expired' }] : [],
});
