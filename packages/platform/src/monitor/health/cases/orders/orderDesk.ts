/**
 * Takes orders from the outbox to the systems of orders, again and again until they are taken: a site may be offline for days.
 *
 * Invariants:
 * - An attempt is counted durably before it is made; an answer that is lost makes one more attempt at the same order, never another.
 * - An order leaves the outbox together with its reference on the case.
 */

import { backoffMs } from '@tidegate/core/clock/backoff.ts';
import type { CancelTimer, Clock } from '@tidegate/core/clock/clock.ts';
import { US_PER_MS } from '@tidegate/core/clock/timestamp.ts';
import { type Fault, failure, type Result } from '@tidegate/core/fault/fault.ts';
import type { EventSink } from '@tidegate/core/port/eventSink.ts';
import type { CaseStore } from '../caseStore.ts';
import { type HealthCase, MACHINE } from '../healthCase.ts';
import type { WorkOrderPort } from '../workOrderPort.ts';
import { TAKE_BACK_US, type WaitingOrder } from './orderOutbox.ts';

export interface OrderDeskParts {
  readonly store: CaseStore;
  readonly ports: readonly WorkOrderPort[];
  readonly clock: Clock;
  readonly events: EventSink;
  /** From 0 to 1, for the times between attempts. */
  readonly random: () => number;
}

/** Between attempts at one order. */
const RETRY = { firstMs: 30_000, maxMs: 3_600_000 };
/** Nothing is offered more often than this, whatever the clock says. */
const LEAST_WAIT_MS = 1_000;

export class OrderDesk {
  readonly #parts: OrderDeskParts;
  readonly #ports: ReadonlyMap<string, WorkOrderPort>;
  #cancel: CancelTimer = () => {};
  #round: Promise<void> | undefined;
  #isClosed = false;

  /** Begins with what waited over a restart. */
  constructor(parts: OrderDeskParts) {
    this.#parts = parts;
    this.#ports = new Map(parts.ports.map((port) => [port.name, port]));
    this.plan();
  }

  get names(): readonly string[] {
    return [...this.#ports.keys()];
  }

  has(port: string): boolean {
    return this.#ports.has(port);
  }

  /** Sets the clock for what is due next: after every new order. */
  plan(): void {
    const { store, clock } = this.#parts;
    // A round that goes on plans when it is over.
    if (this.#round || this.#isClosed) return;
    const waiting = store.outbox.waiting();
    const next = waiting.ok ? waiting.value.at(0)?.nextAt : clock.now() + RETRY.firstMs * US_PER_MS;
    this.#cancel();
    if (next === undefined) return;
    const waitMs = Math.min(RETRY.maxMs, Math.max(LEAST_WAIT_MS, (next - clock.now()) / US_PER_MS));
    this.#cancel = clock.after(waitMs, () => void this.deliver());
  }

  /** Offers what is due; resolves when each has been offered once. */
  deliver(): Promise<void> {
    this.#round ??= this.#offerDue().finally(() => {
      this.#round = undefined;
      this.plan();
    });
    return this.#round;
  }

  /** Ends after the attempts that are under way; the store is closed after it. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#cancel();
    await this.#round;
  }

  async #offerDue(): Promise<void> {
    const byPort = Map.groupBy(this.#due(), ({ port }) => port).values();
    // A system that does not answer holds up no other one.
    await Promise.all([...byPort].map((orders) => this.#offerAll(orders)));
  }

  #due(): readonly WaitingOrder[] {
    const now = this.#parts.clock.now();
    const waiting = this.#parts.store.outbox.waiting();
    // A wall clock that was put back makes nothing wait for longer than it ever does.
    const longest = (attempts: number) => (attempts === 0 ? TAKE_BACK_US : RETRY.maxMs * US_PER_MS);
    const isDue = ({ nextAt, attempts }: WaitingOrder) => nextAt <= now || nextAt > now + longest(attempts);
    return waiting.ok ? waiting.value.filter(isDue) : [];
  }

  async #offerAll(orders: readonly WaitingOrder[]): Promise<void> {
    for (const waiting of orders) {
      if (this.#isClosed) return;
      const offered = await this.#offer(waiting);
      this.#settle(waiting, offered);
    }
  }

  async #offer({ order, port, attempts }: WaitingOrder): Promise<Result<string>> {
    const { store, clock, random } = this.#parts;
    const counted = store.outbox.attempt(order.key, clock.now() + backoffMs(attempts, RETRY, random) * US_PER_MS);
    if (!counted.ok) return counted;
    const system = this.#ports.get(port);
    if (!system) return failure('health.order-failed', `No system of orders is called "${port}" any more.`);
    return system.place(order);
  }

  /** What cannot be written now is offered again, and gets the same reference. */
  #settle({ order, port, attempts }: WaitingOrder, offered: Result<string>): void {
    const { store, clock } = this.#parts;
    const at = clock.now();
    const present = store.get(order.case.number);
    const trouble = offered.ok ? undefined : offered.fault.detail;
    let written: Result<unknown> = present;
    if (present.ok) {
      const after = withOrder(present.value, order.key, { reference: offered.ok ? offered.value : undefined, trouble });
      const was = present.value.orders.find(({ key }) => key === order.key);
      if (offered.ok) {
        const change = { at, by: MACHINE, kind: 'order-placed', why: offered.value } as const;
        written = store.change(after, change, [{ kind: 'done', key: order.key }]);
      } else if (trouble !== was?.trouble) {
        written = store.change(after, { at, by: MACHINE, kind: 'order-failed', why: offered.fault.detail });
      }
    }
    if (!offered.ok && attempts === 0) this.#tell(order.key, port, offered.fault);
    else if (!written.ok) this.#tell(order.key, port, written.fault);
  }

  #tell(key: string, port: string, { code, detail }: Fault): void {
    const { events, clock } = this.#parts;
    events({ at: clock.now(), kind: 'health.order-failed', source: port, detail: `order ${key}: ${code}: ${detail}` });
  }
}

function withOrder(
  present: HealthCase,
  key: string,
  told: { readonly reference: string | undefined; readonly trouble: string | undefined },
): HealthCase {
  return { ...present, orders: present.orders.map((order) => (order.key === key ? { ...order, ...told } : order)) };
}
