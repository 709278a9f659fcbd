/** The fuel gas skid: pressure let down from the suction header, and gas heated so that nothing freezes or condenses. */

import { Lag } from './lag.ts';

const SET_POINT_KPA = 2_400;
/** The regulator droops with flow; this much at the fuel of one train. */
const DROOP_KPA_PER_M3_PER_H = 0.02;
const HEATED_C = 32;
const FLOW_COOLING_K_PER_M3_PER_H = 0.0012;
const AIR_SHARE = 0.06;
const HEAT_TIME_S = 600;

export class FuelGas {
  flowM3PerH = 0;
  supplyKPa = SET_POINT_KPA;
  supplyC: number;
  readonly #heat = new Lag(HEAT_TIME_S, HEATED_C);

  constructor() {
    this.supplyC = HEATED_C;
  }

  /** `flowM3PerH` at 15 Cel and 101.325 kPa. */
  step(stepS: number, flowM3PerH: number, ambientC: number): void {
    this.flowM3PerH = flowM3PerH;
    this.supplyKPa = SET_POINT_KPA - DROOP_KPA_PER_M3_PER_H * flowM3PerH;
    const target = HEATED_C - FLOW_COOLING_K_PER_M3_PER_H * flowM3PerH + AIR_SHARE * ambientC;
    this.supplyC = this.#heat.follow(target, stepS);
  }
}
