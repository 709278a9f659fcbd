/** Our side, as the gateway has it: the driver over the guarded transport; and the whole line with its rhythm and budgets. */

import type { SampleBlock } from '@tidegate/core/block/sampleBlock.ts';
import { systemClock } from '@tidegate/core/clock/clock.ts';
import type { PlantEvent } from '@tidegate/core/port/eventSink.ts';
import { STATUS } from '@tidegate/core/sample/statusCode.ts';
import type { ScanGroup } from '@tidegate/edge/acquisition/driver.ts';
import { modbusTcpDriver } from '@tidegate/edge/acquisition/drivers/modbus/modbusDrivers.ts';
import { type LineConfig, prepareReader, startLine } from '@tidegate/edge/acquisition/line/line.ts';
import { Readings } from '@tidegate/edge/acquisition/readings.ts';
import { guardedOpener } from '@tidegate/edge/acquisition/transport/openLine.ts';
import { createWriteGuard } from '@tidegate/edge/acquisition/transport/writeGuard.ts';
import { expectRegister, type OpenReader, type ReaderSettings, type RegisterReader } from './registerReader.ts';

const NAME = 'device';
/** Shorter than any scan takes, so that the line is never idle. */
const SCAN_MS = 1;

export const driverReader: RegisterReader = {
  name: 'tidegate',
  async open(settings) {
    const config = lineConfig({ ...settings, scanClasses: 1 });
    const { driver, medium, devices } = config;
    const ports = { clock: systemClock, events: onEvent };
    const reader = prepareReader(config, { ...ports, readings: new Readings({ write: expectReadings }) });
    const stations = devices.map(({ options }) => ({ station: driver.stationOf(options), options: [] }));
    const guard = createWriteGuard(driver.manifest, driver.dissect, stations);
    const opened = await guardedOpener(NAME, medium, guard, ports).open(new AbortController().signal);
    if (!opened.ok) throw new Error(opened.fault.detail);
    const link = opened.value;
    reader.connected(link);
    const [group] = reader.devices[0].groups;
    return {
      readUntil: (deadlineMs) => scanUntil(group, deadlineMs),
      async close() {
        link.close();
        await link.closed;
      },
    };
  },
};

async function scanUntil(group: ScanGroup, deadlineMs: number): Promise<number> {
  let requests = 0;
  while (performance.now() < deadlineMs) {
    if (group.pending === 0) group.begin();
    const exchange = await group.step(Number.POSITIVE_INFINITY);
    if (exchange.outcome !== 'answered') throw new Error(`a request was ${exchange.outcome}`);
    requests += exchange.requests ?? 1;
  }
  return requests;
}

export const lineReader: RegisterReader = {
  name: 'tidegate, whole line',
  async open(settings): Promise<OpenReader> {
    const begun = Promise.withResolvers<void>();
    let values = 0;
    const write = (block: SampleBlock) => {
      // Before it is connected a line says of each point that it has no value.
      if (values === 0 && block.statuses[0] !== STATUS.Good) return;
      expectReadings(block);
      values += block.count;
      begun.resolve();
    };
    const line = startLine(lineConfig(settings), { clock: systemClock, sink: { write }, events: onEvent });
    await Promise.race([begun.promise, line.finished]);
    return {
      async readUntil(deadlineMs) {
        const before = values;
        await new Promise((resolve) => setTimeout(resolve, deadlineMs - performance.now()));
        return Math.round((values - before) / settings.registersPerRequest);
      },
      close: () => line.stop(),
    };
  },
};

/** A point for each register, the tag being its address. */
function lineConfig(settings: ReaderSettings): LineConfig {
  const { port, registers, registersPerRequest, inFlight, scanClasses } = settings;
  const options = { maxRegisters: registersPerRequest, pipeline: inFlight };
  const scans = Array.from({ length: scanClasses }, (_, nth) => `scan-${nth}`);
  return {
    name: NAME,
    driver: modbusTcpDriver,
    medium: { kind: 'tcp', host: '127.0.0.1', port, connectTimeoutMs: 5_000, tls: undefined },
    limits: {},
    devices: [
      {
        name: NAME,
        options: modbusTcpDriver.options.parse(options),
        timeoutMs: 5_000,
        limits: {},
        scanClasses: Object.fromEntries(scans.map((scan) => [scan, { intervalMs: SCAN_MS }])),
        points: scans.flatMap((scanClass) =>
          Array.from({ length: registers }, (_, tag) => {
            return { tag, address: `holding:${tag}`, dataType: 'uint16', scanClass };
          }),
        ),
      },
    ],
  };
}

function expectReadings({ tags, values, count }: SampleBlock): void {
  expectRegister(tags[0], values[0]);
  expectRegister(tags[count - 1], values[count - 1]);
}

function onEvent({ kind, detail }: PlantEvent): void {
  if (kind !== 'device.connected') throw new Error(`${kind}: ${detail}`);
}
