/** The anti-surge controller and its valve, which a worn packing may hold fast. */

import { Lag } from './lag.ts';

/** The control line lies so far right of the surge line, as a share of the flow there. */
export const CONTROL_MARGIN = 0.12;
/** Opening in a second for each unit of margin that is missing. */
const INTEGRAL_GAIN_PER_S = 0.03;
/** So near the surge line nothing is waited for: shares of the stroke in a second. */
const QUICK_MARGIN = 0.04;
const QUICK_RATE_PER_S = 0.05;
/** Opens as fast as it must, closes slowly. */
const CLOSING_RATE_PER_S = 0.004;
const STROKE_TIME_S = 1.5;

export class AntiSurge {
  /** What the controller asks for, and where the valve stands; 0 is closed, 1 open. */
  demand: number;
  position: number;
  /** Static friction as a share of the stroke: a change below it moves nothing. */
  stiction = 0;
  readonly #stem: Lag;
  /** Where the stem was sent last, and how much force has built up since. */
  #sent: number;
  #strain = 0;

  constructor(position: number) {
    this.demand = this.position = this.#sent = position;
    this.#stem = new Lag(STROKE_TIME_S, position);
  }

  /** `isProtecting` is false where the sequence wants the valve wide open. */
  step(stepS: number, surgeMargin: number, isProtecting: boolean): void {
    const before = this.demand;
    const rate = isProtecting ? this.#rate(surgeMargin) : QUICK_RATE_PER_S;
    this.demand = Math.max(0, Math.min(1, before + rate * stepS));
    this.#move(this.demand - before);
    this.position = this.#stem.follow(this.#sent, stepS);
  }

  #rate(surgeMargin: number): number {
    if (surgeMargin < QUICK_MARGIN) return QUICK_RATE_PER_S;
    return Math.max(-CLOSING_RATE_PER_S, INTEGRAL_GAIN_PER_S * (CONTROL_MARGIN - surgeMargin));
  }

  /** Two friction levels, static and half as much sliding (He, Wang, Pottmann, Qin, Ind. Eng. Chem. Res. 46, 2007). */
  #move(change: number): void {
    this.#strain += change;
    if (Math.abs(this.#strain) <= this.stiction) return;
    const sliding = (Math.sign(this.#strain) * this.stiction) / 2;
    this.#sent = Math.max(0, Math.min(1, this.#sent + this.#strain - sliding));
    this.#strain = sliding;
  }
}
