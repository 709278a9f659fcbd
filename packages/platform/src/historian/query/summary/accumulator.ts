/** What is summed up of one interval while its samples pass. */

export class Accumulator {
  /** Usable samples, and all. */
  count = 0;
  sampleCount = 0;
  usableUs = 0;
  /** Whether an uncertain or extrapolated value takes part, or something that is not usable was passed over. */
  isSubNormal = false;
  minimum = Number.POSITIVE_INFINITY;
  maximum = Number.NEGATIVE_INFINITY;
  minimumTime = Number.NaN;
  maximumTime = Number.NaN;
  /** Samples or µs, by the basis. */
  weight = 0;
  /**
   * Sums are kept of the difference to the first value, so that a small deviation of large values is not lost among their
   * squares (Chan, Golub and LeVeque, Algorithms for computing the sample variance, 1983: shifted data).
   */
  shift = Number.NaN;
  #sum = 0;
  #squares = 0;

  clear(): void {
    this.count = 0;
    this.sampleCount = 0;
    this.usableUs = 0;
    this.isSubNormal = false;
    this.minimum = Number.POSITIVE_INFINITY;
    this.maximum = Number.NEGATIVE_INFINITY;
    this.minimumTime = Number.NaN;
    this.maximumTime = Number.NaN;
    this.weight = 0;
    this.shift = Number.NaN;
    this.#sum = 0;
    this.#squares = 0;
  }

  reach(time: number, value: number): void {
    if (value < this.minimum) {
      this.minimum = value;
      this.minimumTime = time;
    }
    if (value > this.maximum) {
      this.maximum = value;
      this.maximumTime = time;
    }
  }

  addEvent(value: number): void {
    this.shiftTo(value);
    const difference = value - this.shift;
    this.weight += 1;
    this.#sum += difference;
    this.#squares += difference * difference;
  }

  /** A line from `from` to `to` that lasts `us`. */
  addLine(from: number, to: number, us: number): void {
    this.shiftTo(from);
    const a = from - this.shift;
    const b = to - this.shift;
    this.weight += us;
    this.#sum += ((a + b) / 2) * us;
    this.#squares += ((a * a + a * b + b * b) / 3) * us;
  }

  /** Many values at once by their sums; `squares` may be NaN where no deviation is asked for. */
  addSums(weight: number, sum: number, squares: number): void {
    if (weight === 0) return;
    this.shiftTo(sum / weight);
    const { shift } = this;
    this.addShiftedSums(weight, sum - shift * weight, squares - 2 * shift * sum + shift * shift * weight);
  }

  /** The same, of differences to `shift`. */
  addShiftedSums(weight: number, sum: number, squares: number): void {
    this.weight += weight;
    this.#sum += sum;
    this.#squares += squares;
  }

  get average(): number {
    return this.shift + this.#sum / this.weight;
  }

  /** Sum of the squared differences to the average, each by its weight. */
  get squaredDeviation(): number {
    return Math.max(0, this.#squares - (this.#sum * this.#sum) / this.weight);
  }

  /** The first value from which differences are taken is `value`, unless there is one. */
  shiftTo(value: number): void {
    if (Number.isNaN(this.shift)) this.shift = value;
  }
}
