/**
 * Which of a lane's accepted samples are accounted for: acknowledged, expired or damaged. Runs are acknowledged side by
 * side, so that there is mostly one stretch from the first sample on, and one for each run behind a backlog.
 */

/** A stretch of the lane's accepted samples, counted from its first one: `from` is in it, `to` is not. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

export class SettledSamples {
  /** Ascending; they neither overlap nor touch. */
  #stretches: readonly Stretch[];

  constructor(stretches: readonly Stretch[] = []) {
    this.#stretches = stretches;
  }

  get stretches(): readonly Stretch[] {
    return this.#stretches;
  }

  add({ from, to }: Stretch): void {
    if (from >= to) return;
    const before = this.#stretches.filter((each) => each.to < from);
    const behind = this.#stretches.filter((each) => each.from > to);
    const touched = this.#stretches.slice(before.length, this.#stretches.length - behind.length);
    const joined = {
      from: Math.min(from, touched[0]?.from ?? from),
      to: Math.max(to, touched.at(-1)?.to ?? to),
    };
    this.#stretches = [...before, joined, ...behind];
  }

  /** How many samples of the stretch are not accounted for. */
  missingIn({ from, to }: Stretch): number {
    let missing = Math.max(0, to - from);
    for (const each of this.#stretches) missing -= Math.max(0, Math.min(to, each.to) - Math.max(from, each.from));
    return missing;
  }
}
