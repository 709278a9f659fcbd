/** A tilting-pad journal bearing: what it rubs it heats, and what it lets move it shakes. */

import { Lag } from './lag.ts';

/** At design speed and full load, over the oil that comes in. */
const HEATING_K = 27;
const SPEED_EXPONENT = 1.6;
const IDLE_SHARE = 0.75;
const WEAR_HEATING = 0.6;
const HEAT_TIME_S = 420;
/** First critical speed as a share of the design speed, and its damping ratio (API 617 wants it well away). */
const CRITICAL_SPEED = 0.55;
const DAMPING = 0.12;
/** Vibration velocity, mm/s RMS, at design speed (ISO 20816-3: zone A ends at 2.3, C at 7.1): misalignment and roughness. */
const TWICE_MM_PER_S = 0.3;
const BROADBAND_MM_PER_S = 0.5;
/** A worn bearing: how much each part of the vibration grows as wear goes from 0 to 1. */
const WEAR_ONCE = 1.5;
const WEAR_TWICE = 11;
const WEAR_BROADBAND = 6;
const SURGE_MM_PER_S = 4;

export class Bearing {
  /** 0 is new, 1 worn out. */
  wear = 0;
  temperatureC: number;
  /** Velocity in mm/s RMS at once and twice the speed, and of all together. */
  onceMmPerS = 0;
  twiceMmPerS = 0;
  vibrationMmPerS = 0;
  readonly #heat: Lag;
  readonly #unbalance: number;

  /** `unbalance` is what remains after balancing, mm/s at high speed. */
  constructor(unbalance: number, temperatureC: number) {
    this.#unbalance = unbalance;
    this.#heat = new Lag(HEAT_TIME_S, temperatureC);
    this.temperatureC = temperatureC;
  }

  step(stepS: number, speed: number, load: number, oilC: number, isSurging: boolean): void {
    const target = oilC + HEATING_K * frictionOf(speed, load) * (1 + WEAR_HEATING * this.wear);
    this.temperatureC = this.#heat.follow(target, stepS);
    const squared = speed * speed;
    this.onceMmPerS = this.#unbalance * amplification(speed) * (1 + WEAR_ONCE * this.wear);
    this.twiceMmPerS = TWICE_MM_PER_S * squared * (1 + WEAR_TWICE * this.wear * this.wear);
    const rough = BROADBAND_MM_PER_S * squared * (1 + WEAR_BROADBAND * this.wear) + (isSurging ? SURGE_MM_PER_S : 0);
    this.vibrationMmPerS = Math.sqrt(this.onceMmPerS ** 2 + this.twiceMmPerS ** 2 + rough * rough);
  }
}

function frictionOf(speed: number, load: number): number {
  return speed === 0 ? 0 : speed ** SPEED_EXPONENT * (IDLE_SHARE + (1 - IDLE_SHARE) * load);
}

/** Response of a rotor of one mass to its unbalance (Jeffcott, 1919). */
function amplification(speed: number): number {
  const ratio = speed / CRITICAL_SPEED;
  const squared = ratio * ratio;
  const detuning = 1 - squared;
  const damped = 2 * DAMPING * ratio;
  return squared / Math.sqrt(detuning * detuning + damped * damped);
}
