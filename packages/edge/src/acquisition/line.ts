/** A line in operation: opened, its devices read in their rhythm, and followed through every failure until it is stopped. */

import { type Clock, systemClock } from '@tidegate/core/clock/clock.ts';
import type { EventSink } from '@tidegate/core/port/eventSink.ts';
import type { DeviceStatus } from '@tidegate/core/port/gatewayStatus.ts';
import type { SampleSink } from '@tidegate/core/port/sampleSink.ts';
import type { AnyDriver, DriverPorts, LineReader, TaggedPoint } from './driver.ts';
import { LineDevice } from './lineDevice.ts';
import { LineLoop } from './lineLoop.ts';
import { Readings } from './readings.ts';
import { RequestBudget, type RequestLimits } from './scan/requestBudget.ts';
import { ScanClass } from './scan/scanClass.ts';
import { ScanSchedule } from './scan/scanSchedule.ts';
import type { LineOpener, Tap } from './transport/link.ts';
import type { Medium } from './transport/medium.ts';
import { guardedOpener, tapOpener } from './transport/openLine.ts';
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

export interface DeviceConfig {
  readonly name: string;
  /** What the driver's own schema has made of the device's keys. */
  readonly options: unknown;
  /** How long an answer may take. */
  readonly timeoutMs: number;
  readonly limits: RequestLimits;
  readonly scanClasses: Readonly<Record<string, ScanClassConfig>>;
  readonly points: readonly PointConfig[];
}

/** Everything that has been checked: `startLine` throws on what is wrong in it, as on a bug. */
export interface LineConfig {
  /** Names the line towards people: that of its device where it has only one. */
  readonly name: string;
  readonly driver: AnyDriver;
  readonly medium: Medium;
  readonly limits: RequestLimits;
  readonly devices: readonly DeviceConfig[];
}

export interface LinePorts {
  readonly clock: Clock;
  /** Takes the decoded values as the devices gave them; scaling comes later. */
  readonly sink: SampleSink;
  readonly events: EventSink;
  /** From 0 up to 1; spreads reconnects. */
  readonly random?: () => number;
}

export interface RunningLine {
  /** Closes the link; resolves when nothing more will come. */
  stop(): Promise<void>;
  /** In the order of the configuration. */
  status(): readonly DeviceStatus[];
  /** Resolves after `stop`; rejects with a bug of ours, for the supervisor. */
  readonly finished: Promise<void>;
}

const MS_PER_SECOND = 1_000;

/** Opens a line and starts to read its devices; returns at once. */
export function startLine(config: LineConfig, ports: LinePorts): RunningLine {
  const { name, driver, medium } = config;
  if (driver.manifest.outbound.length === 0) return runLine(config, ports, tapOpener(name, medium, ports));
  return runLine(config, ports, guardedOpener(name, medium, guardOf(config), ports));
}

/** The guard of one line: what each station on it may be asked. */
function guardOf({ driver, devices }: LineConfig) {
  const stations = devices.map(({ options }) => ({
    station: driver.stationOf(options),
    options: driver.allowedBy?.(options) ?? [],
  }));
  return createWriteGuard(driver.manifest, driver.dissect, stations);
}

/** Reads the devices of a line over the links that `opener` opens. */
export function runLine<L extends Tap>(config: LineConfig, ports: LinePorts, opener: LineOpener<L>): RunningLine {
  const { clock, events, sink, random = Math.random } = ports;
  // A driver that sends is given links; only one that listens is given taps, and asks for no more.
  const reader: LineReader<L> = prepareReader(config, { clock, events, readings: new Readings(sink) });
  const startMs = clock.elapsedMs();
  const devices = config.devices.map(({ name, scanClasses, limits }, index) => {
    const classes = Object.values(scanClasses).map(({ intervalMs, offsetMs }, group) => {
      const schedule = new ScanSchedule(startMs, intervalMs, offsetMs);
      return new ScanClass(schedule, intervalMs, reader.devices[index].groups[group], clock);
    });
    const budget = new RequestBudget(clock, limits);
    return new LineDevice({ name, clock, events, random, reader: reader.devices[index], classes, budget });
  });
  const budget = new RequestBudget(clock, config.limits);
  const keepsLink = config.medium.kind === 'serial' || config.medium.kind === 'recording';
  const loop = new LineLoop<L>({ clock, random, reader, devices, budget, opener, keepsLink });
  const finished = loop.run();
  return {
    stop() {
      loop.stop();
      return finished;
    },
    status: () =>
      devices.map((device) => ({ ...device.status(), ...(loop.stopped ? { state: 'stopped' as const } : {}) })),
    finished,
  };
}

/** What reading a device asks of it, while all is well. */
export interface ReadLoad {
  readonly device: string;
  readonly requestsPerSecond: number;
  readonly readingsPerSecond: number;
  /** The most that the configuration allows, by `maxRequestsPerSecond` or by `minRequestPauseMs`; infinity where it does not say. */
  readonly allowedPerSecond: number;
}

/** Plans the reading of the devices of a line and reads nothing. */
export function readLoadsOf(config: LineConfig): ReadLoad[] {
  const ports = { clock: systemClock, events: () => {}, readings: new Readings({ write: () => {} }) };
  const reader = prepareReader(config, ports);
  return config.devices.map((device, index) => {
    const scansPerSecond = new Map<string, number>();
    let requestsPerSecond = 0;
    for (const [group, [name, { intervalMs }]] of Object.entries(device.scanClasses).entries()) {
      scansPerSecond.set(name, MS_PER_SECOND / intervalMs);
      requestsPerSecond += (reader.devices[index].groups[group].requests * MS_PER_SECOND) / intervalMs;
    }
    const readingsPerSecond = device.points.reduce((sum, { scanClass }) => sum + scansPerSecond.get(scanClass)!, 0);
    const { minRequestPauseMs, maxRequestsPerSecond = Number.POSITIVE_INFINITY } = device.limits;
    const byPause = minRequestPauseMs ? MS_PER_SECOND / minRequestPauseMs : Number.POSITIVE_INFINITY;
    const allowedPerSecond = Math.min(maxRequestsPerSecond, byPause);
    return { device: device.name, requestsPerSecond, readingsPerSecond, allowedPerSecond };
  });
}

// biome-ignore lint/suspicious/noExplicitAny: the medium that the driver wants is known to its manifest only
function prepareReader(config: LineConfig, ports: Omit<DriverPorts, 'bitRate'>): LineReader<any> {
  const { driver, medium, devices } = config;
  const specs = devices.map(({ name, options, timeoutMs, scanClasses, points }) => {
    const stray = points.find(({ scanClass }) => !Object.hasOwn(scanClasses, scanClass));
    if (stray) throw new Error(`point ${stray.address} of ${name} is in no scan class: ${stray.scanClass}`);
    const classes = Object.entries(scanClasses).map(([scan, { intervalMs }]) => ({
      intervalMs,
      points: points.filter(({ scanClass }) => scanClass === scan),
    }));
    return { name, options, timeoutMs, classes };
  });
  return driver.prepare(specs, { ...ports, bitRate: 'baudRate' in medium ? medium.baudRate : undefined });
}
