/** Opens a case and orders work for it by a webhook, and is killed while it waits for the answer. */

import { ManualClock } from '@tidegate/core/clock/manualClock.ts';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import type { Result } from '@tidegate/core/fault/fault.ts';
import { CaseKeeper } from '../../../monitor/health/cases/caseKeeper.ts';
import { CaseStore } from '../../../monitor/health/cases/caseStore.ts';
import { OrderDesk } from '../../../monitor/health/cases/orders/orderDesk.ts';
import { crack, DAY, NOW } from '../../../monitor/health/cases/testbed/standings.ts';
import { WebhookWorkOrders } from '../webhookWorkOrders.ts';

const [, , path, url] = process.argv;

function granted<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.fault.detail);
  return result.value;
}

const store = granted(CaseStore.open(path));
const port = granted(WebhookWorkOrders.open({ name: 'hook', url }));
const clock = new ManualClock(NOW as Timestamp);
const events = () => {};
const orders = new OrderDesk({ store, ports: [port], clock, events, random: () => 0 });
const keeper = new CaseKeeper({ store, orders, clock, events, zone: 'UTC' });
granted(keeper.see(crack({ time: NOW - DAY })));
granted(keeper.order(1, { port: 'hook', comment: '', by: 'Ada' }));
await clock.advance(60_000);
