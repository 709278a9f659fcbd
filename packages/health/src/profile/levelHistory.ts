/** The levels of one feature from the beginning in bounded memory: when it is full, two points become one. */

export const HISTORY_POINTS = 96;

export class LevelHistory {
  /** Time in µs, level and number of levels of each point, and at the end of all: points, levels for a point. */
  readonly memory = new Float64Array(3 * HISTORY_POINTS + 2);

  constructor() {
    this.memory[3 * HISTORY_POINTS + 1] = 1;
  }

  get count(): number {
    return this.memory[3 * HISTORY_POINTS];
  }

  time(point: number): number {
    return this.memory[3 * point];
  }

  level(point: number): number {
    return this.memory[3 * point + 1];
  }

  /** How many levels it is the mean of. */
  weight(point: number): number {
    return this.memory[3 * point + 2];
  }

  clear(): void {
    this.memory.fill(0);
    this.memory[3 * HISTORY_POINTS + 1] = 1;
  }

  /** Leaves out the points before this one. */
  forgetBefore(point: number): void {
    this.memory.copyWithin(0, 3 * point, 3 * this.count);
    this.memory[3 * HISTORY_POINTS] -= point;
  }

  push(time: number, level: number): void {
    const last = this.count - 1;
    if (last >= 0 && this.weight(last) < this.memory[3 * HISTORY_POINTS + 1]) {
      this.#join(last, time, level, 1);
      return;
    }
    if (this.count === HISTORY_POINTS) this.#halve();
    this.memory.set([time, level, 1], 3 * this.count);
    this.memory[3 * HISTORY_POINTS]++;
  }

  #join(point: number, time: number, level: number, weight: number): void {
    const share = weight / (this.weight(point) + weight);
    this.memory[3 * point] += share * (time - this.time(point));
    this.memory[3 * point + 1] += share * (level - this.level(point));
    this.memory[3 * point + 2] += weight;
  }

  #halve(): void {
    for (let point = 0; point < HISTORY_POINTS / 2; point++) {
      const next = 2 * point + 1;
      this.memory.copyWithin(3 * point, 6 * point, 6 * point + 3);
      this.#join(point, this.time(next), this.level(next), this.weight(next));
    }
    this.memory[3 * HISTORY_POINTS] = HISTORY_POINTS / 2;
    this.memory[3 * HISTORY_POINTS + 1] *= 2;
  }
}
