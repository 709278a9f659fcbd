/** The solder joint at the output terminal of a power supply: fatigue by thermal cycles, and the resistance of the crack. */

import { KELVIN } from './gas.ts';
import { Lag } from './lag.ts';
import { Rainflow } from './rainflow.ts';
import type { Random } from './random.ts';

/**
 * Norris and Landzberg (IBM J. Res. Dev. 13, 1969), the Coffin-Manson law with time and temperature for tin-lead solder:
 * cycles to failure fall with the swing to the power of 1.9, rise with the cube root of the frequency, and fall with the
 * highest temperature as exp(1414 K / T).
 */
const SWING_EXPONENT = 1.9;
const FREQUENCY_EXPONENT = 1 / 3;
const ACTIVATION_K = 1_414;
/** Reference cycle, and how many of it a sound joint of this kind lives through. */
const REFERENCE_SWING_K = 100;
const REFERENCE_HIGHEST_K = 373;
const REFERENCE_PERIOD_S = 3_600;
const SOUND_LIFE_CYCLES = 20_000;
/** Of a sound joint; its material has the temperature coefficient of tin. */
const SOUND_RESISTANCE_OHM = 1.5e-3;
const TEMPERATURE_COEFFICIENT_PER_K = 4e-3;
const REFERENCE_C = 20;
/** The joint over the case: what its loss heats, and how fast. */
const JOINT_K_PER_W = 12;
const JOINT_TIME_S = 90;
/** The crack runs faster the less is left to carry the strain: cracked share of the section over damage. */
const CRACK_EXPONENT = 1.6;
/** Below this there is a trace of a crack, which no current feels. */
const LEAST_DAMAGE = 0.01;
/** Cold opens a crack: as it cools below this, the resistance of the cracked part grows up to so many times. */
const CLOSED_ABOVE_C = 45;
const OPENING_WIDTH_K = 6;
const COLD_FACTOR = 1.2;
/** Contact points that come and go: deviation of the logarithm of the crack's part, and how long one lasts. */
const FLICKER_DEVIATION = 0.5;
const FLICKER_TIME_S = 240;
/** No longer a contact. */
const OPEN_OHM = 0.25;

export class SolderJoint {
  /** 0 is sound; at 1 the joint is open for ever. */
  damage = 0;
  /** How many times as fast as a sound joint this one cracks: a void, a cold joint, a terminal that is pulled. */
  weakness = 1;
  temperatureC: number;
  resistanceOhm = SOUND_RESISTANCE_OHM;
  isOpen = false;
  readonly #random: Random;
  readonly #heat: Lag;
  readonly #cycles: Rainflow;
  #flicker = 0;

  constructor(random: Random, temperatureC: number) {
    this.#random = random;
    this.temperatureC = temperatureC;
    this.#heat = new Lag(JOINT_TIME_S, 0);
    this.#cycles = new Rainflow(temperatureC, (swingK, highestC, periodS) => {
      this.damage = Math.min(1, this.damage + this.weakness * soundDamage(swingK, highestC, periodS));
    });
  }

  step(timeS: number, stepS: number, caseC: number, currentA: number): void {
    const lossW = this.isOpen ? 0 : currentA * currentA * this.resistanceOhm;
    this.temperatureC = caseC + this.#heat.follow(JOINT_K_PER_W * lossW, stepS);
    this.#cycles.add(timeS, this.temperatureC);
    this.isOpen ||= this.damage >= 1;
    const share = Math.min(1, stepS / FLICKER_TIME_S);
    this.#flicker += FLICKER_DEVIATION * Math.sqrt(2 * share) * this.#random.normal() - this.#flicker * share;
    this.resistanceOhm = this.isOpen ? Number.POSITIVE_INFINITY : this.#resistance();
    if (this.resistanceOhm > OPEN_OHM) this.isOpen = true;
    if (this.isOpen) this.damage = 1;
  }

  /** As new. */
  replace(): void {
    this.damage = 0;
    this.weakness = 1;
    this.isOpen = false;
    this.resistanceOhm = SOUND_RESISTANCE_OHM;
  }

  #resistance(): number {
    const metal = SOUND_RESISTANCE_OHM * (1 + TEMPERATURE_COEFFICIENT_PER_K * (this.temperatureC - REFERENCE_C));
    if (this.damage < LEAST_DAMAGE) return metal;
    const cracked = this.damage ** CRACK_EXPONENT;
    const gape = COLD_FACTOR / (1 + Math.exp((this.temperatureC - CLOSED_ABOVE_C) / OPENING_WIDTH_K));
    const contact = (cracked / (1 - cracked)) * (1 + gape) * Math.exp(cracked * this.#flicker);
    return metal * (1 + contact);
  }
}

/** Damage that one cycle does to a sound joint, by Miner's rule. */
function soundDamage(swingK: number, highestC: number, periodS: number): number {
  const swing = (swingK / REFERENCE_SWING_K) ** SWING_EXPONENT;
  const slowness = (periodS / REFERENCE_PERIOD_S) ** FREQUENCY_EXPONENT;
  const heat = Math.exp(ACTIVATION_K * (1 / REFERENCE_HIGHEST_K - 1 / (highestC + KELVIN)));
  return (swing * slowness * heat) / SOUND_LIFE_CYCLES;
}
