/** A quantity that follows another with delay: heat, pressure and filters of the first order. */

/** Solved exactly for a target that holds through the step, so that no step is too long for it. */
export class Lag {
  value: number;
  readonly #timeConstantS: number;
  #stepS = 0;
  #share = 0;

  constructor(timeConstantS: number, value: number) {
    this.#timeConstantS = timeConstantS;
    this.value = value;
  }

  follow(target: number, stepS: number): number {
    if (stepS !== this.#stepS) {
      this.#stepS = stepS;
      this.#share = 1 - Math.exp(-stepS / this.#timeConstantS);
    }
    this.value += (target - this.value) * this.#share;
    return this.value;
  }
}
