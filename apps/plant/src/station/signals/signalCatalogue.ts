/** Every signal that the station shows: its path below the site, its unit and range, its sensor, and the truth behind it. */

import { DESIGN } from '../physics/compressorMap.ts';
import { KELVIN } from '../physics/gas.ts';
import { type Station, TRAIN_COUNT } from '../physics/station.ts';
import { TRAIN_STATES } from '../physics/trainSequence.ts';
import type { SensorRange } from './sensor.ts';

/** `state` counts through `TRAIN_STATES`, `boolean` is 0 or 1. */
type SignalKind = 'number' | 'boolean' | 'state';

export interface Signal extends SensorRange {
  /** Below `SITE`: `compression/train-1/driver/speed`. */
  readonly path: string;
  readonly kind: SignalKind;
  /** UCUM code. */
  readonly unit: string;
  readonly description: string;
  readonly truth: (station: Station) => number;
}

/** Enterprise and site of ISA-95 under which the tags of the station stand. */
export const SITE = 'acme/north';
const CELSIUS = 'Cel';
const PERCENT = 100;

type Row = readonly [
  name: string,
  unit: string,
  low: number,
  high: number,
  noise: number,
  resolution: number,
  description: string,
];

function quantity(base: string, row: Row, truth: (station: Station) => number): Signal {
  const [name, unit, low, high, noise, resolution, description] = row;
  return { path: `${base}/${name}`, kind: 'number', unit, low, high, noise, resolution, description, truth };
}

function discrete(path: string, kind: SignalKind, high: number, description: string, truth: Signal['truth']): Signal {
  return { path, kind, unit: '', low: 0, high, noise: 0, resolution: 0, description, truth };
}

function driverSignals(base: string, index: number): Signal[] {
  const train = (station: Station) => station.trains[index];
  return [
    quantity(
      base,
      ['driver/speed', '/min', 0, 14_000, 4, 1, 'Speed of the power turbine'],
      (station) => train(station).sequence.speed * DESIGN.speedRpm,
    ),
    quantity(base, ['driver/power', 'kW', 0, 6_000, 12, 1, 'Shaft power'], (station) => train(station).turbine.powerKW),
    quantity(
      base,
      ['driver/exhaust-temperature', CELSIUS, -60, 650, 0.8, 0.1, 'Exhaust gas'],
      (station) => train(station).turbine.exhaustC,
    ),
    discrete(`${base}/driver/running`, 'boolean', 1, 'The gas turbine is lit', (station) =>
      Number(train(station).sequence.isLit),
    ),
    discrete(`${base}/state`, 'state', TRAIN_STATES.length - 1, 'State of the unit control', (station) =>
      TRAIN_STATES.indexOf(train(station).sequence.state),
    ),
  ];
}

function compressorSignals(base: string, index: number): Signal[] {
  const train = (station: Station) => station.trains[index];
  return [
    quantity(
      base,
      ['compressor/suction-pressure', 'kPa', 0, 10_000, 2, 0.5, 'Suction'],
      (station) => station.pipeline.suctionKPa,
    ),
    quantity(
      base,
      ['compressor/suction-temperature', CELSIUS, -50, 100, 0.04, 0.01, 'Suction'],
      (station) => train(station).suctionC,
    ),
    quantity(
      base,
      ['compressor/discharge-pressure', 'kPa', 0, 12_000, 2, 0.5, 'Discharge'],
      (station) => train(station).compressor.dischargeKPa,
    ),
    quantity(
      base,
      ['compressor/discharge-temperature', CELSIUS, -50, 200, 0.06, 0.01, 'Discharge'],
      (station) => train(station).compressor.dischargeK - KELVIN,
    ),
    quantity(
      base,
      ['compressor/flow', 'm3/h', 0, 12_000, 20, 1, 'Flow at suction conditions'],
      (station) => train(station).compressor.flowM3PerS * 3_600,
    ),
    quantity(
      base,
      ['compressor/anti-surge-valve', '%', 0, 100, 0.1, 0.05, 'Position of the anti-surge valve'],
      (station) => train(station).antiSurge.position * PERCENT,
    ),
    quantity(
      base,
      ['compressor/anti-surge-demand', '%', 0, 100, 0, 0.05, 'What its controller asks for'],
      (station) => train(station).antiSurge.demand * PERCENT,
    ),
  ];
}

function auxiliarySignals(base: string, index: number): Signal[] {
  const oil = (station: Station) => station.trains[index].lubeOil;
  const seal = (station: Station) => station.trains[index];
  return [
    quantity(
      base,
      ['lube-oil/supply-pressure', 'kPa', 0, 600, 0.8, 0.1, 'Oil header'],
      (station) => oil(station).supplyKPa,
    ),
    quantity(
      base,
      ['lube-oil/supply-temperature', CELSIUS, -50, 150, 0.1, 0.1, 'Oil behind the cooler'],
      (station) => oil(station).supplyC,
    ),
    quantity(
      base,
      ['lube-oil/filter-differential-pressure', 'kPa', 0, 500, 0.5, 0.1, 'Over the filter'],
      (station) => oil(station).filterKPa,
    ),
    quantity(
      base,
      ['seal-gas/flow', 'm3/h', 0, 50, 0.1, 0.01, 'To both dry gas seals'],
      (station) => seal(station).sealGasM3PerH,
    ),
    quantity(
      base,
      ['seal-gas/differential-pressure', 'kPa', 0, 400, 0.6, 0.1, 'Seal gas over balance line'],
      (station) => seal(station).sealGasKPa,
    ),
  ];
}

function bearingSignals(base: string, index: number, end: 'drive-end' | 'non-drive-end'): Signal[] {
  const bearing = (station: Station) => station.trains[index][end === 'drive-end' ? 'driveEnd' : 'nonDriveEnd'];
  return [
    quantity(
      base,
      [`bearings/${end}-vibration`, 'mm/s', 0, 25, 0.03, 0.005, 'Velocity, RMS, 10 to 1000 Hz'],
      (station) => bearing(station).vibrationMmPerS,
    ),
    quantity(
      base,
      [`bearings/${end}-vibration-1x`, 'mm/s', 0, 25, 0.02, 0.005, 'Velocity, RMS, at the speed'],
      (station) => bearing(station).onceMmPerS,
    ),
    quantity(
      base,
      [`bearings/${end}-vibration-2x`, 'mm/s', 0, 25, 0.015, 0.005, 'Velocity, RMS, at twice the speed'],
      (station) => bearing(station).twiceMmPerS,
    ),
    quantity(
      base,
      [`bearings/${end}-temperature`, CELSIUS, -50, 200, 0.1, 0.1, 'Metal of the pad'],
      (station) => bearing(station).temperatureC,
    ),
  ];
}

function supplySignals(base: string, index: 0 | 1): Signal[] {
  const supply = (station: Station) => station.substation.supplies[index];
  const name = `power-supply-${index + 1}`;
  return [
    quantity(
      base,
      [`${name}/output-voltage`, 'V', 0, 30, 0.004, 0.002, 'Behind the output terminal'],
      (station) => supply(station).outputV,
    ),
    quantity(
      base,
      [`${name}/output-current`, 'A', 0, 60, 0.05, 0.01, 'To the 24 V bus'],
      (station) => supply(station).currentA,
    ),
    quantity(
      base,
      [`${name}/case-temperature`, CELSIUS, -60, 120, 0.1, 0.05, 'Case'],
      (station) => supply(station).caseC,
    ),
    quantity(
      base,
      [`${name}/joint-temperature`, CELSIUS, -60, 200, 0.15, 0.05, 'Output terminal, at the solder joint'],
      (station) => supply(station).joint.temperatureC,
    ),
  ];
}

function substationSignals(): Signal[] {
  const base = 'utilities/substation';
  return [
    ...supplySignals(base, 0),
    ...supplySignals(base, 1),
    quantity(
      base,
      ['bus-voltage', 'V', 0, 30, 0.004, 0.002, '24 V bus of the control system'],
      (station) => station.substation.busV,
    ),
    quantity(
      base,
      ['load', 'kW', 0, 800, 0.6, 0.1, 'Active power of the 480 V bus'],
      (station) => station.substation.loadKW,
    ),
    quantity(
      base,
      ['ac-voltage', 'V', 0, 600, 0.4, 0.1, '480 V bus, line to line'],
      (station) => station.substation.acV,
    ),
    quantity(
      base,
      ['transformer/oil-temperature', CELSIUS, -60, 140, 0.2, 0.1, 'Top oil'],
      (station) => station.substation.oilC,
    ),
    quantity(
      base,
      ['transformer/winding-temperature', CELSIUS, -60, 180, 0.2, 0.1, 'Hot spot'],
      (station) => station.substation.windingC,
    ),
  ];
}

function utilitySignals(): Signal[] {
  return [
    quantity(
      'utilities',
      ['fuel-gas/supply-pressure', 'kPa', 0, 4_000, 1.5, 0.5, 'Behind the regulator'],
      (station) => station.fuelGas.supplyKPa,
    ),
    quantity(
      'utilities',
      ['fuel-gas/supply-temperature', CELSIUS, -50, 100, 0.1, 0.1, 'Behind the heater'],
      (station) => station.fuelGas.supplyC,
    ),
    quantity(
      'utilities',
      ['fuel-gas/flow', 'm3/h', 0, 8_000, 6, 1, 'Of all trains, at 15 Cel and 101.325 kPa'],
      (station) => station.fuelGas.flowM3PerH,
    ),
    quantity(
      'utilities',
      ['heat-trace/supply-temperature', CELSIUS, -50, 120, 0.1, 0.1, 'Glycol to the lines'],
      (station) => station.heatTrace.supplyC,
    ),
    quantity(
      'utilities',
      ['heat-trace/return-temperature', CELSIUS, -50, 120, 0.1, 0.1, 'Glycol from the lines'],
      (station) => station.heatTrace.returnC,
    ),
    quantity(
      'utilities',
      ['heat-trace/heater-power', 'kW', 0, 200, 0.3, 0.1, 'Electric heater'],
      (station) => station.heatTrace.heaterKW,
    ),
    quantity(
      'utilities',
      ['heat-trace/duty', '%', 0, 100, 0, 0.1, 'Heater on, share of the last hour'],
      (station) => station.heatTrace.duty * PERCENT,
    ),
    discrete('utilities/heat-trace/heating', 'boolean', 1, 'The thermostat has the heater on', (station) =>
      Number(station.heatTrace.isHeating),
    ),
  ];
}

function trainSignals(index: number): Signal[] {
  const base = `compression/train-${index + 1}`;
  return [
    ...driverSignals(base, index),
    ...compressorSignals(base, index),
    ...auxiliarySignals(base, index),
    ...bearingSignals(base, index, 'drive-end'),
    ...bearingSignals(base, index, 'non-drive-end'),
  ];
}

/** In the order in which the devices of the station hold them. */
export const SIGNALS: readonly Signal[] = [
  ...Array.from({ length: TRAIN_COUNT }, (_, index) => trainSignals(index)).flat(),
  ...utilitySignals(),
  ...substationSignals(),
  quantity(
    'weather',
    ['ambient-temperature', CELSIUS, -60, 50, 0.05, 0.1, 'Air in the shade'],
    (station) => station.weather.ambientC,
  ),
];
