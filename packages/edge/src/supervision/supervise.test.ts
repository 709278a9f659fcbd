import { ManualClock } from '@tidegate/core/clock/manualClock.ts';
import type { PlantEvent } from '@tidegate/core/port/eventSink.ts';
import type { DeviceStatus } from '@tidegate/core/port/gatewayStatus.ts';
import { expect, it } from 'vitest';
import { modbusTcpDriver } from '../acquisition/drivers/modbus/modbusDrivers.ts';
import type { LineConfig, LinePorts, RunningLine } from '../acquisition/line/line.ts';
import { supervise } from './supervise.ts';
import { superviseLine } from './superviseLine.ts';

function portsOf() {
  const clock = new ManualClock();
  const seen: PlantEvent[] = [];
  return { clock, seen, events: (event: PlantEvent) => seen.push(event) };
}

const untilAborted = (signal: AbortSignal) =>
  new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));

it('starts a crashed worker again, after pauses that double', async () => {
  const { clock, seen, events } = portsOf();
  const startedMs: number[] = [];
  const supervised = supervise(
    'watch',
    async () => {
      startedMs.push(clock.elapsedMs());
      throw new Error('no such tag');
    },
    { clock, events },
  );
  await clock.advance(0);
  await clock.advance(10_000);
  expect(startedMs).toEqual([0, 500, 1500, 3500, 7500]);
  expect(supervised.restarts).toBe(4);
  expect(seen).toHaveLength(5);
  expect(seen[0]).toMatchObject({
    kind: 'worker.crashed',
    source: 'watch',
    detail: expect.stringContaining('no such tag'),
  });
  await supervised.stop();
  await clock.advance(100_000);
  expect(startedMs).toHaveLength(5);
});

it('waits at most a minute, and no longer than at first after a steady run', async () => {
  const { clock, events } = portsOf();
  const startedMs: number[] = [];
  let runs = 0;
  const supervised = supervise(
    'watch',
    async () => {
      startedMs.push(clock.elapsedMs());
      if (++runs === 12) await new Promise<void>((resolve) => clock.after(60_000, resolve));
      throw new Error('again');
    },
    { clock, events },
  );
  await clock.advance(0);
  await clock.advance(1_000_000);
  const pauses = startedMs.slice(1).map((ms, index) => ms - startedMs[index]);
  expect(pauses.slice(0, 11)).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000, 60_000, 60_000]);
  expect(pauses[11]).toBe(60_500);
  expect(pauses[12]).toBe(1000);
  await supervised.stop();
});

it('stops a worker and waits until it has cleaned up', async () => {
  const { clock, seen, events } = portsOf();
  const steps: string[] = [];
  const work = async (signal: AbortSignal) => {
    await untilAborted(signal);
    steps.push('aborted');
    await Promise.resolve();
    steps.push('clean');
  };
  const supervised = supervise('spool', work, { clock, events });
  await supervised.stop();
  expect(steps).toEqual(['aborted', 'clean']);
  expect(seen).toEqual([]);
});

it('lets a worker finish for good', async () => {
  const { clock, events } = portsOf();
  const supervised = supervise('once', async () => {}, { clock, events });
  await clock.advance(100_000);
  expect(supervised.restarts).toBe(0);
  await supervised.stop();
});

it('starts a device again whose driver crashed, and stops it', async () => {
  const { clock, seen, events } = portsOf();
  const config = { name: 'pump', devices: [{ name: 'pump' }] } as unknown as LineConfig;
  const running: { crash: (bug: Error) => void; stopped: boolean }[] = [];
  const start = (_: LineConfig, ports: LinePorts): RunningLine => {
    expect(ports.clock).toBe(clock);
    const { promise: finished, resolve, reject } = Promise.withResolvers<void>();
    const device = { crash: reject, stopped: false };
    const requests = running.push(device);
    return {
      finished,
      stop: () => {
        device.stopped = true;
        resolve();
        return finished;
      },
      status: () => [{ requests } as DeviceStatus],
    };
  };
  const device = superviseLine(config, { clock, events, sink: { write: () => {} } }, start);
  expect(device.status()[0].requests).toBe(1);
  running[0].crash(new TypeError('undefined is not a register'));
  await clock.advance(0);
  await clock.advance(500);
  expect(running).toHaveLength(2);
  expect(device.status()[0].requests).toBe(2);
  expect(seen).toMatchObject([{ kind: 'worker.crashed', source: 'line pump' }]);
  await device.stop();
  expect(running[1].stopped).toBe(true);
});

it('says of a device that cannot be started why it stands still', async () => {
  const { clock, seen, events } = portsOf();
  const config = { name: 'pump', driver: modbusTcpDriver, devices: [{ name: 'pump' }] } as unknown as LineConfig;
  const start = () => {
    throw new Error('point in no scan class');
  };
  const device = superviseLine(config, { clock, events, sink: { write: () => {} } }, start);
  await clock.advance(0);
  expect(device.status()[0]).toMatchObject({
    state: 'stopped',
    lastFault: expect.stringContaining('could not be started'),
  });
  expect(seen).toMatchObject([{ kind: 'worker.crashed', detail: expect.stringContaining('no scan class') }]);
  await device.stop();
});
