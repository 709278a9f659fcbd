/** A field device in operation: configured, read in its rhythm, and followed through every failure until it is stopped. */

import { type Clock, systemClock } from '@tidegate/core/clock/clock.ts';
import { failure, type Result } from '@tidegate/core/fault/fault.ts';
import type { EventSink } from '@tidegate/core/port/eventSink.ts';
import type { DeviceStatus } from '@tidegate/core/port/gatewayStatus.ts';
import type { SampleSink } from '@tidegate/core/port/sampleSink.ts';
import { DeviceLoop, type OpenLink } from './deviceLoop.ts';
import type { DeviceReader, Driver, DriverPorts, PointSpec, PointTraits, TaggedPoint } from './driver.ts';
import { DRIVERS, PROTOCOLS, type Protocol } from './drivers/driverRegistry.ts';
import { Readings } from './readings.ts';
import { RequestPace } from './scan/requestPace.ts';
import { ScanClass } from './scan/scanClass.ts';
import { ScanSchedule } from './scan/scanSchedule.ts';
import { openTcpLink } from './transport/tcpLink.ts';
import { createWriteGuard } from './transport/writeGuard.ts';

export interface PointConfig extends TaggedPoint {
  /** One of the device's scan classes. */
  readonly scanClass: string;
}

export interface ScanClassConfig {
  readonly intervalMs: number;
  /** Moves the ticks, so that classes of the same interval do not ask at the same moment. */
  readonly offsetMs?: number;
}

/** Where a device is, and how it is spoken to. */
export interface DeviceAddress {
  readonly name: string;
  readonly protocol: Protocol;
  readonly host: string;
  readonly port: number;
  /** Modbus unit, 0 to 255. Several units behind one host and port are several devices. */
  readonly unit: number;
  /** How long an answer may take. */
  readonly timeoutMs: number;
}

/** Everything that has been checked: `startDevice` throws on what is wrong in it, as on a bug. */
export interface DeviceConfig extends DeviceAddress {
  readonly connectTimeoutMs?: number;
  readonly maxGap?: number;
  readonly maxRegisters?: number;
  readonly minRequestPauseMs?: number;
  readonly maxRequestsPerSecond?: number;
  readonly scanClasses: Readonly<Record<string, ScanClassConfig>>;
  readonly points: readonly PointConfig[];
}

export interface DevicePorts {
  readonly clock: Clock;
  /** Takes the decoded values as the device gave them; scaling comes later. */
  readonly sink: SampleSink;
  readonly events: EventSink;
  /** From 0 up to 1; spreads reconnects. */
  readonly random?: () => number;
}

export interface RunningDevice {
  /** Closes the connection; resolves when nothing more will come. */
  stop(): Promise<void>;
  status(): DeviceStatus;
  /** Resolves after `stop`; rejects with a bug of ours, for the supervisor. */
  readonly finished: Promise<void>;
}

const CONNECT_TIMEOUT_MS = 3_000;
const MS_PER_SECOND = 1_000;

/**
 * Whether the driver of `protocol` can read the point, and what its values are. Faults: `device.protocol`,
 * `point.address`, `point.data-type`, `point.word-order`, each saying what is wrong and what would be right.
 */
export function checkPoint(protocol: string, point: PointSpec): Result<PointTraits> {
  if (!Object.hasOwn(DRIVERS, protocol)) {
    return failure('device.protocol', `"${protocol}" is no protocol; there are: ${PROTOCOLS.join(', ')}`);
  }
  return DRIVERS[protocol as Protocol].checkPoint(point);
}

/** Starts to read a device; returns at once. */
export function startDevice(config: DeviceConfig, ports: DevicePorts): RunningDevice {
  const driver: Driver = DRIVERS[config.protocol];
  const { clock, events } = ports;
  const connectTimeoutMs = config.connectTimeoutMs ?? CONNECT_TIMEOUT_MS;
  const target = { device: config.name, host: config.host, port: config.port, connectTimeoutMs };
  const linkPorts = { clock, events, guard: createWriteGuard(driver.manifest) };
  return runDevice(config, driver, ports, (signal) => openTcpLink(target, linkPorts, signal));
}

/** Reads a device with the given driver over the links that `openLink` opens. */
export function runDevice(config: DeviceConfig, driver: Driver, ports: DevicePorts, openLink: OpenLink): RunningDevice {
  const { clock, events, sink, random = Math.random } = ports;
  const readings = new Readings(sink);
  const names = Object.keys(config.scanClasses);
  const reader = prepareReader(config, driver, { clock, events, readings });
  const startMs = clock.elapsedMs();
  const classes = names.map((name, index) => {
    const { intervalMs, offsetMs } = config.scanClasses[name];
    return new ScanClass(new ScanSchedule(startMs, intervalMs, offsetMs), intervalMs, reader.groups[index], clock);
  });
  const pace = new RequestPace(clock, config);
  const loop = new DeviceLoop({ name: config.name, clock, events, random, reader, classes, pace, openLink });
  const finished = loop.run();
  return {
    stop() {
      loop.stop();
      return finished;
    },
    status: () => loop.status(),
    finished,
  };
}

/** What reading a device asks of it, while all is well. */
export interface ReadLoad {
  readonly requestsPerSecond: number;
  readonly readingsPerSecond: number;
  /** The most that the configuration allows, by `maxRequestsPerSecond` or by `minRequestPauseMs`; infinity where it does not say. */
  readonly allowedPerSecond: number;
}

/** Plans the reading of a device and reads nothing. */
export function readLoadOf(config: DeviceConfig): ReadLoad {
  const ports = { clock: systemClock, events: () => {}, readings: new Readings({ write: () => {} }) };
  const { groups } = prepareReader(config, DRIVERS[config.protocol], ports);
  const scansPerSecond = new Map<string, number>();
  let requestsPerSecond = 0;
  for (const [index, [name, { intervalMs }]] of Object.entries(config.scanClasses).entries()) {
    scansPerSecond.set(name, MS_PER_SECOND / intervalMs);
    requestsPerSecond += (groups[index].requests * MS_PER_SECOND) / intervalMs;
  }
  const readingsPerSecond = config.points.reduce((sum, { scanClass }) => sum + scansPerSecond.get(scanClass)!, 0);
  const byPause = config.minRequestPauseMs ? MS_PER_SECOND / config.minRequestPauseMs : Number.POSITIVE_INFINITY;
  const allowedPerSecond = Math.min(config.maxRequestsPerSecond ?? Number.POSITIVE_INFINITY, byPause);
  return { requestsPerSecond, readingsPerSecond, allowedPerSecond };
}

function prepareReader(config: DeviceConfig, driver: Driver, ports: DriverPorts): DeviceReader {
  const names = Object.keys(config.scanClasses);
  const stray = config.points.find((point) => !names.includes(point.scanClass));
  if (stray) throw new Error(`point ${stray.address} of ${config.name} is in no scan class: ${stray.scanClass}`);
  const classPoints = names.map((name) => config.points.filter((point) => point.scanClass === name));
  const { unit, timeoutMs, maxGap, maxRegisters } = config;
  return driver.prepare(config.name, classPoints, { unit, timeoutMs, maxGap, maxRegisters }, ports);
}
