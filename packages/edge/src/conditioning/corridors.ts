/** The slopes of all lines from one point that pass later points closely enough, as an interval for each of many points. */

/** Every finite slope lies within; not-a-number and the infinities never do. */
const OPEN = Number.MAX_VALUE;

export class Corridors {
  readonly #least: Float64Array;
  readonly #greatest: Float64Array;

  constructor(length: number) {
    this.#least = new Float64Array(length).fill(-OPEN);
    this.#greatest = new Float64Array(length).fill(OPEN);
  }

  /** Begins at a new point: every finite slope is admitted. */
  open(at: number): void {
    this.#least[at] = -OPEN;
    this.#greatest[at] = OPEN;
  }

  admits(at: number, slope: number): boolean {
    return slope >= this.#least[at] && slope <= this.#greatest[at];
  }

  /**
   * From now on a line must also pass, at no more than `tolerance`, the point that comes `elapsed` later and is `rise`
   * higher. `elapsed` is above 0.
   */
  narrow(at: number, elapsed: number, rise: number, tolerance: number): void {
    const least = (rise - tolerance) / elapsed;
    const greatest = (rise + tolerance) / elapsed;
    if (least > this.#least[at]) this.#least[at] = least;
    if (greatest < this.#greatest[at]) this.#greatest[at] = greatest;
  }
}
