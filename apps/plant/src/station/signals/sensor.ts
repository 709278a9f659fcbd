/** What a transmitter makes of a quantity: noise, steps of its converter, the end of its range, and its own faults. */

import type { Random } from '../physics/random.ts';

/** OPC UA Part 4, 7.38 and Part 8, 6.4: the codes that a sensor of this plant gives. */
export const SENSOR_GOOD = 0;
export const SENSOR_FAILURE = 0x808c0000;

export interface SensorRange {
  readonly low: number;
  readonly high: number;
  /** Standard deviation of the noise. */
  readonly noise: number;
  /** Step of the converter. */
  readonly resolution: number;
}

export class Sensor {
  /** Added to the truth: calibration that was never right, or drifts away. */
  bias = 0;
  isFrozen = false;
  hasFailed = false;
  value = Number.NaN;
  readonly #random: Random;
  readonly #range: SensorRange;

  constructor(range: SensorRange, random: Random) {
    this.#range = range;
    this.#random = random;
  }

  get status(): number {
    return this.hasFailed ? SENSOR_FAILURE : SENSOR_GOOD;
  }

  /** The value shown for a truth; NaN where the sensor has failed. */
  measure(truth: number): number {
    const { low, high, noise, resolution } = this.#range;
    // The noise is drawn in any case, so that a fault of a sensor changes nothing that comes after it.
    const drawn = noise === 0 ? 0 : noise * this.#random.normal();
    if (this.hasFailed) this.value = Number.NaN;
    else if (!this.isFrozen || Number.isNaN(this.value)) {
      const stepped = resolution === 0 ? truth : Math.round((truth + this.bias + drawn) / resolution) * resolution;
      this.value = Math.max(low, Math.min(high, stepped));
    }
    return this.value;
  }
}
