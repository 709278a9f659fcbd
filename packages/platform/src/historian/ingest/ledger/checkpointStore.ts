/** What the server holds of the signed ledger: checkpoints with its verdicts, certificates, and blocks not yet signed for. */

import type { BlockPosition } from '@tidegate/core/block/sampleBlock.ts';
import type { Result } from '@tidegate/core/fault/fault.ts';
import type { StreamName } from '@tidegate/core/port/blockSink.ts';
import type { Lane } from '@tidegate/core/sample/lane.ts';
import type { MetadataDatabase } from '../metadataDatabase.ts';

/**
 * `proved`: every block is held, and is what was signed. `holes`: the same, but for blocks whose absence is explained.
 * `waiting`: blocks, the certificate or the checkpoint before it may still come. `broken`: something does not fit.
 */
export type Verdict = 'proved' | 'holes' | 'waiting' | 'broken';

/** Blocks without a gap that a checkpoint names and that are not held. */
export interface LedgerHole extends BlockPosition {
  readonly blocks: number;
  readonly reason: string;
}

export interface Judgement {
  readonly verdict: Verdict;
  /** What is wrong, or what is waited for; empty where all is well. */
  readonly detail: string;
  readonly holes: readonly LedgerHole[];
  /** Samples in blocks of the checkpoint that are held, and those of them that were stored. */
  readonly received: number;
  readonly stored: number;
}

export interface StoredCheckpoint extends StreamName, Judgement {
  readonly number: number;
  readonly digest: Uint8Array;
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** Where a checkpoint stands among those of its gateway. */
export type CheckpointPlace = Pick<StoredCheckpoint, 'to' | 'digest'>;

const BEFORE_ALL: CheckpointPlace = { to: Number.MIN_SAFE_INTEGER, digest: new Uint8Array() };

export interface CheckpointRange {
  readonly gateway?: string | undefined;
  readonly lane?: Lane | undefined;
  /** Of the moment of signing, µs. */
  readonly start: number;
  readonly end: number;
  readonly limit: number;
}

interface Row {
  readonly gateway: string;
  readonly lane: Lane;
  readonly number: number;
  readonly digest: Uint8Array;
  readonly from_time: number;
  readonly to_time: number;
  readonly text: string;
  readonly verdict: Verdict;
  readonly detail: string;
  readonly holes: string;
  readonly received: number;
  readonly stored: number;
}

/** A block that no checkpoint has named yet. */
export interface UnsignedBlock extends StreamName, BlockPosition {
  readonly digest: Uint8Array;
  readonly samples: number;
  readonly stored: number;
}

export class CheckpointStore {
  readonly #database: MetadataDatabase;
  readonly #statements;

  constructor(database: MetadataDatabase) {
    this.#database = database;
    const columns = 'gateway, lane, number, digest, from_time, to_time, text, verdict, detail, holes, received, stored';
    this.#statements = {
      put: database.prepare(`INSERT OR REPLACE INTO ledger_checkpoint (${columns})
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`),
      at: database.prepare(`SELECT ${columns} FROM ledger_checkpoint WHERE gateway = ? AND lane = ? AND number = ?`),
      earlier: database.prepare(
        `SELECT 1 FROM ledger_checkpoint WHERE gateway = ? AND lane = ? AND from_time < ? LIMIT 1`,
      ),
      waiting: database.prepare(`SELECT ${columns} FROM ledger_checkpoint
        WHERE verdict = 'waiting' AND gateway = ? AND (to_time, digest) > (?, ?) ORDER BY to_time, digest LIMIT ?`),
      range: database.prepare(`SELECT ${columns} FROM ledger_checkpoint WHERE to_time >= ? AND to_time < ?
        AND (? IS NULL OR gateway = ?) AND (? IS NULL OR lane = ?) ORDER BY to_time DESC, gateway, lane LIMIT ?`),
      putRun: database.prepare('INSERT OR IGNORE INTO ledger_run VALUES (?, ?, ?, ?, ?, ?)'),
      covering: database.prepare(`SELECT number FROM ledger_run
        WHERE gateway = ? AND lane = ? AND epoch = ? AND first <= ? AND first + count > ?`),
      putCertificate: database.prepare('INSERT OR IGNORE INTO ledger_certificate VALUES (?, ?, ?)'),
      certificate: database.prepare('SELECT pem FROM ledger_certificate WHERE fingerprint = ?'),
      blocks: database.prepare('SELECT gateway, lane, epoch, sequence, digest, samples, stored FROM ledger_block'),
      clearBlocks: database.prepare('DELETE FROM ledger_block'),
      putBlock: database.prepare('INSERT OR REPLACE INTO ledger_block VALUES (?, ?, ?, ?, ?, ?, ?)'),
    };
  }

  transact(work: () => void): Result<void> {
    return this.#database.transact(work);
  }

  put(checkpoint: StoredCheckpoint): void {
    const { gateway, lane, number, digest, from, to, text, verdict, detail, holes, received, stored } = checkpoint;
    const judged = [verdict, detail, JSON.stringify(holes), received, stored] as const;
    this.#statements.put.run(gateway, lane, number, digest, from, to, text, ...judged);
  }

  /** More than one only where a gateway has signed twice under one number. */
  at({ gateway, lane }: StreamName, number: number): StoredCheckpoint[] {
    return (this.#statements.at.all(gateway, lane, number) as unknown as Row[]).map(checkpointOf);
  }

  /** Whether there is one of the same stream from before it. */
  hasEarlier({ gateway, lane, from }: StoredCheckpoint): boolean {
    return this.#statements.earlier.get(gateway, lane, from) !== undefined;
  }

  /** Those of a gateway that are not settled, in the order of `to`, from behind `after` on; where it is left out, from the first. */
  waiting(gateway: string, after: CheckpointPlace | undefined, limit: number): StoredCheckpoint[] {
    const { to, digest } = after ?? BEFORE_ALL;
    return (this.#statements.waiting.all(gateway, to, digest, limit) as unknown as Row[]).map(checkpointOf);
  }

  /** The latest first. */
  range({ gateway, lane, start, end, limit }: CheckpointRange): StoredCheckpoint[] {
    const [from, by] = [gateway ?? null, lane ?? null];
    const given = [start, end, from, from, by, by, limit] as const;
    return (this.#statements.range.all(...given) as unknown as Row[]).map(checkpointOf);
  }

  putRun({ gateway, lane }: StreamName, number: number, run: { epoch: number; first: number; count: number }): void {
    this.#statements.putRun.run(gateway, lane, run.epoch, run.first, run.count, number);
  }

  /** Numbers of the checkpoints that name a block. */
  covering({ gateway, lane }: StreamName, { epoch, sequence }: BlockPosition): number[] {
    const rows = this.#statements.covering.all(gateway, lane, epoch, sequence, sequence);
    return rows.map(({ number }) => Number(number));
  }

  putCertificate(fingerprint: string, gateway: string, pem: string): void {
    this.#statements.putCertificate.run(fingerprint, gateway, pem);
  }

  certificate(fingerprint: string): string | undefined {
    return (this.#statements.certificate.get(fingerprint) as { pem: string } | undefined)?.pem;
  }

  unsignedBlocks(): UnsignedBlock[] {
    return this.#statements.blocks.all() as unknown as UnsignedBlock[];
  }

  /** Within a transaction. */
  replaceUnsigned(blocks: Iterable<UnsignedBlock>): void {
    this.#statements.clearBlocks.run();
    for (const { gateway, lane, epoch, sequence, digest, samples, stored } of blocks) {
      this.#statements.putBlock.run(gateway, lane, epoch, sequence, digest, samples, stored);
    }
  }
}

function checkpointOf({ from_time: from, to_time: to, holes, ...row }: Row): StoredCheckpoint {
  return { ...row, from, to, holes: JSON.parse(holes) as LedgerHole[] };
}
