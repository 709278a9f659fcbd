import { expect, it } from 'vitest';
import { loadAssetModel } from '../../model/assets/loadAssetModel.ts';
import { loadAccounts } from './loadAccounts.ts';

const MODEL = new Map([
  [
    'types/t.yaml',
    `types:
  - { type: press, version: 1, attributes: { mode: { value: 0 }, items: { value: 0 }, scrap: { value: 0 } } }
  - { type: meter, version: 1, attributes: { energy: { value: 0, unit: kW.h }, power: { value: 0, unit: kW } } }`,
  ],
  [
    'assets/a.yaml',
    `assets:
  - { path: acme, level: site }
  - { path: acme/press-1, type: press }
  - { path: acme/press-2, type: press }
  - { path: acme/meter, type: meter }`,
  ],
]);
const { model } = await loadAssetModel(MODEL);
const load = (text: string) => loadAccounts(new Map([...MODEL, ['frames/f.yaml', text]]), model);

const MACHINE =
  '{ type: press, state: mode, states: { 1: idle, 2: execute, off: held }, pieces: items, idealCycle: 30s }';
const ENERGY =
  '{ name: power, asset: acme/meter, meter: energy, drivers: [{ attribute: power, measure: average }], interval: 15min, baseline: { start: 2026-01-01T00:00:00Z, end: 2026-02-01T00:00:00Z } }';

it('a machine account is that of every asset of the type, and knows its states as numbers and as texts', () => {
  const { machines, defects } = load(
    `machines:\n  - ${MACHINE.replace('idealCycle', 'categories: { idle: unplanned-stop }, idealCycle')}`,
  );
  expect(defects).toEqual([]);
  expect([...machines.keys()].map((id) => model.assets.get(id)?.path)).toEqual(['acme/press-1', 'acme/press-2']);
  const [account] = machines.values();
  expect(account).toMatchObject({ idealCycleSeconds: 30, rejects: undefined });
  expect([account.states.get(2), account.states.get('2'), account.states.get('off')]).toEqual([
    'execute',
    'execute',
    'held',
  ]);
  expect([1, 2, 'off'].map((value) => account.categories.get(value))).toEqual([
    ...['unplanned-stop', 'productive', 'unplanned-stop'],
  ]);
});

it('an account of energy has the units of its attributes', () => {
  const { energy, defects } = load(`energy:\n  - ${ENERGY}`);
  expect(defects).toEqual([]);
  expect(energy).toMatchObject([
    {
      name: 'power',
      intervalUs: 900e6,
      meter: { attribute: 'energy', measure: 'increase', unit: 'kW.h' },
      drivers: [{ attribute: 'power', measure: 'average', unit: 'kW' }],
    },
  ]);
});

it.each([
  ['a type', MACHINE.replace('type: press', 'type: pres'), 'no type "pres"', 'did you mean "press"?'],
  ['an asset', MACHINE.replace('type: press', 'asset: acme/press-3'), 'no asset "acme/press-3"', 'acme/press-'],
  ['neither', MACHINE.replace('type: press, ', ''), 'needs a type or an asset', 'asset'],
  ['an attribute', MACHINE.replace('items', 'item'), 'no attribute "item"', 'did you mean "items"?'],
  ['a state of PackML', MACHINE.replace('execute', 'producing'), '', undefined],
  ['a length of time', MACHINE.replace('30s', 'quick'), 'is no length of time', undefined],
])(
  '%s that is wrong in a machine account is named with its line, and the rest works',
  (_what, entry, message, hint) => {
    const { machines, energy, defects } = load(`energy:\n  - ${ENERGY}\nmachines:\n  - ${entry}`);
    expect([machines.size, energy.length]).toEqual([0, 1]);
    expect(defects[0]).toMatchObject({ file: 'frames/f.yaml', line: 4 });
    expect(defects[0].message).toContain(message);
    if (hint) expect(defects[0].hint).toContain(hint);
  },
);

it.each([
  ['no driver', ENERGY.replace('{ attribute: power, measure: average }', ''), 'drivers'],
  ['a measure that there is not', ENERGY.replace('average', 'mode'), 'increase'],
  ['a meter that there is not', ENERGY.replace('meter: energy', 'meter: gas'), 'no attribute "gas"'],
  ['a period that is none', ENERGY.replace('2026-02-01T00:00:00Z', 'soon'), 'no time with an offset'],
  ['a period that ends before it begins', ENERGY.replace('2026-02-01', '2025-02-01'), 'not before'],
])('%s is a defect of an account of energy', (_what, entry, message) => {
  const { energy, defects } = load(`energy:\n  - ${entry}`);
  expect(energy).toEqual([]);
  expect(defects).toHaveLength(1);
  expect(`${defects[0].message} ${defects[0].hint}`).toContain(message);
});
