/**
 * Up to which time the history of a stream is complete: an aggregate over an interval that ends later is provisional.
 *
 * What a gateway had accepted when it sealed a block is in that block and those before it. Up to the last block before the
 * first that is missing, all of them are here or known to be lost. Where a heartbeat adds that nothing has been accepted since, that holds up to the heartbeat. Samples that are
 * held back before they are accepted, by compression or by a device that reports what it stored during a cut, can still
 * come later than that: the archive takes them whenever they come, and what was final is then computed anew.
 */

import { comparePositions } from '@tidegate/core/block/sampleBlock.ts';
import { US_PER_S } from '@tidegate/core/clock/timestamp.ts';
import type { StreamName } from '@tidegate/core/port/blockSink.ts';
import { SERVER_STREAM, type StoredTag } from './storedTag.ts';
import type { StreamLedger } from './streamLedger.ts';

/** By so much a sample may be accepted later than its time says: the way from the driver to the lane. */
const ACCEPTANCE_DELAY_US = US_PER_S;

/** The time (µs) up to which everything that the gateway accepted on this lane is here. */
export function watermarkOf(ledger: StreamLedger): number {
  const { sealedAt, heartbeat, first, position, tally, holes } = ledger;
  // The newest run came first, and nothing of those before it.
  if (heartbeat?.oldest && comparePositions(heartbeat.oldest, first) < 0) return Number.NEGATIVE_INFINITY;
  // Between two runs nothing may have been accepted: a hole that held no sample holds up nothing.
  const hole = holes.find(({ from, to }) => to > from);
  if (hole) return hole.sealedAt - ACCEPTANCE_DELAY_US;
  const isIdle =
    heartbeat?.head !== undefined &&
    comparePositions(heartbeat.head, position) === 0 &&
    heartbeat.tally.accepted === tally.accepted;
  return (isIdle ? Math.max(heartbeat.at, sealedAt) : sealedAt) - ACCEPTANCE_DELAY_US;
}

/** The watermarks of all streams at one moment. */
export class Watermarks {
  readonly #byStream = new Map<string, number>();
  readonly #now: number;

  /** `now`: the watermark of the server's own tags, of which nothing is under way. */
  constructor(ledgers: readonly StreamLedger[], now: number) {
    this.#now = now;
    for (const ledger of ledgers) this.#byStream.set(keyOf(ledger), watermarkOf(ledger));
  }

  /** The watermark (µs) of the stream that `tag` comes by; `-Infinity` where nothing of it has ever come. */
  of({ gateway, lane }: Pick<StoredTag, 'gateway' | 'lane'>): number {
    if (gateway === SERVER_STREAM) return this.#now;
    return this.#byStream.get(keyOf({ gateway, lane })) ?? Number.NEGATIVE_INFINITY;
  }

  /** Whether everything of `tag` before `end` (µs) is here. */
  isFinal(tag: Pick<StoredTag, 'gateway' | 'lane'>, end: number): boolean {
    return end <= this.of(tag);
  }
}

function keyOf({ gateway, lane }: StreamName): string {
  return `${lane}/${gateway}`;
}
