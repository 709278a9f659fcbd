/** How late samples are served: counts for each millisecond, so that memory stays the same however many there are. */

/** What comes later than this is counted as this late. */
const MAX_LATENCY_MS = 60_000;

export class LatencyHistogram {
  readonly #counts = new Float64Array(MAX_LATENCY_MS + 1);
  #total = 0;

  /** A sample that clocks say came before its time counts as 0 ms. */
  add(latencyMs: number): void {
    this.#counts[Math.min(Math.max(Math.round(latencyMs), 0), MAX_LATENCY_MS)]++;
    this.#total++;
  }

  get total(): number {
    return this.#total;
  }

  /** The latency in ms that the share `fraction` of the samples does not exceed (nearest rank); `null` without samples. */
  percentile(fraction: number): number | null {
    if (this.#total === 0) return null;
    const rank = Math.max(1, Math.ceil(fraction * this.#total));
    let passed = 0;
    for (let ms = 0; ms <= MAX_LATENCY_MS; ms++) {
      passed += this.#counts[ms];
      if (passed >= rank) return ms;
    }
    return MAX_LATENCY_MS;
  }
}
