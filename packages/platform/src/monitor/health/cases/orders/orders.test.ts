import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { describe, expect, it } from 'vitest';
import { granted, runningKeeper, temporaryDirectory } from '../testbed/runningKeeper.ts';
import { crack, NOW } from '../testbed/standings.ts';
import type { WorkOrder, WorkOrderPort } from '../workOrderPort.ts';
import { FileWorkOrders } from './fileWorkOrders.ts';
import { TAKE_BACK_US } from './orderOutbox.ts';

const TAKE_BACK_MS = TAKE_BACK_US / 1_000;

/** A system of orders that answers as it is told, and remembers what it was asked. */
function system(answers: (attempt: number) => Result<string> | Promise<Result<string>>, name = 'system') {
  const asked: WorkOrder[] = [];
  const place = async (order: WorkOrder) => {
    asked.push(structuredClone(order));
    return answers(asked.length);
  };
  return { name, asked, place } satisfies WorkOrderPort & { asked: WorkOrder[] };
}

function ordered(ports?: WorkOrderPort[], directory?: string) {
  const running = runningKeeper({ ports, directory });
  running.keeper.see(crack());
  granted(running.keeper.order(1, { port: ports?.[0].name ?? 'files', comment: 'before the winter', by: 'Ada' }));
  return running;
}

describe('an order', () => {
  it('is pending until the system has it, then has its reference', async () => {
    const port = system(() => success('WO-7'));
    const { store, clock, orders } = ordered([port]);
    expect(granted(store.get(1))).toMatchObject({ state: 'ordered', orders: [{ key: '1-1', by: 'Ada', at: NOW }] });
    expect(granted(store.get(1)).orders[0].reference).toBeUndefined();
    await clock.advance(TAKE_BACK_MS);
    await orders.deliver();
    expect(granted(store.get(1))).toMatchObject({ state: 'ordered', orders: [{ reference: 'WO-7' }] });
    expect(granted(store.outbox.waiting())).toEqual([]);
    expect(port.asked).toMatchObject([{ key: '1-1', comment: 'before the winter', by: 'Ada', case: { number: 1 } }]);
    expect(granted(store.history(1)).map(({ kind }) => kind)).toEqual(['opened', 'ordered', 'order-placed']);
  });

  it('is offered again, the same each time, to a site that is offline for a day', async () => {
    const offline = failure('health.order-failed', 'cms.example cannot be reached: ENETUNREACH.');
    let isOnline = false;
    const port = system(() => (isOnline ? success('WO-8') : offline));
    const { store, clock, orders, told } = ordered([port]);
    for (let hour = 0; hour < 24; hour++) {
      await clock.advance(3_600e3);
      await orders.deliver();
    }
    expect(port.asked.length).toBeGreaterThan(20);
    expect(port.asked.length).toBeLessThan(60);
    expect(new Set(port.asked.map((order) => JSON.stringify(order))).size).toBe(1);
    expect(granted(store.get(1))).toMatchObject({ orders: [{ trouble: offline.fault.detail }] });
    isOnline = true;
    await clock.advance(3_600e3);
    await orders.deliver();
    expect(granted(store.get(1)).orders[0]).toMatchObject({ reference: 'WO-8' });
    expect(granted(store.get(1)).orders[0].trouble).toBeUndefined();
    expect(granted(store.history(1)).map(({ kind }) => kind)).toEqual([
      ...['opened', 'ordered', 'order-failed', 'order-placed'],
    ]);
    expect(told.filter(({ kind }) => kind === 'health.order-failed')).toHaveLength(1);
  });

  it('can be taken back before it is offered, and not after', async () => {
    const port = system(() => success('WO-7'));
    const { keeper, store, clock, orders } = ordered([port]);
    expect(granted(keeper.undo(1, { by: 'Ada' }))).toMatchObject({ state: 'open', orders: [] });
    await clock.advance(2 * TAKE_BACK_MS);
    await orders.deliver();
    expect(port.asked).toEqual([]);
    granted(keeper.order(1, { port: 'system', comment: '', by: 'Ada' }));
    await clock.advance(TAKE_BACK_MS);
    await orders.deliver();
    expect(keeper.undo(1, { by: 'Ada' })).toMatchObject({ fault: { code: 'health.case-state' } });
    expect(granted(store.get(1)).state).toBe('ordered');
  });

  it('is placed once, and again only after the case was opened again', async () => {
    const port = system((attempt) => success(`WO-${attempt}`));
    const { keeper, store, clock, orders } = ordered([port]);
    const order = () => keeper.order(1, { port: 'system', comment: '', by: 'Ada' });
    expect(order()).toMatchObject({ fault: { code: 'health.case-state' } });
    await clock.advance(TAKE_BACK_MS);
    await orders.deliver();
    granted(keeper.close(1, { comment: 'done', by: 'Ada' }));
    granted(keeper.reopen(1, { comment: 'not done', by: 'Ada' }));
    granted(order());
    await clock.advance(TAKE_BACK_MS);
    await orders.deliver();
    expect(granted(store.get(1)).orders.map(({ key, reference }) => [key, reference])).toEqual([
      ['1-1', 'WO-1'],
      ['1-2', 'WO-2'],
    ]);
  });

  it('is not held up by another system, and waits for one that is not configured any more', async () => {
    const silent = system(() => new Promise<never>(() => {}), 'silent');
    const directory = temporaryDirectory();
    const first = ordered([silent], directory);
    await first.orders.close();
    first.store.close();
    const port = system(() => success('WO-1'));
    const { keeper, store, clock, orders } = runningKeeper({ ports: [port], directory });
    keeper.see(crack({ watch: { id: 'PSU-2/output-joint' } }));
    granted(keeper.order(2, { port: 'system', comment: '', by: 'Ada' }));
    await clock.advance(TAKE_BACK_MS);
    await orders.deliver();
    expect(granted(store.get(2)).orders).toMatchObject([{ reference: 'WO-1' }]);
    expect(granted(store.get(1)).orders).toMatchObject([
      { trouble: 'No system of orders is called "silent" any more.' },
    ]);
    expect(granted(store.outbox.waiting())).toHaveLength(1);
  });
});

describe('orders as files', () => {
  it('are one document and one page each, written once', async () => {
    const { directory, store, clock, orders } = ordered();
    await clock.advance(TAKE_BACK_MS);
    await orders.deliver();
    expect(granted(store.get(1)).orders).toMatchObject([{ reference: 'order-1-1.json' }]);
    const files = join(directory, 'orders');
    expect(readdirSync(files).sort()).toEqual(['order-1-1.json', 'order-1-1.txt']);
    expect(JSON.parse(readFileSync(join(files, 'order-1-1.json'), 'utf8'))).toMatchObject({
      ...{ format: 'tidegate-work-order', version: 1, key: '1-1', case: 1, orderedBy: 'Ada' },
      ...{ orderedAt: '2026-05-10T12:00:00Z', since: '2026-03-03T08:00:00Z', failure: 'solder-crack' },
      asset: { id: 'PSU-1', name: 'Power supply 1 of the substation' },
      ...{ bring: ['soldering iron', 'spare supply'], isolations: ['panel 3', 'output of the supply'] },
      ...{ where: 'Substation, panel 3', daysLeft: { median: 62, low: 39, high: 110 } },
      signs: [{ feature: 'contact-resistance', normal: 0.0015, limit: 0.05 }],
    });
    expect(readFileSync(join(files, 'order-1-1.txt'), 'utf8')).toMatchInlineSnapshot(`
      "Order:       1-1, of 2026-05-10T12:00:00Z, by Ada
      Equipment:   Power supply 1 of the substation (acme/north/utilities/substation/power-supply-1)
      Severity:    major
      Reason:      Power supply 1 of the substation: the solder joint at the output terminal cracks through thermal cycling. Contact resistance has risen since 3 March from 1.5 to 4.2 mOhm (limit 50); in most likely 62 days (39 to 110) it is at the limit. Thermal cycling has used 62 % of the usual life of the solder joint of the output terminal, and 0.3 % more a day: 812 cycles of more than 10 K since 8 January 2024.
      Time left:   Most likely 62 days (39 to 110)
      Consequence: The supply fails, and the substation runs on the other one.
      Action:      Solder the joint again.
      Comment:     before the winter
      Where:       Substation, panel 3
      Access:      Gate B, key at the guard
      Bring:       soldering iron; spare supply
      Isolations:  panel 3; output of the supply

      What was found there is told to case 1.
      "
    `);
  });

  it('that are told twice stay as they are, and no key leads elsewhere', async () => {
    const directory = temporaryDirectory();
    const { store } = ordered();
    const port = new FileWorkOrders('files', directory);
    const order = granted(store.outbox.waiting())[0].order;
    expect(await port.place(order)).toEqual(success('order-1-1.json'));
    const before = readFileSync(join(directory, 'order-1-1.json'), 'utf8');
    expect(await port.place({ ...order, comment: 'another' })).toEqual(success('order-1-1.json'));
    expect(readFileSync(join(directory, 'order-1-1.json'), 'utf8')).toBe(before);
    expect(await port.place({ ...order, key: '../../x' })).toMatchObject({ fault: { code: 'health.order-failed' } });
    const nowhere = new FileWorkOrders('files', '/dev/null/orders');
    expect(await nowhere.place(order)).toMatchObject({ fault: { code: 'health.order-failed' } });
  });
});
