/** What reading asks of devices and lines while all is well, and how much of it their budgets allow. */

import { systemClock } from '@tidegate/core/clock/clock.ts';
import type { ScanGroup } from '../driver.ts';
import { Readings } from '../readings.ts';
import type { RequestLimits } from '../scan/requestBudget.ts';
import { byteMsOf, type DeviceConfig, type LineConfig, prepareReader } from './line.ts';

export interface RequestLoad {
  readonly name: string;
  readonly requestsPerSecond: number;
  /** The most that the limits allow, by `maxRequestsPerSecond` or by `minRequestPauseMs`; infinity where they do not say. */
  readonly allowedPerSecond: number;
}

export interface DeviceLoad extends RequestLoad {
  readonly readingsPerSecond: number;
}

export interface LineLoad extends RequestLoad {
  readonly devices: readonly DeviceLoad[];
  /** Of the time of a serial line; `undefined` on a network, and where the driver cannot tell. */
  readonly busShare: number | undefined;
  readonly allowedBusShare: number;
}

const MS_PER_SECOND = 1_000;

/** Plans the reading of the devices of a line and reads nothing. */
export function readLoadOf(config: LineConfig): LineLoad {
  const ports = { clock: systemClock, events: () => {}, readings: new Readings({ write: () => {} }) };
  const reader = prepareReader(config, ports);
  const devices = config.devices.map((device, index) => deviceLoadOf(device, reader.devices[index].groups));
  const bytesPerSecond = sumOf(
    config.devices.map((device, index) => perSecond(device, reader.devices[index].groups, bytesOf)),
  );
  const busShare = (bytesPerSecond * byteMsOf(config.medium)) / MS_PER_SECOND;
  return {
    name: config.name,
    devices,
    requestsPerSecond: sumOf(devices.map(({ requestsPerSecond }) => requestsPerSecond)),
    allowedPerSecond: allowedBy(config.limits),
    busShare: config.medium.kind === 'serial' && !Number.isNaN(busShare) ? busShare : undefined,
    allowedBusShare: config.limits.maxBusShare ?? 1,
  };
}

function deviceLoadOf(device: DeviceConfig, groups: readonly ScanGroup[]): DeviceLoad {
  const { name, limits, scanClasses, points } = device;
  const readings = points.map(({ scanClass }) => MS_PER_SECOND / scanClasses[scanClass].intervalMs);
  return {
    name,
    requestsPerSecond: perSecond(device, groups, ({ requests }) => requests),
    allowedPerSecond: allowedBy(limits),
    readingsPerSecond: sumOf(readings),
  };
}

/** What the scans of a device take, `of` being what one scan of a class takes. */
function perSecond(
  { scanClasses }: DeviceConfig,
  groups: readonly ScanGroup[],
  of: (group: ScanGroup) => number,
): number {
  const classes = Object.values(scanClasses);
  return sumOf(classes.map(({ intervalMs }, index) => (of(groups[index]) * MS_PER_SECOND) / intervalMs));
}

/** Not a number where the driver cannot tell. */
function bytesOf({ wireBytes = Number.NaN }: ScanGroup): number {
  return wireBytes;
}

function allowedBy({ minRequestPauseMs, maxRequestsPerSecond = Number.POSITIVE_INFINITY }: RequestLimits): number {
  const byPause = minRequestPauseMs ? MS_PER_SECOND / minRequestPauseMs : Number.POSITIVE_INFINITY;
  return Math.min(maxRequestsPerSecond, byPause);
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}
