/** What a gateway process tells the process that started it, once a second: the gateway itself listens on nothing. */

import type { BlockPosition } from '../block/sampleBlock.ts';
import type { Timestamp } from '../clock/timestamp.ts';
import type { Tally } from '../ledger/tally.ts';
import type { Lane } from '../sample/lane.ts';
import type { SpoolDepth } from './blockSource.ts';

export interface LaneStatus {
  readonly tally: Tally;
  readonly depth: SpoolDepth;
  /** The last block that the other side has acknowledged. */
  readonly acknowledged: BlockPosition | undefined;
  readonly connected: boolean;
}

export interface DeviceStatus {
  readonly name: string;
  readonly state: 'connecting' | 'running' | 'silent' | 'stopped';
  readonly requests: number;
  readonly failures: number;
  /** Why the last failed request failed; `undefined` while all is well. */
  readonly lastFault: string | undefined;
  /** Scans left out because the one before was not finished, or the process was late. */
  readonly skippedScans?: number;
  /** Answers that belonged to no question under way and were thrown away. */
  readonly discardedAnswers?: number;
}

export interface GatewayStatus {
  readonly kind: 'gateway-status';
  readonly at: Timestamp;
  readonly gateway: string;
  readonly lanes: Readonly<Record<Lane, LaneStatus>>;
  readonly devices: readonly DeviceStatus[];
  readonly residentBytes: number;
}
