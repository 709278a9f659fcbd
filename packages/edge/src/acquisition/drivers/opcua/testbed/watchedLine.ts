/** A line of the driver over a real connection, and what it has read. */

import type { AlarmRecord } from '@tidegate/core/alarm/alarmRecord.ts';
import { ValueKind } from '@tidegate/core/block/sampleBlock.ts';
import type { SampleSink } from '@tidegate/core/port/sampleSink.ts';
import { type DeviceConfig, type RunningLine, startLine } from '../../../line/line.ts';
import { type RecordedReading, Recorder } from '../../../testbed/testLine.ts';
import { opcuaDriver } from '../opcuaDriver.ts';

export interface WatchedLine {
  readonly line: RunningLine;
  readonly recorder: Recorder;
  /** What was read since the device was first there, without what was only told again. */
  told(tag: number): readonly RecordedReading[];
  /** What was told of alarms. */
  readonly alarms: readonly AlarmRecord[];
  /** By tag, the latest text. */
  readonly texts: ReadonlyMap<number, string>;
}

export type WatchedPoint = readonly [address: string, dataType: string];

/** Beside the keys of a device: the interval of its only scan class, and how long an answer may take. */
export interface WatchOptions {
  readonly intervalMs?: number;
  readonly timeoutMs?: number;
  readonly subscribe?: boolean;
}

export function watchLine(
  port: number,
  points: readonly WatchedPoint[],
  { intervalMs = 100, timeoutMs = 2_000, ...options }: WatchOptions = {},
): WatchedLine {
  const recorder = new Recorder();
  const texts = new Map<number, string>();
  const alarms: AlarmRecord[] = [];
  const device: DeviceConfig = {
    name: 'plc',
    options: opcuaDriver.options.parse({ keepAlive: '1s', ...options }),
    timeoutMs,
    limits: {},
    scanClasses: { fast: { intervalMs, offsetMs: 0 } },
    points: points.map(([address, dataType], tag) => ({ tag, address, dataType, scanClass: 'fast' })),
  };
  const sink: SampleSink = {
    write(block) {
      recorder.ports.sink.write(block);
      for (let index = 0; index < block.count; index++) {
        if (block.kinds[index] === ValueKind.string) texts.set(block.tags[index], block.strings[block.values[index]]);
      }
    },
  };
  const medium = { kind: 'tcp', host: '127.0.0.1', port, connectTimeoutMs: 2_000, tls: undefined } as const;
  const config = { name: 'plc', driver: opcuaDriver, medium, limits: {}, devices: [device] };
  const told = (tag: number) => {
    const readings = recorder.of(tag);
    const first = readings.findIndex(({ status }) => status !== 'BadNotConnected');
    const since = first < 0 ? [] : readings.slice(first);
    return since.filter(({ value, status }, index) => {
      const before = since.at(index - 1);
      return index === 0 || value !== before?.value || status !== before.status;
    });
  };
  const report = (record: AlarmRecord) => alarms.push(record);
  const line = startLine(config, { ...recorder.ports, sink, alarms: { report } });
  return { line, recorder, told, alarms, texts };
}
