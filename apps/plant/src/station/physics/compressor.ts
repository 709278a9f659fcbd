/** A centrifugal compressor between its suction and the header: where on its map it stands, and what that costs. */

import { CHOKE_FLOW, DESIGN, polytropicEfficiency, reducedHead, SURGE_FLOW } from './compressorMap.ts';
import { gasDensity, polytropicExponent, temperatureRatio } from './gas.ts';

/** Discharge piping and cooler: kPa for (kg/s)^2. */
const DISCHARGE_RESISTANCE = 0.012;
/** Below this the check valve opens gradually, which keeps the balance smooth. */
const CHECK_VALVE_KPA = 2;
/** Recycle line with its valve wide open, kg/s for each kPa of sqrt(P2^2 - P1^2). */
const RECYCLE_CONDUCTANCE = 0.018;
const LEAST_FLOW = 0.02;
const BALANCE_KG_PER_S = 5e-3;
const MAX_SECANT_STEPS = 8;
const BISECTIONS = 30;
/** Of the surplus over the reduced flow, kg/s. */
const LEAST_SLOPE = 20;
const USUAL_SLOPE = 150;

/** What surrounds the machine in this moment; its owner writes it anew for each. */
export interface CompressorDuty {
  /** Share of the design speed. */
  speed: number;
  suctionKPa: number;
  suctionK: number;
  headerKPa: number;
  /** Of the anti-surge valve, 0 to 1. */
  recycleOpening: number;
}

/** Below this share of the design speed a machine makes no head worth speaking of. */
export const LEAST_SPEED = 0.15;

export class Compressor {
  /** Shares of efficiency and head that fouling has taken. */
  efficiencyLoss = 0;
  headLoss = 0;

  /** Reduced flow. */
  phi = 0;
  flowM3PerS = 0;
  throughKgPerS = 0;
  forwardKgPerS = 0;
  recycleKgPerS = 0;
  headKJPerKg = 0;
  efficiency: number = DESIGN.efficiency;
  dischargeKPa = 0;
  dischargeK = 0;
  gasPowerKW = 0;
  #slope = USUAL_SLOPE;

  /** How far right of the surge line, as a share of the flow there; below 0 it surges. */
  get surgeMargin(): number {
    return this.phi / SURGE_FLOW - 1;
  }

  /** Finds the flow at which what the map delivers is what header and recycle line take. */
  balance(duty: CompressorDuty): void {
    if (duty.speed < LEAST_SPEED) this.#stand(duty);
    else if (!this.#balanceBySecant(duty)) this.#balanceByBisection(duty);
  }

  #stand({ suctionKPa, suctionK }: CompressorDuty): void {
    this.phi = 0;
    this.flowM3PerS = this.throughKgPerS = this.forwardKgPerS = this.recycleKgPerS = 0;
    this.headKJPerKg = this.gasPowerKW = 0;
    this.dischargeKPa = suctionKPa;
    this.dischargeK = suctionK;
  }

  /** The surplus rises with the flow, so that there is exactly one; mostly it is close to the one before. */
  #balanceBySecant(duty: CompressorDuty): boolean {
    let phi = Math.max(LEAST_FLOW, this.phi);
    let surplus = this.#take(phi, duty);
    for (let step = 0; step < MAX_SECANT_STEPS; step++) {
      if (Math.abs(surplus) < BALANCE_KG_PER_S) return true;
      const next = Math.max(LEAST_FLOW, Math.min(CHOKE_FLOW, phi - surplus / this.#slope));
      if (next === phi) return true;
      const then = this.#take(next, duty);
      this.#slope = Math.max(LEAST_SLOPE, (then - surplus) / (next - phi));
      phi = next;
      surplus = then;
    }
    return false;
  }

  /** Where the check valve makes the surplus too crooked for a secant. */
  #balanceByBisection(duty: CompressorDuty): void {
    let low = LEAST_FLOW;
    let high = CHOKE_FLOW;
    for (let step = 0; step < BISECTIONS; step++) {
      const middle = (low + high) / 2;
      if (this.#take(middle, duty) > 0) high = middle;
      else low = middle;
    }
  }

  /** Sets the state at a reduced flow; gives what comes out of the map and goes nowhere, kg/s. */
  #take(phi: number, duty: CompressorDuty): number {
    const { speed, suctionKPa, suctionK, headerKPa, recycleOpening } = duty;
    this.phi = phi;
    this.flowM3PerS = phi * DESIGN.flowM3PerS * speed;
    this.throughKgPerS = this.flowM3PerS * gasDensity(suctionKPa, suctionK);
    this.headKJPerKg = reducedHead(phi) * DESIGN.headKJPerKg * speed * speed * (1 - this.headLoss);
    this.efficiency = polytropicEfficiency(phi) * (1 - this.efficiencyLoss);
    const exponent = polytropicExponent(this.efficiency);
    const heating = temperatureRatio(this.headKJPerKg, suctionK, exponent);
    this.dischargeK = suctionK * heating;
    this.dischargeKPa = suctionKPa * heating ** (1 / exponent);
    this.gasPowerKW = (this.throughKgPerS * this.headKJPerKg) / this.efficiency;
    const squares = this.dischargeKPa * this.dischargeKPa - suctionKPa * suctionKPa;
    this.recycleKgPerS = RECYCLE_CONDUCTANCE * recycleOpening * Math.sqrt(Math.max(0, squares));
    const excessKPa = this.dischargeKPa - headerKPa;
    this.forwardKgPerS =
      excessKPa > 0 ? excessKPa / Math.sqrt(DISCHARGE_RESISTANCE * (excessKPa + CHECK_VALVE_KPA)) : 0;
    return this.throughKgPerS - this.recycleKgPerS - this.forwardKgPerS;
  }
}
