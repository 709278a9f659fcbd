/** What the northbound doors ask of the historian: what it holds, its accounts, and the changes that people make. */

import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import type { Result } from '@tidegate/core/fault/fault.ts';
import type { StreamName } from '@tidegate/core/port/blockSink.ts';
import type { Annotations } from '../../historian/archive/versions/annotations.ts';
import type { EditOutcome, EditRequest } from '../../historian/archive/versions/edit.ts';
import type { SignedLedger } from '../../historian/ingest/ledger/signedLedger.ts';
import type { StateNames } from '../../historian/ingest/stateNames.ts';
import type { StreamLedger } from '../../historian/ingest/streamLedger.ts';
import type { HistorianReader, TagIndex } from '../../historian/query/historianReader.ts';
import type { ImportedSeries, ImportedTag } from '../../historian/query/historyImport.ts';
import type { HistoryQueries } from '../../historian/query/historyQueries.ts';
import type { ServerStatus } from '../contract/serverStatus.ts';

export interface NorthboundHistorian extends HistorianReader {
  readonly queries: HistoryQueries;
  /** Another number after any tag has changed. */
  readonly tagRevision: number;
  readonly annotations: Annotations;
  /** What the values of a digital tag stand for, at any time. */
  stateNames(index: TagIndex): Result<StateNames>;
  edit(request: EditRequest): Promise<Result<EditOutcome>>;
  importSamples(series: readonly ImportedSeries[], by: string): Promise<Result<readonly ImportedTag[]>>;
  /** One for each stream that has ever delivered, in any order. */
  ledgers(): readonly StreamLedger[];
  /** What gateways have signed, and what became of it. */
  readonly signedLedger: Pick<SignedLedger, 'checkpoints'>;
  statistics(): Omit<ServerStatus['historian'], 'freeDiskBytes'>;
  /** What the disk of the data directory can still take; `null` where the system does not say. Never rejects. */
  freeDiskBytes(): Promise<number | null>;
}

/** A certificate that something crosses the boundary by, or that those are checked with. */
export interface BoundaryCertificate {
  readonly holder: string;
  readonly role: 'server' | 'authority' | 'relay' | 'gateway';
  readonly validUntil: Timestamp;
}

/** What the receiving end of the boundary knows. */
export interface BoundaryConnections {
  /** Whether a lane is connected at this moment. */
  connected(stream: StreamName): boolean;
  /** The relay that a stream comes by, or `diode`; `undefined` where its gateway brings it itself. */
  via(stream: StreamName): string | undefined;
  /** Those of the server, of the authorities it trusts, and of relays that are connected. */
  certificates(): readonly BoundaryCertificate[];
}
