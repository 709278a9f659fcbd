/** The substation: transformer and 480 V bus, the room, and the 24 V bus that both power supplies of the control system feed. */

import { hourOfDay } from './calendar.ts';
import { Lag } from './lag.ts';
import { PowerSupply } from './powerSupply.ts';
import type { Random } from './random.ts';

const RATED_KW = 500;
const NOMINAL_V = 480;
const REGULATION = 0.025;
const GRID_SWING = 0.008;
/** Lights, ventilation, cathodic protection; pumps and fans of each running train. */
const BASE_KW = 45;
const TRAIN_KW = 38;
/** Building heat: for each K below this. */
const HEATED_BELOW_C = 15;
const BUILDING_KW_PER_K = 0.9;
/** IEC 60076-7, 8.2: top oil over air and hot spot over oil at rated load, loss ratio, exponents, oil time constant. */
const OIL_RISE_K = 45;
const LOSS_RATIO = 6;
const OIL_EXPONENT = 0.8;
const WINDING_RISE_K = 20;
const WINDING_EXPONENT = 1.3;
const OIL_TIME_S = 3 * 3_600;
/** The room is heated; a cold day is felt in it all the same. */
const ROOM_C = 14;
const ROOM_AIR_SHARE = 0.35;
const ROOM_REFERENCE_C = -30;
const ROOM_TIME_S = 3_600;
/** 24 V: control system and solenoids, each running train, and heaters of instrument housings outside. */
const CONTROL_A = 20;
const TRAIN_A = 3.5;
const HEATERS_A = 15;
/** The housings: thermostat, and how they follow heater and air. */
const HOUSING_ON_C = 8;
const HOUSING_OFF_C = 16;
const HOUSING_RISE_K = 75;
const HOUSING_TIME_S = 4_200;

export class Substation {
  readonly supplies: readonly [PowerSupply, PowerSupply];
  loadKW = BASE_KW;
  acV = NOMINAL_V;
  oilC: number;
  windingC: number;
  /** Of the 24 V bus. */
  busV = 24;
  busLoadA = CONTROL_A;
  roomC = ROOM_C;
  readonly #oil: Lag;
  readonly #room: Lag;
  readonly #housing: Lag;
  #heatsHousings = true;

  constructor(randoms: readonly [Random, Random], ambientC: number) {
    this.supplies = [new PowerSupply(randoms[0], ROOM_C), new PowerSupply(randoms[1], ROOM_C)];
    this.#oil = new Lag(OIL_TIME_S, 15);
    this.oilC = this.windingC = ambientC + 15;
    this.#room = new Lag(ROOM_TIME_S, roomTarget(ambientC));
    this.#housing = new Lag(HOUSING_TIME_S, (HOUSING_ON_C + HOUSING_OFF_C) / 2);
  }

  step(timeS: number, stepS: number, ambientC: number, runningTrains: number, heaterKW: number): void {
    this.#transform(timeS, stepS, ambientC, runningTrains, heaterKW);
    this.roomC = this.#room.follow(roomTarget(ambientC), stepS);
    if (this.#housing.value < HOUSING_ON_C) this.#heatsHousings = true;
    else if (this.#housing.value > HOUSING_OFF_C) this.#heatsHousings = false;
    this.#housing.follow(ambientC + (this.#heatsHousings ? HOUSING_RISE_K : 0), stepS);
    this.busLoadA = CONTROL_A + TRAIN_A * runningTrains + (this.#heatsHousings ? HEATERS_A : 0);
    this.busV = this.#busVoltage();
    for (const supply of this.supplies) supply.step(timeS, stepS, this.roomC, this.busV);
  }

  #transform(timeS: number, stepS: number, ambientC: number, runningTrains: number, heaterKW: number): void {
    const buildingKW = BUILDING_KW_PER_K * Math.max(0, HEATED_BELOW_C - ambientC);
    this.loadKW = BASE_KW + TRAIN_KW * runningTrains + buildingKW + heaterKW;
    const share = this.loadKW / RATED_KW;
    const grid = 1 - GRID_SWING * Math.cos((2 * Math.PI * (hourOfDay(timeS) - 4)) / 24);
    this.acV = NOMINAL_V * grid * (1 - REGULATION * share);
    const oilRiseK = OIL_RISE_K * ((1 + LOSS_RATIO * share * share) / (1 + LOSS_RATIO)) ** OIL_EXPONENT;
    this.oilC = ambientC + this.#oil.follow(oilRiseK, stepS);
    this.windingC = this.oilC + WINDING_RISE_K * share ** WINDING_EXPONENT;
  }

  /** Where the currents of both supplies are the load; a supply whose joint is open gives none. */
  #busVoltage(): number {
    let conductance = 0;
    let shorted = 0;
    for (const supply of this.supplies) {
      if (supply.joint.isOpen) continue;
      conductance += 1 / supply.seriesOhm;
      shorted += supply.sourceV / supply.seriesOhm;
    }
    return conductance === 0 ? 0 : Math.max(0, (shorted - this.busLoadA) / conductance);
  }
}

function roomTarget(ambientC: number): number {
  return ROOM_C + ROOM_AIR_SHARE * (ambientC - ROOM_REFERENCE_C);
}
