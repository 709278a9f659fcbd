/** The turning points of a signal as it comes: its peaks and valleys, without those that are smaller than a hysteresis. */

export interface TurningPoint {
  readonly value: number;
  /** Where it was: an index or a time, as given. */
  readonly at: number;
}

export class TurningPoints {
  readonly #hysteresis: number;
  /** The last extreme that may still grow, and which way it went; no way before the signal has moved far enough. */
  #extreme: TurningPoint | undefined;
  #first: TurningPoint | undefined;
  #direction: -1 | 0 | 1 = 0;

  /** A turn of at most `hysteresis`, in the unit of the signal, is none. */
  constructor(hysteresis = 0) {
    this.#hysteresis = hysteresis;
  }

  /** Gives the turning point that this value makes certain. NaN is passed over. */
  push(value: number, at: number): TurningPoint | undefined {
    if (Number.isNaN(value)) return undefined;
    const point = { value, at };
    if (this.#extreme === undefined) {
      this.#first = point;
      this.#extreme = point;
      return undefined;
    }
    const moved = value - this.#extreme.value;
    if (this.#direction === 0) return this.#begin(point);
    if (moved * this.#direction >= 0) {
      if (moved !== 0) this.#extreme = point;
      return undefined;
    }
    if (Math.abs(moved) <= this.#hysteresis) return undefined;
    const turned = this.#extreme;
    this.#direction = moved > 0 ? 1 : -1;
    this.#extreme = point;
    return turned;
  }

  /** The extreme that the signal ends with; `undefined` where it never moved. */
  last(): TurningPoint | undefined {
    return this.#direction === 0 ? undefined : this.#extreme;
  }

  /** The extreme, or the first value while the signal has not moved far enough; `undefined` before any. */
  pending(): TurningPoint | undefined {
    return this.#extreme;
  }

  /** The first value counts as a turning point, as both ends do in ASTM E1049. */
  #begin(point: TurningPoint): TurningPoint | undefined {
    const start = this.#first as TurningPoint;
    const moved = point.value - start.value;
    if (moved === 0 || Math.abs(moved) <= this.#hysteresis) return undefined;
    this.#direction = moved > 0 ? 1 : -1;
    this.#extreme = point;
    return start;
  }
}
