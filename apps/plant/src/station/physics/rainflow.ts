/** Thermal cycles counted while they happen: rainflow counting of a temperature. */

/** A closed cycle: its swing in K, its highest temperature, and how long it took. */
export type CycleListener = (swingK: number, highestC: number, periodS: number) => void;

/** Smaller swings strain no solder. */
const HYSTERESIS_K = 1;
/** What has not closed yet; the residue of rainflow counting grows no longer than this for temperatures of this earth. */
const MAX_OPEN = 64;

/**
 * The four-point method (ASTM E1049-85, 5.4.4; Amzallag et al., Int. J. Fatigue 16, 1994): of four turning points in a row
 * the inner two are a closed cycle where their range lies within the ranges beside it.
 */
export class Rainflow {
  readonly #listener: CycleListener;
  readonly #pointC = new Float64Array(MAX_OPEN);
  readonly #pointS = new Float64Array(MAX_OPEN);
  #count = 0;
  #rising = true;
  #extremeC: number;
  #extremeS = 0;

  constructor(temperatureC: number, listener: CycleListener) {
    this.#extremeC = temperatureC;
    this.#listener = listener;
  }

  add(timeS: number, temperatureC: number): void {
    const isFurther = this.#rising ? temperatureC > this.#extremeC : temperatureC < this.#extremeC;
    if (isFurther) {
      this.#extremeC = temperatureC;
      this.#extremeS = timeS;
    } else if (Math.abs(temperatureC - this.#extremeC) > HYSTERESIS_K) {
      this.#turn(this.#extremeC, this.#extremeS);
      this.#rising = !this.#rising;
      this.#extremeC = temperatureC;
      this.#extremeS = timeS;
    }
  }

  #turn(pointC: number, timeS: number): void {
    if (this.#count === MAX_OPEN) this.#forgetOldest();
    this.#pointC[this.#count] = pointC;
    this.#pointS[this.#count] = timeS;
    this.#count++;
    while (this.#count >= 4 && this.#closeInner());
  }

  #closeInner(): boolean {
    const points = this.#pointC;
    const last = this.#count - 1;
    const inner = Math.abs(points[last - 1] - points[last - 2]);
    if (inner > Math.abs(points[last] - points[last - 1])) return false;
    if (inner > Math.abs(points[last - 2] - points[last - 3])) return false;
    const periodS = 2 * (this.#pointS[last - 1] - this.#pointS[last - 2]);
    this.#listener(inner, Math.max(points[last - 1], points[last - 2]), periodS);
    points[last - 2] = points[last];
    this.#pointS[last - 2] = this.#pointS[last];
    this.#count -= 2;
    return true;
  }

  #forgetOldest(): void {
    this.#pointC.copyWithin(0, 1);
    this.#pointS.copyWithin(0, 1);
    this.#count--;
  }
}
