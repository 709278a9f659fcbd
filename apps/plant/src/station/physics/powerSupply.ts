/** A 24 V power supply of the control system: a source with droop, its case, and the joint at its output. */

import { Lag } from './lag.ts';
import type { Random } from './random.ts';
import { SolderJoint } from './solderJoint.ts';

/** Two of them share the load by this droop, and by the cable and the isolating diode between terminal and bus. */
const DROOP_OHM = 0.01;
const CABLE_OHM = 0.03;
const SET_POINT_V = 24.2;
const LEAST_RESISTANCE_OHM = 1e-4;
/** Loss: with nothing on it, and for each ampere. */
const IDLE_LOSS_W = 8;
const LOSS_W_PER_A = 2.2;
const CASE_K_PER_W = 0.42;
const CASE_TIME_S = 1_200;

export class PowerSupply {
  readonly joint: SolderJoint;
  readonly sourceV: number;
  currentA = 0;
  /** Behind the joint, before the cable. */
  outputV = SET_POINT_V;
  caseC: number;
  readonly #case: Lag;

  /** No two are set exactly alike. */
  constructor(random: Random, roomC: number) {
    this.sourceV = SET_POINT_V + 0.01 * random.normal();
    this.caseC = roomC + 20;
    this.#case = new Lag(CASE_TIME_S, this.caseC);
    this.joint = new SolderJoint(random, this.caseC);
  }

  /** Between source and bus, ohm. */
  get seriesOhm(): number {
    return Math.max(LEAST_RESISTANCE_OHM, DROOP_OHM + CABLE_OHM + this.joint.resistanceOhm);
  }

  step(timeS: number, stepS: number, roomC: number, busV: number): void {
    this.currentA = this.joint.isOpen ? 0 : Math.max(0, (this.sourceV - busV) / this.seriesOhm);
    this.outputV = this.joint.isOpen ? 0 : busV + CABLE_OHM * this.currentA;
    const lossW = IDLE_LOSS_W + LOSS_W_PER_A * this.currentA;
    this.caseC = this.#case.follow(roomC + CASE_K_PER_W * lossW, stepS);
    this.joint.step(timeS, stepS, this.caseC, this.currentA);
  }
}
