/** Holds a checkpoint of a gateway against what the server has: a pure judgement, made again when more has come. */

import { type BlockPosition, comparePositions } from '@tidegate/core/block/sampleBlock.ts';
import { proveSpan, sameBytes } from '@tidegate/core/ledger/blockChain.ts';
import type { Checkpoint, SignedCheckpoint } from '@tidegate/core/ledger/checkpoint.ts';
import { imbalanceOf } from '@tidegate/core/ledger/tally.ts';
import { isInside } from '../hole.ts';
import { isRepetition, type StreamLedger } from '../streamLedger.ts';
import type { Judgement, LedgerHole, UnsignedBlock } from './checkpointStore.ts';
import { sha256 } from './gatewayCertificate.ts';

export interface Surroundings {
  /** Why its certificate or signature is no good; `undefined` where they are. */
  readonly signatureDefect: string | undefined;
  /** The checkpoint before it, with the digest of its text; `unknown` where it has not come. */
  readonly before: { readonly checkpoint: Checkpoint; readonly digest: Uint8Array } | 'unknown';
  /** Whether this is the oldest checkpoint of the stream that the server has ever got. */
  readonly isOldest: boolean;
  /** Whether another one of the same number has come before it. */
  readonly isRival: boolean;
  readonly blockAt: (position: BlockPosition) => UnsignedBlock | undefined;
  /** The account of the stream that it signs for, and of the lane that it came by. */
  readonly ledger: StreamLedger | undefined;
  readonly auditLedger: StreamLedger | undefined;
}

export function judgeCheckpoint({ checkpoint }: SignedCheckpoint, around: Surroundings): Judgement {
  const found = matchBlocks(checkpoint, around);
  const broken = (detail: string): Judgement => ({ ...found.counts, verdict: 'broken', detail, holes: found.holes });
  if (around.signatureDefect !== undefined) return broken(`signature: ${around.signatureDefect}`);
  if (around.isRival) return broken(`chain: the gateway has signed twice for number ${checkpoint.number}`);
  const link = linkDefect(checkpoint, around);
  if (link === 'waiting') return waiting(found, `checkpoint ${checkpoint.number - 1} has not come`);
  if (link !== undefined) return broken(`chain: ${link}`);
  if (found.wrong > 0) return broken(`blocks: ${found.wrong} are not those that were signed`);
  if (imbalanceOf(checkpoint.total) !== 0) return broken('counts: they do not add up');
  if (found.open > 0) return waiting(found, `${found.open} blocks have not come`);
  const { holes, counts } = found;
  if (holes.length === 0) {
    const differs = counts.received !== checkpoint.samples;
    if (differs) return broken(`counts: ${checkpoint.samples} samples were signed, and ${counts.received} are there`);
    return { ...counts, verdict: 'proved', detail: breakText(checkpoint), holes };
  }
  const unexplained = holes.filter(({ reason }) => reason === 'unknown');
  const missing = `${checkpoint.samples - counts.received} samples are missing`;
  if (unexplained.length > 0) return broken(`missing blocks: ${missing}, and nothing explains it`);
  const reasons = [...new Set(holes.map(({ reason }) => reason))].join(', ');
  return { ...counts, verdict: 'holes', detail: `${missing}: ${reasons}`, holes };
}

interface MatchedBlocks {
  readonly counts: Pick<Judgement, 'received' | 'stored'>;
  readonly holes: LedgerHole[];
  /** Blocks that may still come, and blocks that are not what was signed. */
  readonly open: number;
  readonly wrong: number;
}

function matchBlocks({ chain }: Checkpoint, { blockAt, ledger }: Surroundings): MatchedBlocks {
  const holes: { epoch: number; sequence: number; blocks: number; reason: string }[] = [];
  let [received, stored, open, wrong] = [0, 0, 0, 0];
  proveSpan(
    sha256,
    chain,
    (position) => blockAt(position)?.digest,
    (position, proof) => {
      const block = blockAt(position);
      received += block?.samples ?? 0;
      stored += block?.stored ?? 0;
      if (proof === 'wrong') wrong++;
      if (proof !== 'missing') return;
      if (mayStillCome(ledger, position)) {
        open++;
        return;
      }
      const reason = reasonOf(ledger, position);
      const last = holes.at(-1);
      const goesOn = last?.epoch === position.epoch && last.sequence + last.blocks === position.sequence;
      if (last && goesOn && last.reason === reason) last.blocks++;
      else holes.push({ ...position, blocks: 1, reason });
    },
  );
  return { counts: { received, stored }, holes, open, wrong };
}

/** What is older than the account was delivered to somebody else: this server was not there yet. */
function mayStillCome(ledger: StreamLedger | undefined, position: BlockPosition): boolean {
  if (!ledger) return true;
  return comparePositions(position, ledger.first) >= 0 && !isRepetition(ledger, position);
}

function reasonOf(ledger: StreamLedger | undefined, position: BlockPosition): string {
  if (!ledger || comparePositions(position, ledger.first) < 0) return 'before this server';
  const loss = ledger.losses.find(({ after, before }) =>
    isInside({ after, before, from: 0, to: 0, sealedAt: ledger.sealedAt }, position),
  );
  return loss?.reason ?? 'unknown';
}

function linkDefect(checkpoint: Checkpoint, { before, isOldest, auditLedger }: Surroundings): string | undefined {
  const { number, previous, chain } = checkpoint;
  if (before === 'unknown') {
    if (number === 0) return isOldest || checkpoint.break?.reason === 'note-lost' ? undefined : 'it begins anew';
    if (isOldest) return undefined;
    const mayCome = auditLedger === undefined || auditLedger.holes.length > 0;
    return mayCome ? 'waiting' : `checkpoint ${number - 1} never came`;
  }
  if (previous === null || !sameBytes(previous, before.digest)) return `it does not follow checkpoint ${number - 1}`;
  if (!sameBytes(chain.before, before.checkpoint.chain.after))
    return 'blocks between it and the one before are not signed';
  return checkpoint.from === before.checkpoint.to ? undefined : 'its time does not follow that of the one before';
}

function breakText({ break: broken }: Checkpoint): string {
  switch (broken?.reason) {
    case 'first':
      return 'the chain begins here';
    case 'note-lost':
      return 'the chain begins here: the gateway had lost its note of the checkpoint before';
    case 'blocks-lost':
      return 'blocks before it were delivered, and never signed: the gateway ended, and lost them';
    default:
      return '';
  }
}

function waiting({ counts, holes }: MatchedBlocks, detail: string): Judgement {
  return { ...counts, verdict: 'waiting', detail, holes };
}
