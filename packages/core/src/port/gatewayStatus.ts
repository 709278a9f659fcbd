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

/** How long answers took, of those of the last minute or two. */
export interface RoundTrips {
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

/** `quiet`: it is in its quiet hours, or its line is, and nothing is asked. */
export type DeviceState = 'connecting' | 'running' | 'silent' | 'quiet' | 'stopped';

/** Counts begin when the line is started. */
export interface DeviceStatus {
  readonly name: string;
  /** The name of its line: its own where it is alone on a medium. */
  readonly line: string;
  readonly protocol: string;
  readonly state: DeviceState;
  /** Requests that it was sent, greetings among them. */
  readonly requests: number;
  /** Requests that it refused: with an exception, or with an answer that is none. */
  readonly refusals: number;
  /** Requests that it did not answer in time. */
  readonly timeouts: number;
  /** Everything that went wrong: refusals, timeouts, and connections that were lost or did not come about. */
  readonly failures: number;
  /** Why the last request failed; `undefined` while all is well. */
  readonly lastFault: string | undefined;
  /** What went wrong last and when, however long ago; absent where nothing ever did. */
  readonly lastFailure?: { readonly at: Timestamp; readonly detail: string };
  /** Scans left out because the one before was not finished, or the process was late. */
  readonly skippedScans: number;
  /** Answers that belonged to no question under way and were thrown away. */
  readonly discardedAnswers: number;
  /** Absent where nothing was answered lately. */
  readonly roundTrips?: RoundTrips;
  /**
   * From a tick of a scan class to the first request of its scan: what 99 of 100 scans of the last minute or two did not
   * exceed. Absent where none began.
   */
  readonly scanLatenessP99Ms?: number;
  /** How much of what it may be asked it was asked lately, from 0 to 1; absent where it has no budget. */
  readonly budgetUsed?: number;
  /** The same of its line, all its devices together. */
  readonly lineBudgetUsed?: number;
}

/** What the gateway proves with who it is. */
export interface GatewayCertificate {
  readonly validUntil: Timestamp;
  /** Whole days; below 0 where it has ended. */
  readonly daysLeft: number;
  /** Its authority has taken it back. */
  readonly revoked: boolean;
}

export interface GatewayStatus {
  readonly kind: 'gateway-status';
  readonly at: Timestamp;
  readonly gateway: string;
  readonly lanes: Readonly<Record<Lane, LaneStatus>>;
  readonly devices: readonly DeviceStatus[];
  readonly certificate: GatewayCertificate;
  readonly residentBytes: number;
}
