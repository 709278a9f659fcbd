/** The one-way boundary as the server sees it: what has crossed, how late, and what waits on the other side. */

import { z } from 'zod';
import { Instant } from './time.ts';

const count = (description: string) => z.int().min(0).meta({ description });

export const Position = z
  .object({
    epoch: count('Names one life of the spool of the gateway; later lives have greater numbers.'),
    sequence: count('Number of the block within the epoch, from 0, ascending by one.'),
  })
  .meta({ id: 'Position', description: 'Place of a block in the stream of its lane.' });
export type Position = z.infer<typeof Position>;

export const Tally = z
  .object({
    read: count(
      'Samples decoded from answers of devices, made in place of one that did not come, or reports on devices.',
    ),
    notGood: count('Of these, with a status that is not good.'),
    suppressed: count('Left out by exception reporting: nothing changed that was worth a sample.'),
    refused: count('Not taken: the spool could not be written, or policy forbids the tag.'),
    accepted: count('Taken into a block.'),
    expired: count('Accepted, then dropped undelivered because the spool had reached its limit.'),
    damaged: count('Accepted, then found unreadable in the spool.'),
    compressed: count('Left out by compression, the newest of each tag included while it is held back.'),
    forbidden: count('Of the refused, those that the conduit policy does not let cross.'),
  })
  .meta({
    id: 'Tally',
    description:
      "The gateway's own account of one lane since its ledger began: read = suppressed + compressed + refused + accepted.",
  });
export type Tally = z.infer<typeof Tally>;

export const SpoolDepth = z
  .object({
    blocks: count('Blocks that wait.'),
    samples: count('Samples in them.'),
    bytes: count('Bytes of them on disk.'),
  })
  .meta({ id: 'SpoolDepth', description: 'How much waits at the gateway to be delivered.' });
export type SpoolDepth = z.infer<typeof SpoolDepth>;

export const Heartbeat = z
  .object({
    at: Instant.meta({ description: 'When the gateway said it, by the clock of the gateway.' }),
    head: Position.nullable().meta({ description: 'The newest block in the spool; null in one that never held any.' }),
    oldest: Position.nullable().meta({ description: 'The oldest block that still waits; null where none does.' }),
    depth: SpoolDepth,
    tally: Tally,
    policy: z.string().nullable().meta({
      description: 'First 16 bytes of the SHA-256 of the policy by which the gateway goes; null without one.',
    }),
  })
  .meta({ id: 'Heartbeat', description: 'What a gateway says of a lane every second, blocks or none.' });
export type Heartbeat = z.infer<typeof Heartbeat>;

export const BoundaryHole = z
  .object({
    after: Position.meta({ description: 'The last block held before it.' }),
    before: Position.meta({ description: 'The first block held behind it.' }),
    samples: count('Samples that are missing.'),
  })
  .meta({ id: 'BoundaryHole', description: 'A stretch of a stream that has not come and still may.' });
export type BoundaryHole = z.infer<typeof BoundaryHole>;

export const BoundaryLoss = z
  .object({
    ...BoundaryHole.shape,
    at: Instant.meta({ description: 'When the server learnt of it, by the clock of the server.' }),
    reason: z.enum(['expired', 'damaged', 'diode', 'unknown']).meta({
      description:
        'What explains it: the spool had reached its limit, its disk was damaged, the diode lost it, or nothing known here.',
    }),
  })
  .meta({ id: 'BoundaryLoss', description: 'A stretch of a stream that will never come.' });
export type BoundaryLoss = z.infer<typeof BoundaryLoss>;

export const BoundaryStream = z
  .object({
    gateway: z.string().meta({ description: 'Name of the gateway.', examples: ['station-1'] }),
    lane: z.enum(['operational', 'analytical', 'audit']).meta({ description: 'Lane of the gateway.' }),
    connected: z.boolean().meta({ description: 'Whether the lane is connected at this moment.' }),
    via: z
      .string()
      .nullable()
      .meta({
        description: 'The relay that brings it, or `diode`; null where the gateway does itself.',
        examples: ['dmz-1'],
      }),
    position: Position.meta({ description: 'The newest block that is held durably.' }),
    baseline: z.int().meta({
      description:
        'Part of `accepted` that is no business of this server: accepted before the first block that it ever got of the ' +
        'stream, less what it held already when the gateway began to count anew.',
    }),
    stored: count('Samples held durably.'),
    undeclared: count('Samples that came and were left out: the policy does not declare their tags, or not so many.'),
    lost: count('Samples in blocks that never came: expired or damaged at the gateway, or lost on a diode.'),
    pending: count('Samples before the newest block held that have not come yet: a backlog drains beside live data.'),
    holes: z.array(BoundaryHole).meta({ description: 'Where they belong, in order.' }),
    losses: z.array(BoundaryLoss).meta({ description: 'What was lost, the last 100 stretches, oldest first.' }),
    repeated: count('Samples that came again and were dropped as already held.'),
    tally: Tally.meta({ description: "The gateway's account when it sealed the last block held." }),
    unexplained: z
      .int()
      .meta({ description: 'accepted - baseline - stored - undeclared - lost - pending: 0 where all is well.' }),
    balanced: z.boolean().meta({ description: 'Whether every sample is accounted for.' }),
    lagMs: z.number().meta({
      description:
        'How late the server is. While nothing waits at the gateway: how long the last block took from sealing to being ' +
        'durable. Otherwise: the age of the last block held. It spans two clocks, and can be negative where they differ.',
      examples: [84.2],
    }),
    sealedAt: Instant.meta({ description: 'When the last block held was sealed, by the clock of the gateway.' }),
    receivedAt: Instant.meta({ description: 'When it had become durable, by the clock of the server.' }),
    heartbeat: Heartbeat.nullable().meta({ description: 'The last heartbeat; null where none has come yet.' }),
  })
  .meta({ id: 'BoundaryStream', description: 'One lane of one gateway.' });
export type BoundaryStream = z.infer<typeof BoundaryStream>;

export const Boundary = z
  .object({
    at: Instant.meta({ description: 'When this was true, by the clock of the server.' }),
    streams: z.array(BoundaryStream).meta({ description: 'In order of gateway, the operational lane first.' }),
  })
  .meta({ id: 'Boundary', description: 'The state of every stream that crosses the boundary.' });
export type Boundary = z.infer<typeof Boundary>;
