/** How the blocks of all lanes leave the gateway, whatever they cross. */

import type { BlockPosition } from '@tidegate/core/block/sampleBlock.ts';
import type { Clock } from '@tidegate/core/clock/clock.ts';
import type { BlockSource } from '@tidegate/core/port/blockSource.ts';
import type { EventSink } from '@tidegate/core/port/eventSink.ts';
import type { Lane, PerLane } from '@tidegate/core/sample/lane.ts';
import type { TagDefinition } from '@tidegate/core/sample/tag.ts';
import type { DataDirectory } from '@tidegate/edge/configuration/dataDirectory.ts';
import type { WatchedIdentity } from '@tidegate/process/identity/watchedIdentity.ts';

/** Whoever stops the gateway gives it ten seconds; the rest of them is for closing. */
export const DRAIN_LIMIT_MS = 8_000;

export interface ForwardingParts {
  readonly directory: DataDirectory;
  readonly spools: PerLane<BlockSource>;
  readonly definitions: readonly TagDefinition[];
  readonly identity: WatchedIdentity;
  readonly clock: Clock;
  readonly events: EventSink;
}

interface LaneForwarding {
  /** Behind a diode always: nobody can tell. */
  readonly connected: boolean;
  /** The last block that need not be kept any more. */
  readonly acknowledged: BlockPosition | undefined;
}

export interface Forwarding {
  status(lane: Lane): LaneForwarding;
  /** Sends what there is, as long as there is hope; until `hurry` aborts at the latest. */
  drain(hurry: AbortSignal): Promise<void>;
  stop(): Promise<void>;
}
