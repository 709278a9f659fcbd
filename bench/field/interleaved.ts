/** Measures contenders in turns, because machines are noisy: whatever disturbs one of them soon disturbs the others, too. */

export interface Run {
  readonly rounds: number;
  readonly sliceMs: number;
}

export interface Slice {
  readonly count: number;
  readonly seconds: number;
  /** What this process has used of the processor, in the kernel as well. */
  readonly cpuSeconds: number;
}

export interface Contender {
  /** Works for about `sliceMs`; gives how much it has done. */
  measure(sliceMs: number): Promise<Slice>;
}

/** The slices of one contender, one of each round. */
export class Slices {
  readonly #slices: Slice[] = [];

  add(slice: Slice): void {
    this.#slices.push(slice);
  }

  get rates(): number[] {
    return this.#slices.map(({ count, seconds }) => count / seconds);
  }

  get perSecond(): number {
    return median(this.rates);
  }

  get cpuMicroseconds(): number {
    return median(this.#slices.map(({ count, cpuSeconds }) => (cpuSeconds / count) * 1e6));
  }

  /** How many times as fast, round by round; the median. */
  ratioTo(other: Slices): number {
    const others = other.rates;
    return median(this.rates.map((rate, round) => rate / others[round]));
  }
}

/**
 * Each round begins with another contender, and every second one goes backwards, so that nobody always comes after the same.
 * One round more comes first, to warm up, and does not count.
 */
export async function interleave(contenders: readonly Contender[], run: Run): Promise<readonly Slices[]> {
  const { rounds, sliceMs } = run;
  const results = contenders.map(() => new Slices());
  for (let round = 0; round <= rounds; round++) {
    for (let turn = 0; turn < contenders.length; turn++) {
      const step = round % 2 === 0 ? turn : contenders.length - 1 - turn;
      const index = (step + round) % contenders.length;
      const slice = await contenders[index].measure(sliceMs);
      if (round > 0) results[index].add(slice);
    }
  }
  return results;
}

/** Runs `work` between two looks at the clocks; it gives how much it has done. */
export async function timed(work: () => number | Promise<number>): Promise<Slice> {
  const cpu = process.cpuUsage();
  const begin = performance.now();
  const count = await work();
  const seconds = (performance.now() - begin) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  return { count, seconds, cpuSeconds: (user + system) / 1e6 };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}
