/** Whether a stream may be taken from a spool: two gateways of one name must not pass for one. */

import { type BlockPosition, comparePositions } from '../block/sampleBlock.ts';
import { failure, type Result, success } from '../fault/fault.ts';
import type { SpoolClaim } from './blockSink.ts';

/** What is known of a stream. */
export interface SpoolRecord {
  /** Of the spool that its blocks come from; `undefined` of a stream that no connection has brought yet. */
  readonly instance: string | undefined;
  /** The newest block held. */
  readonly newest: BlockPosition | undefined;
}

/**
 * `known`: the spool is the one that the stream comes from. `adopted`: it is from now on. Fault: `boundary.twin` where it
 * belongs to another gateway of the same name.
 *
 * Positions order what one spool has made. Where those of two mix, blocks of the one are taken for repetitions of the
 * other's, acknowledged, and lost. So another spool takes over only where all that it may ever send lies behind all that is
 * held: that of a gateway that was replaced, whose epochs are times.
 */
export function judgeSpool({ instance, newest }: SpoolRecord, claim: SpoolClaim): Result<'known' | 'adopted'> {
  if (instance === claim.instance) return success('known');
  if (instance === undefined) return success('adopted');
  if (claim.role === 'backlog') return failure('boundary.twin', 'the backlog of another gateway of this name');
  if (newest === undefined || comparePositions(claim.oldest, newest) > 0) return success('adopted');
  const { epoch, sequence } = claim.oldest;
  const detail = `another gateway of this name brought blocks up to ${newest.epoch}/${newest.sequence}; what this one has begins before, at ${epoch}/${sequence}`;
  return failure('boundary.twin', detail);
}
