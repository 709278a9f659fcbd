/** A set of positions of a stream, kept as stretches: mostly one for each run, and one behind each gap. */

import { type BlockPosition, comparePositions } from '@tidegate/core/block/sampleBlock.ts';

/** Both ends are in it. */
export interface PositionStretch {
  readonly first: BlockPosition;
  readonly last: BlockPosition;
}

export class PositionStretches {
  /** In order; they do not overlap. */
  readonly #stretches: PositionStretch[];

  constructor(stretches: readonly PositionStretch[] = []) {
    this.#stretches = [...stretches];
  }

  get stretches(): readonly PositionStretch[] {
    return this.#stretches;
  }

  /** The stretch that `position` is in. */
  around(position: BlockPosition): PositionStretch | undefined {
    const stretch = this.#stretches[this.#placeBehind(position) - 1];
    return stretch && comparePositions(position, stretch.last) <= 0 ? stretch : undefined;
  }

  add({ epoch, sequence }: BlockPosition): void {
    const position = { epoch, sequence };
    const at = this.#placeBehind(position);
    const before = this.#stretches[at - 1];
    if (before && comparePositions(position, before.last) <= 0) return;
    const behind = this.#stretches[at];
    const joinsBefore = before !== undefined && follows(before.last, position);
    const joinsBehind = behind !== undefined && follows(position, behind.first);
    const joined = {
      first: joinsBefore ? before.first : position,
      last: joinsBehind ? behind.last : position,
    };
    this.#stretches.splice(joinsBefore ? at - 1 : at, Number(joinsBefore) + Number(joinsBehind), joined);
  }

  /** What lies before `position` and is in no stretch will never be added: stretches up to there become one. */
  closeBefore(position: BlockPosition): void {
    const at = this.#placeBehind(position);
    if (at < 2) return;
    this.#stretches.splice(0, at, { first: this.#stretches[0].first, last: this.#stretches[at - 1].last });
  }

  /** The first stretch that begins behind `position`. */
  #placeBehind(position: BlockPosition): number {
    let low = 0;
    let high = this.#stretches.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (comparePositions(this.#stretches[middle].first, position) > 0) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

function follows(before: BlockPosition, position: BlockPosition): boolean {
  return before.epoch === position.epoch && before.sequence + 1 === position.sequence;
}
