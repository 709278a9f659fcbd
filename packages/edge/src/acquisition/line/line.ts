/** A line in operation: opened, its devices read in their rhythm, and followed through every failure until it is stopped. */

import type { Clock } from '@tidegate/core/clock/clock.ts';
import type { EventSink } from '@tidegate/core/port/eventSink.ts';
import type { DeviceStatus } from '@tidegate/core/port/gatewayStatus.ts';
import type { SampleSink } from '@tidegate/core/port/sampleSink.ts';
import type { AlarmReports } from '../alarmReports.ts';
import type { AnyDriver, DeviceReader, DriverPorts, LineReader, TaggedPoint } from '../driver.ts';
import { Readings } from '../readings.ts';
import { RequestBudget, type RequestLimits } from '../scan/requestBudget.ts';
import { ScanClass } from '../scan/scanClass.ts';
import { scanPhaseMs } from '../scan/scanPhase.ts';
import { ScanSchedule } from '../scan/scanSchedule.ts';
import type { LineOpener, Tap } from '../transport/link.ts';
import { bitsPerByte, type Medium } from '../transport/medium.ts';
import { guardedOpener, tapOpener } from '../transport/openLine.ts';
import { createWriteGuard } from '../transport/writeGuard.ts';
import { Blame } from './blame.ts';
import { DeviceStatistics } from './deviceStatistics.ts';
import { LineDevice, type LineDeviceParts } from './lineDevice.ts';
import { LineLoop } from './lineLoop.ts';

export interface PointConfig extends TaggedPoint {
  /** One of the device's scan classes. */
  readonly scanClass: string;
}

export interface ScanClassConfig {
  readonly intervalMs: number;
  /**
   * When within the interval the ticks fall, counted from the start. Where absent each device has a moment of its own, which
   * depends on its name, so that not all are asked at once.
   */
  readonly offsetMs?: number | undefined;
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
  /** Takes what devices tell of their own alarms; absent where the gateway has none. */
  readonly alarms?: AlarmReports | undefined;
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
export function guardOf({ driver, devices }: LineConfig) {
  const stations = devices.map(({ options }) => ({
    station: driver.stationOf(options),
    options: driver.allowedBy?.(options) ?? [],
  }));
  return createWriteGuard(driver.manifest, driver.dissect, stations);
}

/** Reads the devices of a line over the links that `opener` opens. */
export function runLine<L extends Tap>(config: LineConfig, ports: LinePorts, opener: LineOpener<L>): RunningLine {
  const { name, driver, medium } = config;
  const { clock, events, sink, alarms, random = Math.random } = ports;
  // A driver that sends is given links; only one that listens is given taps, and asks for no more.
  const reader: LineReader<L> = prepareReader(config, { clock, events, alarms, readings: new Readings(sink) });
  const names = config.devices.map((device) => device.name);
  const blame = new Blame(name, names, { clock, events });
  const lineBudget = new RequestBudget(clock, config.limits, byteMsOf(medium));
  const parts = { clock, random, blame, lineBudget };
  const devices = config.devices.map((device, index) => lineDeviceOf(device, reader.devices[index], parts));
  const keepsLink = medium.kind === 'serial' || medium.kind === 'recording';
  const loop = new LineLoop<L>({ clock, random, reader, devices, budget: lineBudget, blame, opener, keepsLink });
  const finished = loop.run();
  const statusOf = (device: LineDevice) => device.status(name, driver.manifest.protocol);
  return {
    stop() {
      loop.stop();
      return finished;
    },
    status: () =>
      devices.map((device) => (loop.stopped ? { ...statusOf(device), state: 'stopped' } : statusOf(device))),
    finished,
  };
}

function lineDeviceOf(
  { name, scanClasses, limits }: DeviceConfig,
  reader: DeviceReader,
  parts: Pick<LineDeviceParts, 'clock' | 'random' | 'blame' | 'lineBudget'>,
): LineDevice {
  const { clock } = parts;
  const statistics = new DeviceStatistics(clock);
  const startMs = clock.elapsedMs();
  const classes = Object.entries(scanClasses).map(([scan, { intervalMs, offsetMs }], index) => {
    const phaseMs = offsetMs ?? scanPhaseMs(`${name}/${scan}`, intervalMs);
    const schedule = new ScanSchedule(startMs, intervalMs, phaseMs);
    return new ScanClass({ schedule, intervalMs, group: reader.groups[index], clock, lateness: statistics.lateness });
  });
  return new LineDevice({ ...parts, name, reader, classes, statistics, budget: new RequestBudget(clock, limits) });
}

/** How long one byte takes on the line; 0 on a network. */
export function byteMsOf(medium: Medium): number {
  return medium.kind === 'serial' ? (bitsPerByte(medium) * MS_PER_SECOND) / medium.baudRate : 0;
}

/** Plans the reading of the devices of a line. */
// biome-ignore lint/suspicious/noExplicitAny: the medium that the driver wants is known to its manifest only
export function prepareReader(config: LineConfig, ports: Omit<DriverPorts, 'bitRate' | 'authority'>): LineReader<any> {
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
  const bitRate = 'baudRate' in medium ? medium.baudRate : undefined;
  const authority = medium.kind === 'tcp' ? `${medium.host}:${medium.port}` : undefined;
  return driver.prepare(specs, { ...ports, bitRate, authority });
}
