/** The lube oil of one train: pump, filter, cooler with its thermostatic valve, and the heater of the tank. */

import { Lag } from './lag.ts';

const CONTROLLED_C = 50;
/** The cooler keeps up less well under load and in warm air. */
const LOAD_RISE_K = 3;
const AIR_SHARE = 0.04;
const REFERENCE_C = -30;
/** The heater keeps a standing tank ready. */
const STANDBY_C = 22;
const RUNNING_TIME_S = 900;
const STANDING_TIME_S = 4 * 3_600;
/** Viscosity of ISO VG 32 falls by about a third for each 10 K. */
const VISCOSITY_FALL_PER_K = 0.035;
const CLEAN_FILTER_KPA = 55;
const MOST_FILTER_KPA = 500;
/** The back-pressure valve holds this as long as the filter leaves the pump enough. */
const CONTROLLED_KPA = 250;
const FILTER_RESERVE_KPA = 110;
const LOSS_SHARE = 0.5;
const PRESSURE_TIME_S = 8;
/** Oil goes on flowing over hot bearings. */
const POST_LUBE_S = 3_600;

export class LubeOil {
  /** Share of the filter's area that is blocked. */
  clogging = 0;
  supplyC: number;
  supplyKPa = 0;
  filterKPa = 0;
  isPumping = false;
  readonly #running: Lag;
  readonly #standing: Lag;
  readonly #pressure = new Lag(PRESSURE_TIME_S, 0);
  #standingS = POST_LUBE_S;

  constructor(supplyC = STANDBY_C) {
    this.supplyC = supplyC;
    this.#running = new Lag(RUNNING_TIME_S, supplyC);
    this.#standing = new Lag(STANDING_TIME_S, supplyC);
  }

  /** `isNeeded` from the beginning of a start until the rotor stands still. */
  step(stepS: number, isNeeded: boolean, load: number, ambientC: number): void {
    this.#standingS = isNeeded ? 0 : this.#standingS + stepS;
    this.isPumping = this.#standingS < POST_LUBE_S;
    if (isNeeded) {
      const target = CONTROLLED_C + LOAD_RISE_K * load + AIR_SHARE * (ambientC - REFERENCE_C);
      this.supplyC = this.#running.follow(target, stepS);
      this.#standing.value = this.supplyC;
    } else {
      this.supplyC = this.#standing.follow(STANDBY_C, stepS);
      this.#running.value = this.supplyC;
    }
    const viscosity = Math.exp(-VISCOSITY_FALL_PER_K * (this.supplyC - CONTROLLED_C));
    const open = 1 - Math.min(0.99, this.clogging);
    this.filterKPa = this.isPumping ? Math.min(MOST_FILTER_KPA, (CLEAN_FILTER_KPA * viscosity) / (open * open)) : 0;
    const short = LOSS_SHARE * Math.max(0, this.filterKPa - FILTER_RESERVE_KPA);
    this.supplyKPa = this.#pressure.follow(this.isPumping ? CONTROLLED_KPA - short : 0, stepS);
  }
}
