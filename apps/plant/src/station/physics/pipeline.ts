/** The two pipelines that the station stands between: gas that is packed in them, supply at one end, demand at the other. */

import { hourOfDay, hourOfWeek } from './calendar.ts';
import { KELVIN, ZR_KJ_PER_KG_K } from './gas.ts';
import type { Random } from './random.ts';

const GAS_K = 5 + KELVIN;
/** Some 60 km of 36 inch pipe on either side: its gas swings by hundreds of kPa in a day. */
const LINE_PACK_M3 = 38_000;
const KPA_PER_KG = (ZR_KJ_PER_KG_K * GAS_K) / LINE_PACK_M3;
/** What comes in from the next station upstream, kg/s for each kPa of sqrt(P1^2 - P2^2) (general flow equation). */
const SUPPLY_CONDUCTANCE = 0.0535;
const SUPPLY_KPA = 5_300;
const SUPPLY_SWING_KPA = 60;
/** What the customers take from the far end, at the delivery pressure and the design pressure of the header. */
const DELIVERY_KPA = 5_000;
export const HEADER_SET_POINT_KPA = 6_500;
const DELIVERY_DROP = Math.sqrt(HEADER_SET_POINT_KPA ** 2 - DELIVERY_KPA ** 2);
const WEEKDAY_KG_PER_S = 162;
const WEEKEND_KG_PER_S = 118;
/** Nominations change at the beginning and the end of the working week, over three hours. */
const WEEK_BEGINS_H = 6;
const WEEK_ENDS_H = 4 * 24 + 18;
const NOMINATION_RAMP_H = 3;
const DAY_SWING = 0.08;
/** People heat: more is taken on a cold day. */
const COLD_SHARE_PER_K = 0.002;
const REFERENCE_C = -30;
const NOISE = 0.012;
const NOISE_TIME_S = 1_800;

export class Pipeline {
  suctionKPa = 4_550;
  headerKPa = HEADER_SET_POINT_KPA;
  /** Of the gas in the ground. */
  readonly temperatureK = GAS_K;
  demandKgPerS = 0;
  readonly #random: Random;
  #noise = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  /** `forwardKgPerS` is what the compressors take from the one and give to the other. */
  step(timeS: number, stepS: number, ambientC: number, forwardKgPerS: number): void {
    const share = Math.min(1, stepS / NOISE_TIME_S);
    this.#noise += NOISE * Math.sqrt(2 * share) * this.#random.normal() - this.#noise * share;
    this.demandKgPerS = demand(timeS, ambientC) * (1 + this.#noise);
    const dayPhase = (2 * Math.PI * (hourOfDay(timeS) - 4)) / 24;
    const supplyKPa = SUPPLY_KPA + SUPPLY_SWING_KPA * Math.cos(dayPhase);
    const supply = SUPPLY_CONDUCTANCE * drop(supplyKPa, this.suctionKPa);
    const delivered = (this.demandKgPerS * drop(this.headerKPa, DELIVERY_KPA)) / DELIVERY_DROP;
    this.suctionKPa += KPA_PER_KG * (supply - forwardKgPerS) * stepS;
    this.headerKPa += KPA_PER_KG * (forwardKgPerS - delivered) * stepS;
  }
}

function drop(fromKPa: number, toKPa: number): number {
  return fromKPa > toKPa ? Math.sqrt(fromKPa * fromKPa - toKPa * toKPa) : 0;
}

function demand(timeS: number, ambientC: number): number {
  const hour = hourOfWeek(timeS);
  const rise = (hour - WEEK_BEGINS_H) / NOMINATION_RAMP_H;
  const fall = (WEEK_ENDS_H + NOMINATION_RAMP_H - hour) / NOMINATION_RAMP_H;
  const working = Math.max(0, Math.min(1, rise, fall));
  const nominated = WEEKEND_KG_PER_S + (WEEKDAY_KG_PER_S - WEEKEND_KG_PER_S) * working;
  const swing = 1 + DAY_SWING * Math.cos((2 * Math.PI * (hour - 18)) / 24);
  return nominated * swing * (1 + COLD_SHARE_PER_K * (REFERENCE_C - ambientC));
}
