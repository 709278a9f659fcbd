/** What tests of lines need: a place to keep what they say, and a Modbus device whose registers hold their own address. */

import { systemClock } from '@tidegate/core/clock/clock.ts';
import type { PlantEvent } from '@tidegate/core/port/eventSink.ts';
import type { StatusCode } from '@tidegate/core/sample/statusCode.ts';
import { statusName } from '@tidegate/core/sample/statusCode.ts';
import { modbusTcpDriver } from '../drivers/modbus/modbusDrivers.ts';
import type { DeviceConfig, LineConfig, LinePorts } from '../line/line.ts';

/** One reading as it reached the sink. */
export interface RecordedReading {
  readonly tag: number;
  readonly time: number;
  readonly value: number;
  readonly status: string;
}

/** Ports of a line that keep everything. */
export class Recorder {
  readonly readings: RecordedReading[] = [];
  readonly events: PlantEvent[] = [];
  readonly ports: LinePorts = {
    clock: systemClock,
    events: (event) => this.events.push(event),
    sink: {
      write: ({ count, tags, times, values, statuses }) => {
        for (let index = 0; index < count; index++) {
          const status = statusName(statuses[index] as StatusCode);
          this.readings.push({ tag: tags[index], time: times[index], value: values[index], status });
        }
      },
    },
  };

  of(tag: number): RecordedReading[] {
    return this.readings.filter((reading) => reading.tag === tag);
  }

  /**
   * What came from the first value on. On a busy machine even the first connection may take longer than a short scan, and
   * the device rightly says so.
   */
  sinceGood(): RecordedReading[] {
    const first = this.readings.findIndex(({ status }) => status === 'Good');
    return first < 0 ? [] : this.readings.slice(first);
  }

  count(status: string): number {
    return this.readings.filter((reading) => reading.status === status).length;
  }

  kinds(): string[] {
    return this.events.map((event) => event.kind);
  }
}

/** A line with one device, whose points `addresses` are tagged from 0 in their order, in one scan class. */
export function lineConfig(
  port: number,
  intervalMs: number,
  addresses: readonly string[],
  changes: Partial<DeviceConfig> = {},
): LineConfig {
  const device: DeviceConfig = {
    name: 'pump',
    options: modbusTcpDriver.options.parse({}),
    timeoutMs: 1000,
    limits: {},
    scanClasses: { fast: { intervalMs, offsetMs: 0 } },
    points: addresses.map((address, tag) => ({ tag, address, dataType: 'uint16', scanClass: 'fast' })),
    ...changes,
  };
  return {
    name: device.name,
    driver: modbusTcpDriver,
    medium: { kind: 'tcp', host: '127.0.0.1', port, connectTimeoutMs: 3000, tls: undefined },
    limits: {},
    devices: [device],
  };
}

/** The answer to a read of registers in which each register holds its own address, so that no mix-up stays hidden. */
export function ownAddresses(request: Uint8Array): Buffer {
  const asked = Buffer.from(request);
  const count = asked.readUInt16BE(10);
  const answer = Buffer.alloc(9 + count * 2);
  asked.copy(answer, 0, 0, 8);
  answer.writeUInt16BE(3 + count * 2, 4);
  answer[8] = count * 2;
  for (let index = 0; index < count; index++) answer.writeUInt16BE(asked.readUInt16BE(8) + index, 9 + index * 2);
  return answer;
}
