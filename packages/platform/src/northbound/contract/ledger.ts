/** The ledger: what became of every sample that a gateway has read. */

import { z } from 'zod';
import { Instant } from './time.ts';

const count = (description: string) => z.int().meta({ description });

/** Invariants: read = suppressed + compressed + refused + accepted, and accepted = baseline + stored + undeclared + lost + inFlight + unexplained. */
export const LedgerTotals = z
  .object({
    samplesRead: count(
      'Decoded from answers of devices, made in place of one that did not come, or reports on devices.',
    ),
    notGood: count('Of these, with a status that is not good; they travel like any other.'),
    suppressed: count('Left out by exception reporting at the gateway.'),
    compressed: count('Left out by compression at the gateway, the newest of each tag included while it is held back.'),
    refused: count('Not taken by the gateway: its spool could not be written, or policy forbids the tag.'),
    forbidden: count('Of the refused, those that the conduit policy does not let cross.'),
    accepted: count('Taken into a block at the gateway.'),
    expired: count('Of these, dropped undelivered because the spool had reached its limit.'),
    damaged: count('Of these, found unreadable in the spool.'),
    baseline: count(
      'Part of `accepted` that is no business of this server: accepted before the first block that it ever got of the ' +
        'stream, less what it held already when the gateway began to count anew.',
    ),
    stored: count('Held durably by this server.'),
    undeclared: count('Came and were left out: the policy of this server does not declare their tags, or not so many.'),
    lost: count('Known never to arrive: they were in blocks that expired, were damaged, or were lost on a diode.'),
    repeated: count('Came again and were dropped as already held; they are counted once in `stored`.'),
    inFlight: count(
      'Waiting at the gateway, or on the way: newer than the newest block held, or in a backlog before it.',
    ),
    unexplained: count('Accepted, but neither stored, left out, lost nor in flight: 0 where all is well.'),
    balanced: z.boolean().meta({ description: 'Whether both invariants hold with nothing unexplained.' }),
  })
  .meta({
    id: 'LedgerTotals',
    description:
      'Counts of samples since the ledger began: samplesRead = suppressed + compressed + refused + accepted, ' +
      'and accepted = baseline + stored + undeclared + lost + inFlight + unexplained.',
  });
export type LedgerTotals = z.infer<typeof LedgerTotals>;

export const LedgerStream = z
  .object({
    gateway: z.string().meta({ description: 'Name of the gateway.', examples: ['station-1'] }),
    lane: z.enum(['operational', 'analytical', 'audit']).meta({ description: 'Lane of the gateway.' }),
    ...LedgerTotals.shape,
  })
  .meta({ id: 'LedgerStream', description: 'The ledger of one lane of one gateway.' });
export type LedgerStream = z.infer<typeof LedgerStream>;

export const Ledger = z
  .object({
    at: Instant.meta({ description: 'When this was true, by the clock of the server.' }),
    total: LedgerTotals.meta({ description: 'The sum over all streams; balanced only where every stream is.' }),
    streams: z.array(LedgerStream).meta({ description: 'In order of gateway, the operational lane first.' }),
  })
  .meta({ id: 'Ledger', description: 'The ledger per stream and overall.' });
export type Ledger = z.infer<typeof Ledger>;
