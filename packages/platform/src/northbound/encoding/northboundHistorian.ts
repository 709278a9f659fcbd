/** What the northbound doors ask of the historian, beyond reading: its accounts. */

import type { StreamName } from '@tidegate/core/port/blockSink.ts';
import type { StreamLedger } from '../../historian/ingest/streamLedger.ts';
import type { HistorianReader } from '../../historian/query/historianReader.ts';
import type { ServerStatus } from '../contract/serverStatus.ts';

export interface NorthboundHistorian extends HistorianReader {
  /** One for each stream that has ever delivered, in any order. */
  ledgers(): readonly StreamLedger[];
  statistics(): Omit<ServerStatus['historian'], 'freeDiskBytes'>;
  /** What the disk of the data directory can still take; `null` where the system does not say. Never rejects. */
  freeDiskBytes(): Promise<number | null>;
}

/** Which lanes are connected at this moment, as the receiving end of the boundary knows it. */
export interface BoundaryConnections {
  connected(stream: StreamName): boolean;
}
