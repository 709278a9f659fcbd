/** One train: driver, compressor with its anti-surge valve, lube oil, seal gas and bearings, and what trips it. */

import { AntiSurge, CONTROL_MARGIN } from './antiSurge.ts';
import { Bearing } from './bearing.ts';
import { Compressor, type CompressorDuty, LEAST_SPEED } from './compressor.ts';
import { KELVIN } from './gas.ts';
import { GasTurbine } from './gasTurbine.ts';
import { Lag } from './lag.ts';
import { LubeOil } from './lubeOil.ts';
import type { Random } from './random.ts';
import { TrainSequence } from './trainSequence.ts';

/** The anti-surge loop is followed in steps no longer than this where it is at work. */
const FINE_STEP_S = 10;
const CALM_MARGIN = CONTROL_MARGIN + 0.04;
const CALM_SPEED = 0.01;
const COUPLING_EFFICIENCY = 0.98;
/** Bearings and gears at design speed, kW. */
const FRICTION_KW = 60;
const RECYCLE_COOLER_C = 30;
const SUCTION_TIME_S = 45;
const AMBIENT_HOUSE_C = 18;
/** Trips, after API 670 and usual settings for machines of this size. */
const VIBRATION_TRIP_MM_PER_S = 11;
const BEARING_TRIP_C = 115;
const OIL_TRIP_KPA = 110;
const CONTROL_VOLTAGE_TRIP_V = 20;
const SURGE_TRIP_S = 20;
/** The dry gas seals: held dp, and flow through the labyrinths standing still and at speed. */
const SEAL_KPA = 120;
const SEAL_FLOW_M3_PER_H = 9;
const SEAL_SPEED_M3_PER_H = 4;

/** What the station gives all trains in one step; the station writes it anew for each. */
export interface TrainSupply {
  ambientC: number;
  suctionKPa: number;
  pipelineK: number;
  headerKPa: number;
  controlVoltageV: number;
  /** Share of the design speed. */
  speedDemand: number;
}

export class CompressorTrain {
  readonly sequence: TrainSequence;
  readonly turbine: GasTurbine;
  readonly compressor = new Compressor();
  readonly antiSurge: AntiSurge;
  readonly lubeOil: LubeOil;
  readonly driveEnd: Bearing;
  readonly nonDriveEnd: Bearing;
  suctionC: number;
  sealGasM3PerH = 0;
  sealGasKPa = 0;
  readonly #suction: Lag;
  #surgingS = 0;
  #isWatched = true;
  readonly #duty: CompressorDuty = { speed: 0, suctionKPa: 0, suctionK: 0, headerKPa: 0, recycleOpening: 0 };

  constructor(random: Random, isRunning: boolean, ambientC: number, pipelineK: number) {
    this.sequence = new TrainSequence(isRunning, 0.95);
    this.turbine = new GasTurbine(ambientC);
    this.antiSurge = new AntiSurge(isRunning ? 0 : 1);
    const oilC = isRunning ? 50 : 22;
    this.lubeOil = new LubeOil(oilC);
    this.driveEnd = new Bearing(0.7 + 0.3 * random.uniform(), isRunning ? 72 : oilC);
    this.nonDriveEnd = new Bearing(0.6 + 0.3 * random.uniform(), isRunning ? 70 : oilC);
    this.suctionC = pipelineK - KELVIN;
    this.#suction = new Lag(SUCTION_TIME_S, this.suctionC);
  }

  get isSurging(): boolean {
    return this.#isWatched && this.sequence.speed >= LEAST_SPEED && this.compressor.surgeMargin < 0;
  }

  /** `isWanted` by the schedule. */
  step(stepS: number, isWanted: boolean, supply: TrainSupply): void {
    const steps = this.#isCalm(isWanted, supply.speedDemand) ? 1 : Math.ceil(stepS / FINE_STEP_S);
    // What a long step overlooked is no surge: the next ones are fine, and the valve acts in them.
    this.#isWatched = stepS / steps <= FINE_STEP_S;
    for (let step = 0; step < steps; step++) this.#stepOnce(stepS / steps, isWanted, supply);
  }

  /** Running with the valve shut, well right of the control line, or standing still: nothing fast is going on. */
  #isCalm(isWanted: boolean, speedDemand: number): boolean {
    const { state, isTurning, speed } = this.sequence;
    if (state === 'running') {
      if (Math.abs(speedDemand - speed) > CALM_SPEED) return false;
      return isWanted && this.antiSurge.position < 1e-3 && this.compressor.surgeMargin > CALM_MARGIN;
    }
    return !isTurning && state !== 'starting' && !(state === 'stopped' && isWanted);
  }

  #stepOnce(stepS: number, isWanted: boolean, supply: TrainSupply): void {
    const { sequence, compressor, antiSurge, turbine, lubeOil } = this;
    sequence.step(stepS, isWanted, supply.speedDemand);
    const duty = this.#duty;
    duty.speed = sequence.speed;
    duty.suctionKPa = supply.suctionKPa;
    duty.suctionK = this.suctionC + KELVIN;
    duty.headerKPa = supply.headerKPa;
    duty.recycleOpening = antiSurge.position;
    compressor.balance(duty);
    antiSurge.step(stepS, compressor.surgeMargin, sequence.state === 'running');
    this.#mixSuction(stepS, supply.pipelineK);

    const shaftKW = compressor.gasPowerKW / COUPLING_EFFICIENCY + FRICTION_KW * sequence.speed ** 3;
    turbine.step(stepS, supply.ambientC, shaftKW, sequence.isLit);
    lubeOil.step(stepS, sequence.isTurning || sequence.state === 'starting', turbine.load, supply.ambientC);
    const oilC = lubeOil.isPumping ? lubeOil.supplyC : AMBIENT_HOUSE_C;
    this.driveEnd.step(stepS, sequence.speed, turbine.load, oilC, this.isSurging);
    this.nonDriveEnd.step(stepS, sequence.speed, 0.9 * turbine.load, oilC, this.isSurging);
    const pressurised = supply.suctionKPa / 4_500;
    this.sealGasKPa = SEAL_KPA * pressurised;
    this.sealGasM3PerH = (SEAL_FLOW_M3_PER_H + SEAL_SPEED_M3_PER_H * sequence.speed) * pressurised;
    this.#protect(stepS, supply.controlVoltageV);
  }

  /** Gas that has been through the recycle cooler comes back warmer than the pipeline's. */
  #mixSuction(stepS: number, pipelineK: number): void {
    const { throughKgPerS, recycleKgPerS } = this.compressor;
    const share = throughKgPerS > 0 ? Math.min(1, recycleKgPerS / throughKgPerS) : 0;
    const pipelineC = pipelineK - KELVIN;
    this.suctionC = this.#suction.follow(pipelineC + share * (RECYCLE_COOLER_C - pipelineC), stepS);
  }

  #protect(stepS: number, controlVoltageV: number): void {
    const { state, speed } = this.sequence;
    if (state === 'stopped' || state === 'tripped') return;
    this.#surgingS = this.isSurging && state === 'running' ? this.#surgingS + stepS : 0;
    const cause = this.#tripCause(speed, controlVoltageV);
    if (cause === undefined) return;
    this.#surgingS = 0;
    this.sequence.trip(cause);
  }

  #tripCause(speed: number, controlVoltageV: number): string | undefined {
    const { driveEnd, nonDriveEnd, lubeOil } = this;
    if (Math.max(driveEnd.vibrationMmPerS, nonDriveEnd.vibrationMmPerS) > VIBRATION_TRIP_MM_PER_S) return 'vibration';
    if (Math.max(driveEnd.temperatureC, nonDriveEnd.temperatureC) > BEARING_TRIP_C) return 'bearing temperature';
    if (speed > 0.4 && lubeOil.supplyKPa < OIL_TRIP_KPA) return 'lube oil pressure';
    if (controlVoltageV < CONTROL_VOLTAGE_TRIP_V) return 'control voltage';
    return this.#surgingS > SURGE_TRIP_S ? 'surge' : undefined;
  }
}
