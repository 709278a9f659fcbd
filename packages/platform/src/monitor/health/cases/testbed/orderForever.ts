/** Opens cases and orders work for them, says each number once it is durable, and is killed at some moment. */

import { systemClock } from '@tidegate/core/clock/clock.ts';
import { CaseKeeper } from '../caseKeeper.ts';
import { CaseStore } from '../caseStore.ts';
import { OrderDesk } from '../orders/orderDesk.ts';
import { crack } from './standings.ts';

const opened = CaseStore.open(process.argv[2]);
if (!opened.ok) throw new Error(opened.fault.detail);
const store = opened.value;
// Never answers: an order that has begun is neither taken nor refused when the process dies.
const port = { name: 'silent', place: () => new Promise<never>(() => {}) };
const events = () => {};
const orders = new OrderDesk({ store, ports: [port], clock: systemClock, events, random: Math.random });
const keeper = new CaseKeeper({ store, orders, clock: systemClock, events, zone: 'UTC' });
for (let number = 1; ; number++) {
  const seen = keeper.see(crack({ watch: { id: `PSU-${number}/output-joint`, asset: `PSU-${number}` } }));
  if (!seen.ok) throw new Error(seen.fault.detail);
  const ordered = keeper.order(number, { port: 'silent', comment: `order ${number}`, by: 'Ada' });
  if (!ordered.ok) throw new Error(ordered.fault.detail);
  process.stdout.write(`${number}\n`);
}
