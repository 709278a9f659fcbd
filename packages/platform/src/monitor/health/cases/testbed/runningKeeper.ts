/** A keeper of cases on a real database in a directory of its own, with a clock that stands still. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ManualClock } from '@tidegate/core/clock/manualClock.ts';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import type { Result } from '@tidegate/core/fault/fault.ts';
import type { PlantEvent } from '@tidegate/core/port/eventSink.ts';
import { onTestFinished } from 'vitest';
import { CaseKeeper } from '../caseKeeper.ts';
import { CaseStore } from '../caseStore.ts';
import { FileWorkOrders } from '../orders/fileWorkOrders.ts';
import { OrderDesk } from '../orders/orderDesk.ts';
import type { WorkOrderPort } from '../workOrderPort.ts';
import { NOW } from './standings.ts';

export function granted<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.fault.code}: ${result.fault.detail}`);
  return result.value;
}

export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'tidegate-cases-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

export function runningKeeper({
  ports,
  directory = temporaryDirectory(),
  now = NOW,
}: {
  readonly ports?: readonly WorkOrderPort[] | undefined;
  readonly directory?: string | undefined;
  readonly now?: number;
} = {}) {
  const path = join(directory, 'health-cases.sqlite');
  const store = granted(CaseStore.open(path));
  const clock = new ManualClock(now as Timestamp);
  const told: PlantEvent[] = [];
  const events = (event: PlantEvent) => told.push(event);
  const files = new FileWorkOrders('files', join(directory, 'orders'));
  const orders = new OrderDesk({ store, ports: ports ?? [files], clock, events, random: () => 0.5 });
  const keeper = new CaseKeeper({ store, orders, clock, events, zone: 'UTC' });
  onTestFinished(async () => {
    await orders.close();
    store.close();
  });
  return { directory, path, store, clock, told, orders, keeper };
}
