/** What a relay notes of a stream beside its journal: what has been delivered, what was lost, what the gateway said last. */

import type { Heartbeat } from '@tidegate/core/port/blockSink.ts';
import type { PositionStretch } from './positionStretches.ts';

export interface RelayState {
  /** Of the spool that the stream comes from, see `BlockSource.instance`; `undefined`: it has not said so. */
  readonly instance: string | undefined;
  /** Positions that wait no more: delivered, expired or damaged. */
  readonly settled: readonly PositionStretch[];
  /** What stands here was true of the records below this one: those behind it came later. */
  readonly endRecord: number;
  /** Samples that waited then. */
  readonly waitingSamples: number;
  /** Samples that were lost in the relay, since it began. */
  readonly expired: number;
  readonly damaged: number;
  readonly heard: Heartbeat | undefined;
}
