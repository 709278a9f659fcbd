/** The driver: a two-shaft gas turbine in the class of 4.6 MW, whose power rises as the air grows cold. */

import { HEATING_VALUE_KJ_PER_KG, STANDARD_DENSITY_KG_PER_M3 } from './gas.ts';
import { Lag } from './lag.ts';

const ISO_POWER_KW = 4_600;
const ISO_C = 15;
/** Cold air is dense: power rises by 0.7 % for each K (API 616, site rating), up to a mechanical limit. */
const POWER_RISE_PER_K = 0.007;
const POWER_LIMIT_KW = 5_400;
/** Fuel over shaft power is a straight line (Willans): 30 % efficiency at 3.6 MW. */
const IDLE_FUEL_KW = 2_500;
const FUEL_PER_POWER = 2.6;
/** Exhaust temperature: at idle, its rise to full load, and its share of the air's temperature. */
const IDLE_EXHAUST_C = 330;
const LOAD_EXHAUST_K = 200;
const AIR_EXHAUST_SHARE = 0.6;
const LIT_TIME_S = 40;
const COOLING_TIME_S = 2_400;

export class GasTurbine {
  exhaustC: number;
  fuelM3PerH = 0;
  powerKW = 0;
  /** Share of the power that this air allows. */
  load = 0;
  readonly #lit: Lag;
  readonly #cooling: Lag;

  constructor(ambientC: number) {
    this.exhaustC = ambientC;
    this.#lit = new Lag(LIT_TIME_S, ambientC);
    this.#cooling = new Lag(COOLING_TIME_S, ambientC);
  }

  step(stepS: number, ambientC: number, shaftPowerKW: number, isLit: boolean): void {
    this.powerKW = isLit ? shaftPowerKW : 0;
    this.load = this.powerKW / availablePower(ambientC);
    const fuelKW = isLit ? IDLE_FUEL_KW + FUEL_PER_POWER * shaftPowerKW : 0;
    this.fuelM3PerH = (fuelKW / HEATING_VALUE_KJ_PER_KG / STANDARD_DENSITY_KG_PER_M3) * 3_600;
    if (isLit) {
      const target = IDLE_EXHAUST_C + LOAD_EXHAUST_K * this.load + AIR_EXHAUST_SHARE * (ambientC - ISO_C);
      this.exhaustC = this.#lit.follow(target, stepS);
      this.#cooling.value = this.exhaustC;
    } else {
      this.exhaustC = this.#cooling.follow(ambientC, stepS);
      this.#lit.value = this.exhaustC;
    }
  }
}

/** Shaft power in kW that the turbine can give in air of this temperature. */
function availablePower(ambientC: number): number {
  return Math.min(POWER_LIMIT_KW, ISO_POWER_KW * (1 + POWER_RISE_PER_K * (ISO_C - ambientC)));
}
