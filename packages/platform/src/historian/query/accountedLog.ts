/** The write-ahead log together with those who account for what is in it: the signed ledger and the evidence. */

import { join } from 'node:path';
import type { BlockHeader } from '@tidegate/core/block/sampleBlock.ts';
import type { Clock } from '@tidegate/core/clock/clock.ts';
import { type Result, success } from '@tidegate/core/fault/fault.ts';
import type { EventSink } from '@tidegate/core/port/eventSink.ts';
import { EVIDENCE_DIRECTORY, LOG_DIRECTORY } from '../archive/archiveFiles.ts';
import { accountBlock, reaccountBlock } from '../ingest/ledger/accountBlocks.ts';
import { CheckpointStore } from '../ingest/ledger/checkpointStore.ts';
import { EvidenceStore } from '../ingest/ledger/evidenceStore.ts';
import { SignedLedger } from '../ingest/ledger/signedLedger.ts';
import type { LogPosition } from '../ingest/logPosition.ts';
import type { MetadataDatabase } from '../ingest/metadataDatabase.ts';
import type { StreamLedger } from '../ingest/streamLedger.ts';
import type { TagCatalogue } from '../ingest/tagCatalogue.ts';
import { WriteAheadLog } from '../ingest/writeAheadLog.ts';

export interface AccountedLogOptions {
  readonly directory: string;
  readonly clock: Clock;
  readonly events: EventSink;
  readonly metadata: MetadataDatabase;
  readonly catalogue: TagCatalogue;
  /** Everything before this is in the archive. */
  readonly covered: LogPosition;
  readonly evidenceBytes: number;
  readonly authorities: () => string | undefined;
  /** The accounts of the streams as they are now. */
  readonly ledgers: () => readonly StreamLedger[];
}

const REVIEW_MS = 1_000;

export class AccountedLog {
  readonly log: WriteAheadLog;
  readonly signed: SignedLedger;
  readonly evidence: EvidenceStore | undefined;
  readonly #options: AccountedLogOptions;

  private constructor(
    options: AccountedLogOptions,
    log: WriteAheadLog,
    signed: SignedLedger,
    evidence: EvidenceStore | undefined,
  ) {
    this.#options = options;
    this.log = log;
    this.signed = signed;
    this.evidence = evidence;
  }

  /** Faults: those of `WriteAheadLog.open`. Throws what the file system throws where the evidence cannot be read. */
  static async open(options: AccountedLogOptions): Promise<Result<AccountedLog>> {
    const { directory, clock, events, metadata, catalogue, covered, evidenceBytes, authorities, ledgers } = options;
    const place = join(directory, EVIDENCE_DIRECTORY);
    const evidence = evidenceBytes > 0 ? await EvidenceStore.open(place, evidenceBytes) : undefined;
    const signed = new SignedLedger({ store: new CheckpointStore(metadata), ledgers, authorities, clock, events });
    const opened = await WriteAheadLog.open({
      ...{ directory: join(directory, LOG_DIRECTORY), clock, events, covered, keep: evidence?.keep },
      onBlock: (payload) => reaccountBlock(signed, catalogue, payload),
    });
    return opened.ok ? success(new AccountedLog(options, opened.value, signed, evidence)) : opened;
  }

  /** Told of a block that is durable in the log, with how many of its samples are stored. */
  readonly account = (header: BlockHeader, bytes: Uint8Array, stored: number): void => {
    accountBlock(this.signed, this.#options.catalogue, header, bytes, stored);
  };

  /** Begins to judge what gateways have signed. */
  start(): void {
    this.signed.start(REVIEW_MS);
  }

  /** The archive needs nothing before `position` any more. Records that stay cost disk, nothing else. */
  readonly letGo = async (position: LogPosition): Promise<void> => {
    const { clock, events } = this.#options;
    this.signed.persist();
    try {
      await this.log.dropBefore(position);
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code === undefined) throw error;
      events({ at: clock.now(), kind: 'journal.damaged', source: LOG_DIRECTORY, detail: message });
    }
  };

  async close(): Promise<void> {
    this.signed.close();
    await this.log.close();
  }
}
