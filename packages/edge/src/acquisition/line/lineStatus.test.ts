import { expect, it } from 'vitest';
import { VirtualLine } from '../testbed/virtualLine.ts';

it('counts and measures what becomes of requests', async () => {
  const line = new VirtualLine();
  let turn = 0;
  line.react = () => {
    turn++;
    if (turn % 10 === 0) return { does: 'refuse', afterMs: 7 };
    return { does: turn % 25 === 0 ? 'nothing' : 'answer', afterMs: turn % 2 === 0 ? 7 : 40 };
  };
  const scanClasses = { scan: { intervalMs: 500, offsetMs: 0 } };
  const limits = { maxRequestsPerSecond: 4 };
  const running = line.start(
    line.config(1, { scanClasses, limits, timeoutMs: 100 }, { limits: { minRequestPauseMs: 50 } }),
  );
  await line.pass(59_900);
  const [status] = running.status();
  const { asked } = line;
  expect(status).toMatchObject({ name: 'unit-1', line: 'line-1', protocol: 'modbus-tcp', state: 'running' });
  expect(status.requests).toBe(asked.length);
  expect(status.refusals).toBe(Math.floor(asked.length / 10));
  expect(status.timeouts).toBe(Math.ceil(asked.filter((_, index) => (index + 1) % 25 === 0).length / 2));
  expect(status.failures).toBe(status.refusals + status.timeouts);
  expect(status.lastFailure?.detail).toMatch(/exception 6|no answer|silence/);
  expect(status.roundTrips?.p50Ms).toBeGreaterThanOrEqual(7);
  expect(status.roundTrips?.p50Ms).toBeLessThan(45);
  expect(status.roundTrips?.p95Ms).toBeGreaterThanOrEqual(40);
  expect(status.roundTrips?.maxMs).toBe(40);
  expect(status.budgetUsed).toBeGreaterThan(0.4);
  expect(status.budgetUsed).toBeLessThan(0.6);
  expect(status.lineBudgetUsed).toBeGreaterThan(0.1);
  expect(status.scanLatenessP99Ms).toBeGreaterThanOrEqual(0);
  await line.stop(running);
  expect(running.status()[0].state).toBe('stopped');
});

it('says nothing of what it does not know', () => {
  const line = new VirtualLine();
  line.reachable = false;
  const running = line.start(line.config(1));
  const [status] = running.status();
  expect(Object.keys(status)).not.toContain('roundTrips');
  expect(Object.keys(status)).not.toContain('budgetUsed');
  expect(Object.keys(status)).not.toContain('lastFailure');
  return line.stop(running);
});

it('tells how late scans begin on a line that is asked for more than it carries', async () => {
  const line = new VirtualLine();
  line.react = () => ({ does: 'answer', afterMs: 150 });
  const running = line.start(line.config(10, { scanClasses: { scan: { intervalMs: 1000, offsetMs: 0 } } }));
  await line.pass(30_000);
  for (const { scanLatenessP99Ms, skippedScans } of running.status()) {
    expect(scanLatenessP99Ms).toBeGreaterThan(100);
    expect(skippedScans).toBeGreaterThan(5);
  }
  await line.stop(running);
});

it('says that a device is quiet, and what was wrong with it before', async () => {
  const line = new VirtualLine();
  const now = new Date(0);
  const minute = now.getHours() * 60 + now.getMinutes();
  const quietHours = [{ fromMinute: (minute + 1) % 1440, toMinute: (minute + 2) % 1440 }];
  const config = line.config(2);
  const devices = [config.devices[0], { ...config.devices[1], limits: { quietHours } }];
  const running = line.start({ ...config, devices });
  await line.pass(90_500);
  expect(running.status().map(({ state }) => state)).toEqual(['running', 'quiet']);
  expect(line.count(2, 'BadOutOfService')).toBeGreaterThanOrEqual(30);
  expect(line.count(1, 'Good')).toBe(line.recorder.of(0).length);
  expect(line.recorder.kinds().filter((kind) => kind.endsWith('lost'))).toEqual([]);
  await line.pass(31_000);
  expect(running.status()[1].state).toBe('running');
  await line.stop(running);
});

it('does not ask devices that start together at the same moment, and all of them soon', async () => {
  const start = (line: VirtualLine, name: string) => {
    const config = line.config(1, { scanClasses: { scan: { intervalMs: 60_000 } } });
    return line.start({ ...config, devices: [{ ...config.devices[0], name }] });
  };
  const lines = Array.from({ length: 100 }, () => new VirtualLine());
  const running = lines.map((line, index) => start(line, `device-${index}`));
  for (const line of lines) await line.pass(1_100);
  // The first request of each is the greeting; the scan comes after it.
  const firstMs = lines.map(({ asked }) => asked[1]?.atMs);
  for (const atMs of firstMs) expect(atMs).toBeLessThan(1_050);
  const tenths = Map.groupBy(firstMs, (atMs) => Math.floor((atMs ?? 0) / 100));
  for (const [, together] of tenths) expect(together.length).toBeLessThanOrEqual(25);
  await Promise.all(running.map((one, index) => lines[index].stop(one)));
});
