/** What of the blocks of gateways may be stored: by the policy, by whose path it is, and by the rate that is declared. */

import type { SampleBlock } from '@tidegate/core/block/sampleBlock.ts';
import type { StreamName } from '@tidegate/core/port/blockSink.ts';
import { LANES, type Lane } from '@tidegate/core/sample/lane.ts';
import type { BlockArrival } from './admission.ts';
import { blockRows } from './blockRows.ts';
import { placeholder } from './gatewayTags.ts';
import type { NumberMap } from './numberMap.ts';
import { SERVER_STREAM } from './storedTag.ts';
import type { TagCatalogue } from './tagCatalogue.ts';

/** A block without what may not cross. */
export interface AdmittedBlock {
  readonly block: SampleBlock;
  /** How many samples of which tag number were left out. */
  readonly leftOut: ReadonlyMap<number, number>;
  /** How many were left out for their rate, as `RateCut.refused`; absent where none were. */
  readonly overRate?: ReadonlyMap<number, number>;
}

/** Samples with the index of the tag of each. */
export interface ResolvedBlock {
  readonly admitted: AdmittedBlock;
  readonly tags: Uint32Array;
}

const NONE_LEFT_OUT: ReadonlyMap<number, number> = new Map();

export class BlockAdmission {
  readonly #catalogue: TagCatalogue;

  constructor(catalogue: TagCatalogue) {
    this.#catalogue = catalogue;
  }

  /**
   * What of a gateway's block in `lane` may be stored. Where there is no policy, and no tag was refused, that is all of it. A
   * tag crosses in its own lane; in another one only where the policy declares it there too, as for a backlog from before
   * it changed its lane.
   */
  admit({ gateway, lane }: StreamName, block: SampleBlock): AdmittedBlock {
    const { indexOfNumber, refused } = this.#catalogue.gatewayTags(gateway);
    const takesAll = this.#catalogue.isOpen && refused.size === 0;
    if (takesAll || gateway === SERVER_STREAM || this.#areOf(lane, indexOfNumber, block)) {
      return { block, leftOut: NONE_LEFT_OUT };
    }
    const rows: number[] = [];
    const leftOut = new Map<number, number>();
    const mayCross = new Map<number, boolean>();
    for (let row = 0; row < block.count; row++) {
      const number = block.tags[row];
      const isTaken = mayCross.get(number) ?? this.#mayCross(gateway, lane, number);
      mayCross.set(number, isTaken);
      if (isTaken) rows.push(row);
      else leftOut.set(number, (leftOut.get(number) ?? 0) + 1);
    }
    return { block: blockRows(block, rows), leftOut };
  }

  /** What of a gateway's samples is within the rates of their flows. */
  limit({ gateway }: StreamName, arrival: BlockArrival, resolved: ResolvedBlock): ResolvedBlock {
    const { admission, tags: known, revision } = this.#catalogue;
    if (!admission || gateway === SERVER_STREAM) return resolved;
    const { admitted, tags } = resolved;
    const cut = admission.withinRates(arrival, tags, known, revision);
    if (!cut) return resolved;
    const block = blockRows(admitted.block, cut.rows);
    return {
      admitted: { ...admitted, block, overRate: cut.refused },
      tags: Uint32Array.from(cut.rows, (row) => tags[row]),
    };
  }

  /** Tells what came of a block. */
  account({ gateway, lane }: StreamName, { leftOut, overRate }: AdmittedBlock, tags: Uint32Array): void {
    const { admission, tags: known, revision } = this.#catalogue;
    if (!admission) return;
    if (overRate) admission.exceeded(overRate);
    const { refused, indexOfNumber } = this.#catalogue.gatewayTags(gateway);
    for (const [number, samples] of leftOut) {
      const { path } = known[indexOfNumber.get(number) ?? -1] ?? placeholder(gateway, number);
      const tag = refused.get(number) ?? { path, lane, reason: 'undeclared' };
      admission.refused(gateway, tag.path, tag.lane, samples, tag.reason);
    }
    admission.taken(tags, known, revision);
  }

  /** Whether all samples of a block are of tags that the gateway has defined in `lane`. */
  #areOf(lane: Lane, indexOfNumber: NumberMap, { tags, count }: SampleBlock): boolean {
    const { laneOf } = this.#catalogue;
    const code = LANES.indexOf(lane);
    for (let row = 0; row < count; row++) {
      const index = indexOfNumber.get(tags[row]);
      if (index === undefined || laneOf[index] !== code) return false;
    }
    return true;
  }

  #mayCross(gateway: string, lane: Lane, number: number): boolean {
    const { isOpen, tags } = this.#catalogue;
    const { indexOfNumber, refused } = this.#catalogue.gatewayTags(gateway);
    const index = indexOfNumber.get(number);
    if (index === undefined) return isOpen && !refused.has(number);
    const tag = tags[index];
    return tag.lane === lane || this.#catalogue.admits(gateway, { path: tag.path, lane });
  }
}
