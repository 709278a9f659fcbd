import type { TwinSummary } from '@tidegate/platform/northbound/contract/twin.ts';
import { expect, it } from 'vitest';
import { sigmaBar } from './sigmaBar.ts';
import { trustWords } from './trustWords.ts';
import { twinsInOrder } from './twinOrder.ts';
import { orderOf, startsOf, type WhatIfLine } from './whatIfForm.ts';

it.each([
  [0, { start: 0.5, width: 0, isUnusual: false }],
  [3, { start: 0.5, width: 0.25, isUnusual: false }],
  [-3.3, { start: 0.225, width: 0.275, isUnusual: true }],
  [-40, { start: 0, width: 0.5, isUnusual: true }],
  [null, undefined],
  [Number.NaN, undefined],
])('a residual of %s sigmas is the bar %j', (sigmas, bar) => {
  const made = sigmaBar(sigmas);
  if (!bar) expect(made).toBeUndefined();
  else {
    expect(made?.start).toBeCloseTo(bar.start);
    expect(made?.width).toBeCloseTo(bar.width);
    expect(made?.isUnusual).toBe(bar.isUnusual);
  }
});

it.each([
  [1, 'trusted'],
  [0.8, 'trusted'],
  [0.5, 'trusted with care'],
  [0.49, 'not to be trusted'],
  [0, 'not to be trusted'],
])('a trust of %d is: %s', (score, word) => {
  expect(trustWords(score).word).toBe(word);
});

const line = (name: string, kind: WhatIfLine['kind'], amount: string): WhatIfLine => ({ id: 0, name, kind, amount });
const order = (...lines: WhatIfLine[]) => orderOf('a/b', { from: '*-1h', length: '1h', lines });

it.each([
  ['nothing', [], {}, {}],
  ['a line that nobody has begun', [line('', 'set', ' ')], {}, {}],
  ['an input', [line('speed', 'scale', '1,02')], { speed: { scale: 1.02 } }, {}],
  ['a parameter of the same name', [line('x', 'add', '-2'), line('x', 'parameter', '3')], { x: { add: -2 } }, { x: 3 }],
])('asks for a run with %s changed', (_, lines, changes, parameters) => {
  expect(order(...lines)).toEqual({
    ok: true,
    order: { asset: 'a/b', from: '*-1h', for: '1h', changes, parameters },
  });
});

it.each([
  ['no name', [line('', 'set', '3')], /Choose what/],
  ['no number', [line('speed', 'set', '')], /by a number what speed/],
  ['what is no number', [line('speed', 'set', 'fast')], /by a number what speed/],
  ['the same twice', [line('speed', 'set', '1'), line('speed', 'add', '1')], /changed twice/],
])('asks for nothing with %s', (_, lines, problem) => {
  expect(order(...lines)).toEqual({ ok: false, problem: expect.stringMatching(problem) });
});

it('begins a run at the moment that is shown', () => {
  expect(startsOf('2026-01-01T00:00:00Z').map(({ from }) => from)).toEqual(['2026-01-01T00:00:00Z']);
  expect(startsOf(undefined).map(({ from }) => from)).toContain('*-8h');
});

it('lists unusual twins first, the farther the earlier, and the others by path, whatever the noise says', () => {
  const twin = (path: string, sigmas: number | null): TwinSummary => ({
    ...{ id: path, path, type: 'pump', mode: 'running', trust: 1, reason: null },
    worst: sigmas === null ? null : { attribute: 'flow', sigmas },
  });
  const twins = [twin('p-10', 2.9), twin('p-2', 0.1), twin('p-1', null), twin('p-4', 3.1), twin('p-3', -8)];
  expect(twinsInOrder(twins).map(({ path }) => path)).toEqual(['p-3', 'p-4', 'p-1', 'p-2', 'p-10']);
});
