/** What the northbound doors ask of the historian, beyond reading: its accounts. */

import type { StreamName } from '@tidegate/core/port/blockSink.ts';
import type { StreamLedger } from '../../historian/ingest/streamLedger.ts';
import type { HistorianReader } from '../../historian/query/historianReader.ts';

export interface NorthboundHistorian extends HistorianReader {
  /** One for each stream that has ever delivered, in any order. */
  ledgers(): readonly StreamLedger[];
  /** Counters by name, such as `archiveBytes`; entries that are not numbers are not shown. */
  statistics(): object;
}

/** Which lanes are connected at this moment, as the receiving end of the boundary knows it. */
export interface BoundaryConnections {
  connected(stream: StreamName): boolean;
}
