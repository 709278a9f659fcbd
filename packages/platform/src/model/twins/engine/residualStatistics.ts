/** How far residuals have been off lately: one exponentially weighted record for each twin and attribute. */

/** By the row of a twin; times in microseconds. */
export class ResidualStatistics {
  readonly #windowUs: number;
  readonly #times: Float64Array;
  readonly #means: Float64Array;
  readonly #squares: Float64Array;

  constructor(count: number, windowUs: number) {
    this.#windowUs = windowUs;
    this.#times = new Float64Array(count).fill(Number.NaN);
    this.#means = new Float64Array(count);
    this.#squares = new Float64Array(count);
  }

  /** Adds a residual in multiples of its sigma, weighted with the time since the one before. */
  add(row: number, time: number, sigmas: number): void {
    const before = this.#times[row];
    if (time <= before) return;
    this.#times[row] = time;
    if (Number.isNaN(before)) {
      this.#means[row] = sigmas;
      this.#squares[row] = sigmas * sigmas;
      return;
    }
    const weight = -Math.expm1((before - time) / this.#windowUs);
    this.#means[row] += weight * (sigmas - this.#means[row]);
    this.#squares[row] += weight * (sigmas * sigmas - this.#squares[row]);
  }

  /** Root of the mean square; `undefined` where nothing was compared yet. */
  rootMeanSquare(row: number): number | undefined {
    return Number.isNaN(this.#times[row]) ? undefined : Math.sqrt(this.#squares[row]);
  }

  mean(row: number): number | undefined {
    return Number.isNaN(this.#times[row]) ? undefined : this.#means[row];
  }

  /** Takes over what another knew. */
  copy(row: number, other: ResidualStatistics, otherRow: number): void {
    this.#times[row] = other.#times[otherRow];
    this.#means[row] = other.#means[otherRow];
    this.#squares[row] = other.#squares[otherRow];
  }
}
