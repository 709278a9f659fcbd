/** What people do with cases, each thing with who, when and why; what alerts make of them is with `CaseIntake`. */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import type { WatchStanding } from '../scoring/watchStanding.ts';
import { CaseIntake, type CaseIntakeParts } from './caseIntake.ts';
import { isSameTrouble } from './caseMatch.ts';
import { type CaseOperation, type Doing, operateCase, takenBack } from './caseOperation.ts';
import type { OutboxEffect } from './caseStore.ts';
import { type CaseChange, type ChangeKind, type Finding, type HealthCase, MACHINE } from './healthCase.ts';
import type { OrderDesk } from './orders/orderDesk.ts';

export interface CaseKeeperParts extends CaseIntakeParts {
  readonly orders: OrderDesk;
}

/** What people add to a case without deciding anything. */
const SAID: readonly ChangeKind[] = ['photo', 'commented'];

export class CaseKeeper {
  readonly #parts: CaseKeeperParts;
  readonly #intake: CaseIntake;

  constructor(parts: CaseKeeperParts) {
    this.#parts = parts;
    this.#intake = new CaseIntake(parts);
  }

  /** Writes and tells what was seen; the store is closed after it. */
  stop(): void {
    this.#intake.stop();
  }

  /** As `CaseIntake.see`. */
  see(standing: WatchStanding): Result<readonly HealthCase[]> {
    return this.#intake.see(standing);
  }

  /** Lets a case rest until a time (µs), or until it is clearly worse. Faults as `operateCase`, and those of the store. */
  snooze(
    number: number,
    what: { readonly until: number; readonly reason: string; readonly by: string },
  ): Result<HealthCase> {
    return this.#operate(number, what.by, () => ({ kind: 'snooze', ...what }));
  }

  wake(number: number, what: { readonly reason: string; readonly by: string }): Result<HealthCase> {
    return this.#operate(number, what.by, () => ({ kind: 'wake', ...what }));
  }

  /** The order is kept, and offered to the system of orders until that takes it. */
  order(
    number: number,
    what: { readonly port: string; readonly comment: string; readonly by: string },
  ): Result<HealthCase> {
    const { orders } = this.#parts;
    if (!orders.has(what.port)) {
      return failure(
        'health.case-refused',
        `There is no system of orders "${what.port}"; there are: ${orders.names.join(', ')}.`,
      );
    }
    const ordered = this.#operate(number, what.by, (present) => ({
      ...{ kind: 'order', ...what, key: `${number}-${1 + Number(present.orders.at(-1)?.key.split('-')[1] ?? 0)}` },
    }));
    if (ordered.ok) orders.plan();
    return ordered;
  }

  /** What the person at site found; a later finding takes the place of an earlier one, which the history keeps. */
  find(number: number, finding: Finding): Result<HealthCase> {
    const photos = this.#parts.store.photos(number);
    if (!photos.ok) return photos;
    const missing = finding.photos.find((name) => !photos.value.some((photo) => photo.name === name));
    if (missing !== undefined) return failure('health.case-refused', `Case ${number} has no photo ${missing}.`);
    return this.#operate(number, finding.by, () => ({ kind: 'find', finding }));
  }

  close(number: number, what: { readonly comment: string; readonly by: string }): Result<HealthCase> {
    return this.#operate(number, what.by, () => ({ kind: 'close', ...what }));
  }

  reopen(number: number, what: { readonly comment: string; readonly by: string }): Result<HealthCase> {
    return this.#operate(number, what.by, () => ({ kind: 'reopen', ...what }));
  }

  /** A line of the history that changes nothing else. */
  comment(number: number, what: { readonly text: string; readonly by: string }): Result<HealthCase> {
    return this.#operate(number, what.by, () => ({ kind: 'comment', ...what }));
  }

  /** Numbers of the cases that began together with it and are not closed, without its own. Faults: `health.case-unknown`, those of the store. */
  beganWith(number: number): Result<readonly number[]> {
    const { store } = this.#parts;
    const [present, pending] = [store.get(number), store.list({ states: ['open', 'ordered'] })];
    if (!present.ok) return present;
    if (!pending.ok) return pending;
    const groupOf = (one: HealthCase) => one.beganWith ?? one.number;
    const others = pending.value.filter((one) => one.number !== number && groupOf(one) === groupOf(present.value));
    return success(others.map((one) => one.number).sort((a, b) => a - b));
  }

  /**
   * Takes back what a person decided last; an order only before it was first offered. Faults: `health.case-unknown`, `health.case-state`,
   * `health.case-refused`, and those of the store.
   */
  undo(number: number, { by }: { readonly by: string }): Result<HealthCase> {
    const { store, clock } = this.#parts;
    if (by.trim() === '') return failure('health.case-refused', 'Who does it is not said.');
    const history = store.history(number);
    if (!history.ok) return history;
    const place = history.value.findLastIndex(({ by: who, kind }) => who !== MACHINE && !SAID.includes(kind));
    const last = history.value[place];
    if (!last || last.kind === 'undone') {
      return failure('health.case-state', `Of case ${number} there is nothing to take back.`);
    }
    const present = store.get(number);
    if (!present.ok) return present;
    const effects = this.#unsend(last);
    if (!effects.ok) return effects;
    const kept = present.value.orders.filter(({ key }) => !effects.value.some((effect) => effect.key === key));
    const after = takenBack(present.value, { before: history.value[place - 1].after, after: last.after, orders: kept });
    const rival = this.#rivalOf(present.value, after);
    if (!rival.ok) return rival;
    return store.change(after, { at: clock.now(), by, kind: 'undone', why: last.kind }, effects.value);
  }

  #operate(number: number, by: string, operationOf: (present: HealthCase) => CaseOperation): Result<HealthCase> {
    const { store, clock } = this.#parts;
    const present = store.get(number);
    if (!present.ok) return present;
    const doing: Doing = { by, at: clock.now() };
    const operation = operationOf(present.value);
    const done = operateCase(present.value, operation, doing);
    if (!done.ok) return done;
    const { after, kind, why } = done.value;
    const rival = this.#rivalOf(present.value, after);
    if (!rival.ok) return rival;
    const effects: OutboxEffect[] = [];
    if (operation.kind === 'order') {
      const { key, port, comment } = operation;
      effects.push({ kind: 'send', port, order: { key, case: after, comment, ...doing } });
    }
    return store.change(after, { ...doing, kind, why }, effects);
  }

  /** What takes an order that was never offered out of the outbox. */
  #unsend({ kind, after }: CaseChange): Result<readonly { readonly kind: 'done'; readonly key: string }[]> {
    if (kind !== 'ordered') return success([]);
    const waiting = this.#parts.store.outbox.waiting();
    if (!waiting.ok) return waiting;
    const key = after.orders.at(-1)!.key;
    const isUnsent = waiting.value.some(({ order, attempts }) => order.key === key && attempts === 0);
    if (isUnsent) return success([{ kind: 'done', key }]);
    return failure('health.case-state', `Order ${key} may have arrived already: cancel it where orders are kept.`);
  }

  /** A case that is opened again must not stand beside another of the same. Fault `health.case-state`. */
  #rivalOf(before: HealthCase, after: HealthCase): Result<void> {
    if (before.state !== 'closed' || after.state === 'closed') return success(undefined);
    const open = this.#parts.store.list({ watch: after.watch, states: ['open', 'ordered'] });
    if (!open.ok) return open;
    const rival = open.value.find(({ reasons }) => isSameTrouble(reasons, after.reasons));
    if (!rival) return success(undefined);
    return failure('health.case-state', `Case ${rival.number} is open for the same; go on there.`);
  }
}
