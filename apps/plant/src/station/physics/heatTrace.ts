/** The glycol loop that keeps instrument lines and valves warm: an electric heater that a thermostat switches. */

import { Lag } from './lag.ts';

const HEATER_KW = 150;
const SET_POINT_C = 60;
const HYSTERESIS_K = 3;
const LOSS_KW_PER_K = 1;
const CAPACITY_KJ_PER_K = 14_000;
/** What the pump moves times its heat capacity (50 % ethylene glycol, 3.3 kJ/(kg K)), kW/K. */
const CIRCULATION_KW_PER_K = 8;
const DUTY_TIME_S = 3_600;
const USUAL_DUTY = 0.6;

export class HeatTrace {
  supplyC = SET_POINT_C;
  returnC = SET_POINT_C;
  isHeating = false;
  heaterKW = 0;
  /** Share of the last hour or so in which the heater was on. */
  duty = USUAL_DUTY;
  readonly #duty = new Lag(DUTY_TIME_S, USUAL_DUTY);

  step(stepS: number, ambientC: number): void {
    if (this.supplyC < SET_POINT_C - HYSTERESIS_K) this.isHeating = true;
    else if (this.supplyC > SET_POINT_C + HYSTERESIS_K) this.isHeating = false;
    this.heaterKW = this.isHeating ? HEATER_KW : 0;
    const lostKW = LOSS_KW_PER_K * (this.supplyC - ambientC);
    this.supplyC += ((this.heaterKW - lostKW) * stepS) / CAPACITY_KJ_PER_K;
    this.returnC = this.supplyC - lostKW / CIRCULATION_KW_PER_K;
    this.duty = this.#duty.follow(this.isHeating ? 1 : 0, stepS);
  }
}
