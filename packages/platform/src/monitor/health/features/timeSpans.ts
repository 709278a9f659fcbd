/** Stretches of time, gathered again and again without making anything anew. */

export class TimeSpans {
  readonly starts: number[] = [];
  readonly ends: number[] = [];
  count = 0;

  clear(): void {
    this.count = 0;
  }

  /** One that begins where the last one ends makes it longer. */
  add(start: number, end: number): void {
    if (end <= start) return;
    if (this.count > 0 && this.ends[this.count - 1] === start) {
      this.ends[this.count - 1] = end;
      return;
    }
    this.starts[this.count] = start;
    this.ends[this.count++] = end;
  }

  /** The sum of their lengths. */
  get total(): number {
    let total = 0;
    for (let at = 0; at < this.count; at++) total += this.ends[at] - this.starts[at];
    return total;
  }

  /** How much time they cover, in whatever order they were added and however they overlap. */
  covered(): number {
    if (this.count < 2) return this.total;
    const order = Array.from({ length: this.count }, (_, at) => at).sort((a, b) => this.starts[a] - this.starts[b]);
    let covered = 0;
    let until = Number.NEGATIVE_INFINITY;
    for (const at of order) {
      covered += Math.max(0, this.ends[at] - Math.max(this.starts[at], until));
      until = Math.max(until, this.ends[at]);
    }
    return covered;
  }
}
