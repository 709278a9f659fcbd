/** One of our lines on a real transport, and everything that its devices gave. */

import { ValueKind } from '@tidegate/core/block/sampleBlock.ts';
import { systemClock } from '@tidegate/core/clock/clock.ts';
import { US_PER_MS } from '@tidegate/core/clock/timestamp.ts';
import type { PlantEvent } from '@tidegate/core/port/eventSink.ts';
import type { DeviceStatus } from '@tidegate/core/port/gatewayStatus.ts';
import type { SampleSink } from '@tidegate/core/port/sampleSink.ts';
import type { SampleValue } from '@tidegate/core/sample/sample.ts';
import { statusName } from '@tidegate/core/sample/statusCode.ts';
import type { AnyDriver, PointSpec } from '@tidegate/edge/acquisition/driver.ts';
import { loadDriver } from '@tidegate/edge/acquisition/drivers/driverRegistry.ts';
import { type RunningLine, startLine } from '@tidegate/edge/acquisition/line/line.ts';
import type { Medium } from '@tidegate/edge/acquisition/transport/medium.ts';
import { until } from '@tidegate/oneway/testbed/until.ts';

export interface TestedDevice {
  readonly name?: string;
  /** As they stand in configuration; the driver's schema reads them. */
  readonly options?: object;
  /** In one scan class. Their tags are numbered from 0, through all devices of the line. */
  readonly points: readonly PointSpec[];
  readonly intervalMs?: number;
  readonly timeoutMs?: number;
}

export interface TakenReading {
  readonly tag: number;
  /** Microseconds since 1970 UTC. */
  readonly time: number;
  readonly value: SampleValue;
  readonly status: string;
}

const TIMEOUT_MS = 1_000;
const INTERVAL_MS = 200;

export class TestedLine {
  readonly readings: TakenReading[] = [];
  readonly events: PlantEvent[] = [];
  readonly #line: RunningLine;

  private constructor(driver: AnyDriver, medium: Medium, devices: readonly TestedDevice[]) {
    let tag = 0;
    const config = {
      name: 'line',
      driver,
      medium,
      limits: {},
      devices: devices.map(({ name, options, points, timeoutMs, intervalMs }, index) => ({
        name: name ?? `device-${index}`,
        options: driver.options.parse(options ?? {}),
        timeoutMs: timeoutMs ?? TIMEOUT_MS,
        limits: {},
        scanClasses: { scan: { intervalMs: intervalMs ?? INTERVAL_MS } },
        points: points.map((point) => ({ ...point, tag: tag++, scanClass: 'scan' })),
      })),
    };
    this.#line = startLine(config, {
      clock: systemClock,
      events: (event) => this.events.push(event),
      sink: this.#sink(),
    });
  }

  static async start(protocol: string, medium: Medium, devices: readonly TestedDevice[]): Promise<TestedLine> {
    const driver = await loadDriver(protocol);
    if (!driver) throw new Error(`there is no driver for ${protocol}`);
    return new TestedLine(driver, medium, devices);
  }

  /** Rejects where a bug has ended the line. */
  stop(): Promise<void> {
    return this.#line.stop();
  }

  get status(): readonly DeviceStatus[] {
    return this.#line.status();
  }

  kinds(): string[] {
    return this.events.map(({ kind }) => kind);
  }

  /** The latest reading of each of the first `count` tags, once each has one that `isWanted`, from reading `from` on. */
  async latest(count: number, isWanted = isReading, from = 0): Promise<TakenReading[]> {
    const found = new Map<number, TakenReading>();
    let seen = from;
    await until(() => {
      for (; seen < this.readings.length; seen++) {
        const reading = this.readings[seen];
        if (isWanted(reading)) found.set(reading.tag, reading);
      }
      if (found.size < count) throw new Error(`only ${found.size} of ${count} tags have been read`);
    });
    return Array.from({ length: count }, (_, tag) => found.get(tag)!);
  }

  /** Resolves when there have been `count` readings in all. */
  async taken(count: number): Promise<void> {
    await this.until(() => this.readings.length >= count, `${count} readings`);
  }

  /** Resolves when `isSo`; rejects where that takes too long. */
  async until(isSo: () => boolean, what: string): Promise<void> {
    await until(() => {
      const events = this.events.map(({ kind, detail }) => `${kind} (${detail})`).join(', ');
      if (!isSo()) throw new Error(`no ${what}; ${this.readings.length} readings and ${events || 'no event'}`);
    });
  }

  #sink(): SampleSink {
    return {
      write: ({ count, tags, times, values, kinds, statuses, strings }) => {
        for (let at = 0; at < count; at++) {
          const value = kinds[at] === ValueKind.string ? strings[values[at]] : values[at];
          this.readings.push({
            tag: tags[at],
            time: times[at],
            value: kinds[at] === ValueKind.none ? null : value,
            status: statusName(statuses[at]),
          });
        }
      },
    };
  }
}

export function usOfMs(ms: number): number {
  return ms * US_PER_MS;
}

/** Whether the reading tells something of the device: a line that is not up yet tells only that. */
function isReading({ status }: TakenReading): boolean {
  return status !== 'BadNotConnected' && status !== 'BadWaitingForInitialData';
}

/** A TCP medium on this machine. */
export function tcp(port: number, changes: Partial<Extract<Medium, { kind: 'tcp' }>> = {}): Medium {
  return { kind: 'tcp', host: '127.0.0.1', port, connectTimeoutMs: 3_000, tls: undefined, ...changes };
}

/** A serial medium as the peers open theirs. */
export function serial(path: string): Medium {
  return { kind: 'serial', path, baudRate: 19_200, dataBits: 8, parity: 'none', stopBits: 1 };
}
