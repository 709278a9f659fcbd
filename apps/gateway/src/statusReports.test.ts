import type { GatewayStatus } from '@tidegate/core/port/gatewayStatus.ts';
import type { ProcessLog } from '@tidegate/process/processLog.ts';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type ParentChannel, reportStatus } from './statusReports.ts';

const STATUS = { kind: 'gateway-status' } as GatewayStatus;
const noLog = {} as ProcessLog;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** A parent that takes a report when the test says so. */
class Parent implements ParentChannel {
  readonly connected = true;
  reports = 0;
  readonly taken: (() => void)[] = [];
  send(_status: GatewayStatus, _handle: undefined, _options: undefined, sent: () => void): boolean {
    this.reports++;
    this.taken.push(sent);
    return true;
  }
}

it('reports at once and every second to a parent that listens, and once more at the end', async () => {
  const parent = new Parent();
  const reports = reportStatus(() => STATUS, noLog, parent);
  for (let second = 1; second <= 3; second++) {
    expect(parent.reports).toBe(second);
    parent.taken.at(-1)?.();
    await vi.advanceTimersByTimeAsync(1000);
  }
  parent.taken.at(-1)?.();
  const finished = reports.finish();
  await vi.waitFor(() => expect(parent.reports).toBe(5));
  parent.taken.at(-1)?.();
  await finished;
});

it('lets no reports pile up before a parent that hangs, and ends all the same', async () => {
  const parent = new Parent();
  const reports = reportStatus(() => STATUS, noLog, parent);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(parent.reports).toBe(1);
  await reports.finish();
});
