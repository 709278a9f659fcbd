import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { learnProfile } from '@tidegate/health/profile/learnProfile.ts';
import { beforeEach, expect, it, onTestFinished } from 'vitest';
import { mustSucceed } from '../../../historian/query/testbed/historians.ts';
import { ModelRegistry, type NewModel } from './modelRegistry.ts';
import type { ModelCard } from './modelVersion.ts';
import { seenRows } from './seenRows.ts';

const EVERY = 600_000_000;
const ROWS = 600;
const wave = (row: number) => Math.sin(row * 12.9898) + Math.cos(row * 78.233);
const column = Float64Array.from({ length: ROWS }, (_, row) => wave(row));
const times = column.map((_value, row) => (row + 1) * EVERY);
const spec = {
  features: [{ name: 'leak', unit: 'L/h', negligible: 0.1 }],
  intervalUs: EVERY,
  budget: { alarms: 1, perUs: 365 * 86_400e6 },
};
const profile = mustSucceed(learnProfile({ times, columns: [column], quality: new Float64Array(ROWS).fill(1) }, spec));

function model(featureVersion = 'a', changes: Partial<ModelCard> = {}): NewModel {
  const card = {
    ...{ featureVersion, features: ['leak'], start: 0, end: ROWS * EVERY, knownAt: 7, excluded: [] },
    ...{ report: profile.report, backtest: { rows: 600, days: 4, alarms: 0 }, ...changes },
  };
  const seen = seenRows(['leak'], [column], 100);
  return { watch: 'P1/seal', by: 'mira', learnedAt: 5, card, profile: profile.toJson(), seen };
}

let path: string;
let registry: ModelRegistry;

beforeEach(async () => {
  const directory = await mkdtemp(join(tmpdir(), 'tidegate-models-'));
  path = join(directory, 'health-models.sqlite');
  registry = mustSucceed(ModelRegistry.open(path));
  onTestFinished(async () => {
    registry.close();
    await rm(directory, { recursive: true });
  });
});

/** Number and state of all models of the watch. */
function standing(): string[] {
  return mustSucceed(registry.list('P1/seal')).map(({ number, state }) => `${number} ${state}`);
}

const order = (number: number) => ({ watch: 'P1/seal', number, by: 'ada', why: 'because', at: 9 });

it('the first model with the features as they are is active, each further one a shadow', () => {
  for (const version of ['a', 'a', 'b', 'b']) mustSucceed(registry.add(model(version)));
  expect(standing()).toEqual(['1 retired', '2 shadow', '3 active', '4 shadow']);
  mustSucceed(registry.add({ ...model(), watch: 'P2/seal' }));
  expect(mustSucceed(registry.list()).map(({ watch, number }) => `${watch} ${number}`)).toHaveLength(5);
});

it('one is active; one that was can be so again; and it is known who wanted it and why', () => {
  for (const version of ['a', 'a']) mustSucceed(registry.add(model(version)));
  const revision = registry.revisionOf('P1/seal');
  expect(registry.promote(order(2))).toMatchObject({ value: { number: 2, state: 'active' } });
  expect(standing()).toEqual(['1 retired', '2 active']);
  mustSucceed(registry.promote(order(1)));
  expect(standing()).toEqual(['1 active', '2 retired']);
  mustSucceed(registry.retire(order(1)));
  expect(standing()).toEqual(['1 retired', '2 retired']);
  expect(registry.revisionOf('P1/seal')).toBe(revision + 3);
  const trail = mustSucceed(registry.trail('P1/seal')).map(({ number, state, by, why }) => [number, state, by, why]);
  expect(trail).toEqual([
    [1, 'active', 'mira', 'the first with these features'],
    [2, 'shadow', 'mira', 'learned'],
    [1, 'retired', 'ada', 'model 2 took its place: because'],
    [2, 'active', 'ada', 'because'],
    [2, 'retired', 'ada', 'model 1 took its place: because'],
    [1, 'active', 'ada', 'because'],
    [1, 'retired', 'ada', 'because'],
  ]);
});

it('a model is what was learned, after a restart as well, with numbers that are not finite', () => {
  const card = model('a', { report: { ...profile.report, leastDrifts: [Number.POSITIVE_INFINITY] } }).card;
  mustSucceed(registry.add({ ...model(), card }));
  registry.close();
  registry = mustSucceed(ModelRegistry.open(path));
  expect(mustSucceed(registry.get('P1/seal', 1))).toEqual({
    ...{ watch: 'P1/seal', number: 1, state: 'active', learnedAt: 5, by: 'mira', card },
  });
  const [kept, learned] = [mustSucceed(registry.profile('P1/seal', 1)).stream(), profile.stream()];
  for (let row = 0; row < 50; row++) {
    const next = [(ROWS + row + 1) * EVERY, Float64Array.of(wave(row) + row / 10), 1] as const;
    expect(kept.push(...next)).toEqual(learned.push(...next));
  }
});

it.each([
  ['one letter of the document', `UPDATE model SET document = replace(document, 'leak', 'loak')`],
  ['the card', `UPDATE model SET card = replace(card, '"start":0', '"start":1')`],
  ['a document of another model', `UPDATE model SET document = (SELECT document FROM model WHERE number = 1)`],
])('what is damaged (%s) is a fault that names it, and never gets a voice', (_what, damage) => {
  mustSucceed(registry.add(model()));
  const other = { ...model(), seen: seenRows(['leak'], [column], 50) };
  mustSucceed(registry.add(other));
  registry.close();
  const database = new DatabaseSync(path);
  database.exec(`DROP TRIGGER model_is_final; ${damage} WHERE number = 2`);
  database.close();
  registry = mustSucceed(ModelRegistry.open(path));
  const named = { code: 'health.model-damaged', detail: expect.stringContaining('Model 2 of the watch P1/seal') };
  expect(registry.profile('P1/seal', 2)).toMatchObject({ ok: false, fault: named });
  expect(registry.promote(order(2))).toMatchObject({ ok: false, fault: named });
  expect(registry.profile('P1/seal', 1)).toMatchObject({ ok: true });
});

it('a card that nobody can read takes the models of no other watch away', () => {
  mustSucceed(registry.add(model()));
  mustSucceed(registry.add({ ...model(), watch: 'P2/seal' }));
  registry.close();
  const database = new DatabaseSync(path);
  database.exec(`DROP TRIGGER model_is_final; UPDATE model SET card = '{' WHERE watch = 'P1/seal'`);
  database.close();
  registry = mustSucceed(ModelRegistry.open(path));
  expect(registry.list('P1/seal')).toMatchObject({ ok: false, fault: { code: 'health.model-damaged' } });
  expect(mustSucceed(registry.list()).map(({ watch }) => watch)).toEqual(['P2/seal']);
});

it('nobody changes or removes a model', () => {
  mustSucceed(registry.add(model()));
  registry.close();
  const database = new DatabaseSync(path);
  expect(() => database.exec(`UPDATE model SET card = ''`)).toThrow('never changes');
  expect(() => database.exec('DELETE FROM model')).toThrow('never removed');
  database.close();
  registry = mustSucceed(ModelRegistry.open(path));
});

it('a model that there is not is a fault', () => {
  const unknown = { ok: false, fault: { code: 'health.model-unknown' } };
  for (const ask of [() => registry.get('x', 1), () => registry.promote(order(1)), () => registry.retire(order(1))]) {
    expect(ask()).toMatchObject(unknown);
  }
});
