/** The whole compressor station in fixed steps: weather, pipelines, three trains, utilities; all of one seed. */

import { hourOfWeek } from './calendar.ts';
import { CompressorTrain, type TrainSupply } from './compressorTrain.ts';
import { FuelGas } from './fuelGas.ts';
import { HeatTrace } from './heatTrace.ts';
import { HEADER_SET_POINT_KPA, Pipeline } from './pipeline.ts';
import { Random } from './random.ts';
import { Substation } from './substation.ts';
import { Weather } from './weather.ts';

/** Station control: the header pressure is held by the speed of all trains that run. */
const LEAST_SPEED = 0.8;
const MOST_SPEED = 1.05;
const GAIN_PER_KPA = 4e-4;
const INTEGRAL_TIME_S = 5_400;
const FIRST_SPEED = 0.93;
/** The third train runs in the working week only: from Monday 07:30 to Friday 19:30. */
const THIRD_BEGINS_H = 7.5;
const THIRD_ENDS_H = 4 * 24 + 19.5;
export const TRAIN_COUNT = 3;

export class Station {
  readonly weather: Weather;
  readonly pipeline: Pipeline;
  readonly trains: readonly CompressorTrain[];
  readonly heatTrace = new HeatTrace();
  readonly fuelGas = new FuelGas();
  readonly substation: Substation;
  /** Seconds since 1970 UTC. */
  timeS: number;
  /** Share of the design speed that the station asks of its trains. */
  speedDemand = FIRST_SPEED;
  #integral = FIRST_SPEED;
  readonly #supply: TrainSupply;

  constructor(seed: number, timeS: number) {
    this.timeS = timeS;
    this.weather = new Weather(new Random(seed, 'weather'), timeS);
    this.pipeline = new Pipeline(new Random(seed, 'pipeline'));
    const { ambientC } = this.weather;
    this.trains = Array.from({ length: TRAIN_COUNT }, (_, index) => {
      const random = new Random(seed, `train-${index + 1}`);
      return new CompressorTrain(random, isScheduled(index, timeS), ambientC, this.pipeline.temperatureK);
    });
    this.#supply = {
      ambientC,
      suctionKPa: this.pipeline.suctionKPa,
      pipelineK: this.pipeline.temperatureK,
      headerKPa: this.pipeline.headerKPa,
      controlVoltageV: 24,
      speedDemand: FIRST_SPEED,
    };
    this.substation = new Substation(
      [new Random(seed, 'power-supply-1'), new Random(seed, 'power-supply-2')],
      ambientC,
    );
  }

  step(stepS: number): void {
    this.timeS += stepS;
    const { weather, pipeline, substation } = this;
    weather.step(this.timeS, stepS);
    this.#control(stepS);
    const supply = this.#supply;
    supply.ambientC = weather.ambientC;
    supply.suctionKPa = pipeline.suctionKPa;
    supply.headerKPa = pipeline.headerKPa;
    supply.controlVoltageV = substation.busV;
    supply.speedDemand = this.speedDemand;
    let forward = 0;
    let fuelM3PerH = 0;
    let running = 0;
    for (let index = 0; index < this.trains.length; index++) {
      const train = this.trains[index];
      train.step(stepS, isScheduled(index, this.timeS), supply);
      forward += train.compressor.forwardKgPerS;
      fuelM3PerH += train.turbine.fuelM3PerH;
      if (train.sequence.isTurning) running++;
    }
    pipeline.step(this.timeS, stepS, weather.ambientC, forward);
    this.heatTrace.step(stepS, weather.ambientC);
    this.fuelGas.step(stepS, fuelM3PerH, weather.ambientC);
    substation.step(this.timeS, stepS, weather.ambientC, running, this.heatTrace.heaterKW);
  }

  #control(stepS: number): void {
    const errorKPa = HEADER_SET_POINT_KPA - this.pipeline.headerKPa;
    const integral = this.#integral + (GAIN_PER_KPA * errorKPa * stepS) / INTEGRAL_TIME_S;
    this.#integral = Math.max(LEAST_SPEED, Math.min(MOST_SPEED, integral));
    const demand = this.#integral + GAIN_PER_KPA * errorKPa;
    this.speedDemand = Math.max(LEAST_SPEED, Math.min(MOST_SPEED, demand));
  }
}

function isScheduled(train: number, timeS: number): boolean {
  if (train < 2) return true;
  const hour = hourOfWeek(timeS);
  return hour >= THIRD_BEGINS_H && hour < THIRD_ENDS_H;
}
