import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isSound } from './caseOperation.ts';
import type { Finding } from './healthCase.ts';
import { granted, runningKeeper } from './testbed/runningKeeper.ts';
import { crack, DAY, standing } from './testbed/standings.ts';

type Keeper = ReturnType<typeof runningKeeper>['keeper'];
type Step = (keeper: Keeper, number: number, now: number) => unknown;

const finding = (now: number, plan: Partial<Finding>): Finding => ({
  ...{ outcome: 'nothing-found', failure: undefined, notes: '', repaired: false, photos: [], by: 'Ada', at: now },
  ...plan,
});

const STEPS: Readonly<Record<string, Step>> = {
  alert: (keeper, _number, now) => keeper.see(crack({ time: now })),
  worse: (keeper, _number, now) => keeper.see(crack({ time: now, growth: 5, medianDays: 3 })),
  unnamed: (keeper, _number, now) =>
    keeper.see(standing({ time: now, drifts: { 'case-temperature': { level: 9, evidence: 2 } } })),
  worn: (keeper, _number, now) =>
    keeper.see(standing({ time: now, fatigue: { life: { medianDays: 9, lowDays: 1, highDays: 30 } } })),
  snooze: (keeper, number, now) => keeper.snooze(number, { until: now + 3 * DAY, reason: 'x', by: 'Ada' }),
  wake: (keeper, number) => keeper.wake(number, { reason: 'x', by: 'Ada' }),
  order: (keeper, number) => keeper.order(number, { port: 'files', comment: 'x', by: 'Ada' }),
  nothing: (keeper, number, now) => keeper.find(number, finding(now, {})),
  repaired: (keeper, number, now) =>
    keeper.find(number, finding(now, { outcome: 'confirmed', failure: 'solder-crack', repaired: true })),
  other: (keeper, number, now) => keeper.find(number, finding(now, { outcome: 'other-cause', failure: 'loose screw' })),
  close: (keeper, number) => keeper.close(number, { comment: 'x', by: 'Ada' }),
  reopen: (keeper, number) => keeper.reopen(number, { comment: 'x', by: 'Ada' }),
  comment: (keeper, number) => keeper.comment(number, { text: 'x', by: 'Ada' }),
  undo: (keeper, number) => keeper.undo(number, { by: 'Ada' }),
};

it('keeps every case sound and loses no line of its history, whatever is done in whatever order', async () => {
  const { keeper, store, clock, orders } = runningKeeper();
  const step = fc.record({
    name: fc.constantFrom(...Object.keys(STEPS)),
    case: fc.nat(2),
    hours: fc.constantFrom(0, 1, 30, 900),
  });
  const linesOf = () => granted(store.list({})).map(({ number }) => granted(store.history(number)).map(({ id }) => id));
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      for (const { name, case: back, hours } of steps) {
        const before = granted(store.list({}));
        const lines = linesOf().slice(0, 4);
        STEPS[name](keeper, Math.max(1, (before[0]?.number ?? 1) - back), clock.now());
        if (hours > 0) await clock.advance(hours * 3_600e3);
        await orders.deliver();
        const cases = granted(store.list({ limit: 10 }));
        expect(cases.filter((one) => !isSound(one))).toEqual([]);
        const open = cases.filter(({ state }) => state !== 'closed').map(({ reasons }) => reasons.failure);
        expect(new Set(open).size).toBe(open.length);
        const kept = linesOf().slice(cases.length - before.slice(0, 10).length, 4);
        for (const [at, ids] of kept.entries()) expect(ids.slice(0, lines[at]?.length)).toEqual(lines[at] ?? []);
      }
      // What is waiting belongs to a case that says so, and the other way round.
      const waiting = granted(store.outbox.waiting()).map(({ order }) => order.key);
      const said = granted(store.list({})).flatMap(({ orders: all }) =>
        all.filter(({ reference }) => reference === undefined).map(({ key }) => key),
      );
      expect(said.sort()).toEqual(waiting.sort());
    }),
    { numRuns: 25 },
  );
}, 20_000);
