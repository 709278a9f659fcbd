import type { AddressInfo } from 'node:net';
import ModbusSerial from 'modbus-serial';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { modbusTcpDriver } from '../drivers/modbus/modbusDrivers.ts';
import { lineConfig, ownAddresses, Recorder } from '../testbed/testLine.ts';
import { closedPort, openTestPeer } from '../testbed/testPeer.ts';
import { type LineConfig, startLine } from './line.ts';

const closers: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

interface RefusedRead extends Error {
  modbusErrorCode?: number;
}

/** A device made by others: the server of modbus-serial. Registers hold their address plus 1000 times the unit. */
async function independentServer(illegal: readonly number[] = []): Promise<{ port: number }> {
  const registers = (first: number, count: number, unit: number) => {
    const addresses = Array.from({ length: count }, (_, index) => first + index);
    if (!addresses.some((address) => illegal.includes(address)))
      return addresses.map((address) => address + 1000 * unit);
    const refused: RefusedRead = new Error('illegal data address');
    refused.modbusErrorCode = 2;
    throw refused;
  };
  const vector = {
    getMultipleHoldingRegisters: registers,
    getMultipleInputRegisters: registers,
    getHoldingRegister: (address: number, unit: number) => registers(address, 1, unit)[0],
    getInputRegister: (address: number, unit: number) => registers(address, 1, unit)[0],
    getCoil: (address: number) => address % 3 === 0,
    getDiscreteInput: (address: number) => address % 2 === 0,
  };
  const server = new ModbusSerial.ServerTCP(vector, { host: '127.0.0.1', port: await closedPort(), unitID: 255 });
  await new Promise<void>((resolve) => server.on('initialized', () => resolve()));
  closers.push(() => {
    for (const socket of server.socks.keys()) socket.destroy();
    return new Promise<void>((resolve) => server.close(() => resolve()));
  });
  const { _server } = server as unknown as { _server: { address(): AddressInfo } };
  return { port: _server.address().port };
}

function start(
  config: LineConfig,
  recorder = new Recorder(),
): { recorder: Recorder; line: ReturnType<typeof startLine> } {
  const line = startLine(config, recorder.ports);
  closers.push(() => line.stop());
  return { recorder, line };
}

describe('against a server made by others', () => {
  it('reads every table', async () => {
    const { port } = await independentServer();
    const config = lineConfig(port, 20, ['holding:100', 'input:7', '40001']);
    const points = [
      ...config.devices[0].points,
      { tag: 3, address: 'coil:9', dataType: 'bool', scanClass: 'fast' },
      { tag: 4, address: 'coil:10', dataType: 'bool', scanClass: 'fast' },
      { tag: 5, address: 'discrete:10', dataType: 'bool', scanClass: 'fast' },
      { tag: 6, address: 'holding:100.2', dataType: 'bool', scanClass: 'fast' },
      { tag: 7, address: 'holding:200', dataType: 'uint32', wordOrder: 'CDAB', scanClass: 'fast' },
    ];
    const { recorder, line } = start(lineConfig(port, 20, [], { points }));
    await vi.waitFor(() => expect(recorder.sinceGood().length).toBeGreaterThanOrEqual(8 * 3));
    const readings = recorder.sinceGood();
    const values = points.map(({ tag }) => readings.find((reading) => reading.tag === tag)?.value);
    expect(values).toEqual([1100, 1007, 1000, 1, 0, 1, 1, 1201 * 65_536 + 1200]);
    expect(new Set(readings.map(({ status }) => status))).toEqual(new Set(['Good']));
    expect(recorder.kinds()).toEqual(['device.connected']);
    expect(line.status()[0]).toMatchObject({ name: 'pump', state: 'running', failures: 0, lastFault: undefined });
  });

  it('finds one illegal address in a block and keeps the rest flowing', async () => {
    const { port } = await independentServer([137]);
    const addresses = Array.from({ length: 100 }, (_, index) => `holding:${100 + index}`);
    const { recorder, line } = start(lineConfig(port, 30, addresses));
    await vi.waitFor(() => expect(recorder.count('Good')).toBeGreaterThanOrEqual(5 * 99));
    await line.stop();
    const since = recorder.sinceGood();
    const of = (tag: number) => since.filter((reading) => reading.tag === tag);
    const scans = of(0).length;
    for (let tag = 0; tag < 100; tag++) {
      const readings = of(tag);
      expect(Math.abs(readings.length - scans)).toBeLessThanOrEqual(1);
      const expected = tag === 37 ? 'BadConfigurationError' : 'Good';
      for (const { value, status } of readings)
        expect([status, value]).toEqual([expected, tag === 37 ? 0 : 1100 + tag]);
    }
    const refused = recorder.events.filter(({ kind }) => kind === 'device.address-refused');
    expect(refused).toEqual([expect.objectContaining({ detail: expect.stringContaining('holding:137') })]);
    expect(line.status()[0].lastFault).toContain('holding:137');
    // The greeting, at most two requests for each halving of 100, and then two in each scan: around the address.
    expect(line.status()[0].requests).toBeLessThanOrEqual(1 + 1 + 2 * 7 + 2 * scans);
  });

  it('tells units behind one port apart', async () => {
    const { port } = await independentServer();
    const unit = (unit: number) => ({ name: `unit-${unit}`, options: modbusTcpDriver.options.parse({ unit }) });
    const first = start(lineConfig(port, 20, ['holding:5'], unit(1)));
    const second = start(lineConfig(port, 20, ['holding:5'], unit(2)));
    await vi.waitFor(() => {
      expect(first.recorder.sinceGood().length).toBeGreaterThan(3);
      expect(second.recorder.sinceGood().length).toBeGreaterThan(3);
    });
    expect(new Set(first.recorder.sinceGood().map(({ value }) => value))).toEqual(new Set([1005]));
    expect(new Set(second.recorder.sinceGood().map(({ value }) => value))).toEqual(new Set([2005]));
  });

  it('keeps a device in its rhythm while others are dead or silent', async () => {
    const { port } = await independentServer();
    const silent = await openTestPeer(() => {});
    closers.push(() => silent.close());
    const intervalMs = 50;
    const dead = start(lineConfig(await closedPort(), intervalMs, ['holding:1'], { name: 'dead' }));
    const mute = start(lineConfig(silent.port, intervalMs, ['holding:1'], { name: 'mute', timeoutMs: 200 }));
    const alive = start(lineConfig(port, intervalMs, ['holding:1']));
    await vi.waitFor(() => expect(alive.recorder.sinceGood().length).toBeGreaterThanOrEqual(30), { timeout: 10_000 });
    const readings = alive.recorder.sinceGood();
    const times = readings.map(({ time }) => time / 1000);
    const { skippedScans = 0 } = alive.line.status()[0];
    const elapsed = times[times.length - 1] - times[0];
    // From the start instant on, ticks do not drift: each reading, or skipped scan, stands for one interval.
    const intervals = elapsed / intervalMs;
    expect(intervals).toBeGreaterThanOrEqual(times.length - 1 - 1);
    expect(intervals).toBeLessThanOrEqual(times.length - 1 + skippedScans + 1);
    expect(alive.recorder.count('Good')).toBe(readings.length);
    expect(dead.recorder.count('BadNotConnected')).toBe(dead.recorder.readings.length);
    await vi.waitFor(() => {
      expect(dead.recorder.readings.length).toBeGreaterThanOrEqual(20);
      expect(mute.recorder.count('BadTimeout')).toBeGreaterThanOrEqual(15);
    });
    expect(mute.line.status()[0]).toMatchObject({ state: 'silent', lastFault: expect.stringContaining('unit 1') });
  });
});

describe('starting and stopping', () => {
  it('stops at once, whatever is under way, and writes nothing afterwards', async () => {
    const peer = await openTestPeer(() => {});
    closers.push(() => peer.close());
    const { recorder, line } = start(lineConfig(peer.port, 10, ['holding:1'], { timeoutMs: 60_000 }));
    await vi.waitFor(() => expect(peer.sockets.size).toBe(1));
    await line.stop();
    const readings = recorder.readings.length;
    await vi.waitFor(() => expect(peer.sockets.size).toBe(0));
    expect(recorder.readings.length).toBe(readings);
    expect(line.status()[0].state).toBe('stopped');
    await line.finished;
  });

  it('paces its requests', async () => {
    const asked: number[] = [];
    const peer = await openTestPeer((request, socket) => {
      asked.push(performance.now());
      socket.write(ownAddresses(request));
    });
    closers.push(() => peer.close());
    start(lineConfig(peer.port, 10, ['holding:1', 'holding:500'], { limits: { minRequestPauseMs: 40 } }));
    await vi.waitFor(() => expect(asked.length).toBeGreaterThanOrEqual(6));
    for (let index = 1; index < asked.length; index++) expect(asked[index] - asked[index - 1]).toBeGreaterThan(38);
  });

  it('refuses a point without a scan class as our own mistake', () => {
    const config = lineConfig(1, 100, ['holding:1'], { scanClasses: {} });
    expect(() => startLine(config, new Recorder().ports)).toThrow('in no scan class');
  });
});
