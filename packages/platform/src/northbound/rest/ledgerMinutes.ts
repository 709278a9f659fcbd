/** The signed ledger minute by minute: what gateways say of their lanes, beside what the server holds of it. */

import { type Timestamp, US_PER_S } from '@tidegate/core/clock/timestamp.ts';
import { type Checkpoint, decodeCheckpoint } from '@tidegate/core/ledger/checkpoint.ts';
import type { z } from 'zod';
import type { StoredCheckpoint, Verdict } from '../../historian/ingest/ledger/checkpointStore.ts';
import {
  type LedgerMinute,
  type LedgerMinutes,
  type LedgerMinutesQuery,
  MAX_LEDGER_MINUTES,
} from '../contract/accounts.ts';
import type { NorthboundHistorian } from '../encoding/northboundHistorian.ts';
import { rangeOf } from './askedRange.ts';
import { answer, type Outcome } from './outcome.ts';

const MINUTE_US = 60 * US_PER_S;
/** A gateway signs for a minute within this time after its end. */
const SIGNING_US = 2 * US_PER_S;
/** The worst first. */
const VERDICTS: readonly Verdict[] = ['broken', 'waiting', 'holes', 'proved'];

export function ledgerMinutes(
  { signedLedger }: Pick<NorthboundHistorian, 'signedLedger'>,
  query: z.output<typeof LedgerMinutesQuery>,
  now: Timestamp,
): Outcome<LedgerMinutes> {
  const { start, end } = rangeOf(query, now);
  const limit = MAX_LEDGER_MINUTES + 1;
  // What a minute has sent is told by the one before it, too.
  const asked = { gateway: query.gateway, lane: query.lane, start: start - 2 * MINUTE_US, end: end + MINUTE_US, limit };
  const found = signedLedger.checkpoints(asked).toReversed();
  const minutes = new Map<string, LedgerMinute>();
  const sentBefore = new Map<string, number>();
  for (const stored of found) {
    const decoded = decodeCheckpoint(stored.text);
    if (!decoded.ok) continue;
    const { checkpoint } = decoded.value;
    const stream = `${stored.gateway}/${stored.lane}`;
    const sent = checkpoint.sent - (sentBefore.get(stream) ?? checkpoint.sent);
    sentBefore.set(stream, checkpoint.sent);
    const one = minuteOf(stored, checkpoint, checkpoint.number === 0 ? checkpoint.sent : sent);
    const key = `${one.minute}/${stream}`;
    const before = minutes.get(key);
    minutes.set(key, before ? merged(before, one) : one);
  }
  const inRange = [...minutes.values()].filter(({ minute }) => minute + MINUTE_US > start && minute < end);
  return answer({ at: now, minutes: inRange, truncated: found.length >= limit });
}

function minuteOf(stored: StoredCheckpoint, { change, samples }: Checkpoint, sent: number): LedgerMinute {
  const { read, notGood, suppressed, compressed, refused, forbidden, expired, damaged } = change;
  return {
    minute: Math.floor((stored.to - SIGNING_US) / MINUTE_US) * MINUTE_US,
    ...{ gateway: stored.gateway, lane: stored.lane, checkpoints: [stored.number] },
    ...{ samplesRead: read, notGood, suppressed, compressed, refused, forbidden, expired, damaged },
    ...{ spooled: samples, sent, received: stored.received, stored: stored.stored },
    ...{ verdict: stored.verdict, detail: stored.detail, holes: [...stored.holes] },
  };
}

const SUMS = [
  ...(['samplesRead', 'notGood', 'suppressed', 'compressed', 'refused', 'forbidden', 'expired', 'damaged'] as const),
  ...(['spooled', 'sent', 'received', 'stored'] as const),
];

function merged(a: LedgerMinute, b: LedgerMinute): LedgerMinute {
  const sum = { ...a, checkpoints: [...a.checkpoints, ...b.checkpoints], holes: [...a.holes, ...b.holes] };
  for (const field of SUMS) sum[field] += b[field];
  const verdict = VERDICTS.find((one) => one === a.verdict || one === b.verdict)!;
  return { ...sum, verdict, detail: [a.detail, b.detail].filter((text) => text !== '').join('; ') };
}
