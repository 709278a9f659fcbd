import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Clock } from '@tidegate/core/clock/clock.ts';
import { systemClock } from '@tidegate/core/clock/clock.ts';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ModelTexts } from './assetModel.ts';
import { type ModelPlan, ModelStore } from './modelStore.ts';

const TYPES = `types:
  - type: pump
    version: 1
    attributes:
      flow: { tag: "{id}/flow", unit: m3/h, low: 0, high: 100 }
      power: { tag: "{id}/power", unit: kW }
`;
const ASSETS = `assets:
  - { path: acme/pump-1, type: pump }
  - { path: acme/pump-2, type: pump }
`;
const textsOf = (types: string, assets: string): ModelTexts =>
  new Map([
    ['types/pump.yaml', types],
    ['assets/pumps.yaml', assets],
  ]);

let directory = '';
let nowUs = 1_000;
let store: ModelStore;
const clock: Clock = { now: () => nowUs as Timestamp, elapsedMs: () => nowUs / 1_000, after: systemClock.after };
const at = (time: number) => time as Timestamp;

async function open(): Promise<ModelStore> {
  const opened = await ModelStore.open({ directory, clock });
  if (!opened.ok) throw new Error(opened.fault.detail);
  return opened.value;
}

async function apply(texts: ModelTexts, more: object = {}) {
  const applied = await store.apply({ texts, by: 'Ada', comment: 'because', ...more });
  if (!applied.ok) throw new Error(applied.fault.detail);
  return applied.value;
}

async function planOf(texts: ModelTexts): Promise<ModelPlan> {
  const plan = await store.plan(texts);
  if (!plan.ok) throw new Error(plan.fault.detail);
  return plan.value;
}

beforeEach(async () => {
  directory = mkdtempSync(path.join(tmpdir(), 'tidegate-model-'));
  nowUs = 1_000;
  store = await open();
});
afterEach(() => {
  store.close();
  rmSync(directory, { recursive: true });
});

describe('versions', () => {
  it('hold from their effective time on, and the first since ever', async () => {
    expect(store.current()).toBeUndefined();
    await apply(textsOf(TYPES, ASSETS));
    nowUs = 2_000;
    await apply(textsOf(TYPES, `${ASSETS}  - { path: acme/pump-3, type: pump }\n`));
    nowUs = 3_000;
    await apply(textsOf(TYPES, ASSETS.replace('pump-2', 'pump-9')), { effective: 1_500 });
    const found = [0, 1_499, 1_500, 1_999, 2_000].map(async (time) => {
      const applied = await store.asOf(at(time));
      return applied.ok && [applied.value.version.number, applied.value.model.assets.size];
    });
    expect(await Promise.all(found)).toEqual([
      [1, 3],
      [1, 3],
      [3, 3],
      [3, 3],
      [2, 4],
    ]);
    expect(store.current()?.version.number).toBe(2);
    expect(store.periods(at(1_000), at(5_000)).map(({ version, start, end }) => [version.number, start, end])).toEqual([
      [1, 1_000, 1_500],
      [3, 1_500, 2_000],
      [2, 2_000, 5_000],
    ]);
    expect(store.versions().map(({ number, effective, applied, by }) => [number, effective, applied, by])).toEqual([
      [1, 0, 1_000, 'Ada'],
      [2, 2_000, 2_000, 'Ada'],
      [3, 1_500, 3_000, 'Ada'],
    ]);
  });

  it('come to hold when their time has come, and listeners are told', async () => {
    const seen: number[] = [];
    store.onChange(({ version }) => seen.push(version.number));
    await apply(textsOf(TYPES, ASSETS));
    await apply(textsOf(TYPES, `${ASSETS}  - { path: acme/x }\n`), { effective: 9_000 });
    expect(store.current()?.version.number).toBe(1);
    nowUs = 9_000;
    await store.refresh();
    await store.refresh();
    expect(seen).toEqual([1, 2]);
  });

  it('are there again after a restart, with the paths that assets had', async () => {
    await apply(textsOf(TYPES, ASSETS));
    nowUs = 2_000;
    await apply(textsOf(TYPES, ASSETS.replace('acme/pump-1, ', 'acme/feed-pump, id: acme/pump-1, ')));
    store.close();
    store = await open();
    const { lookup, model, texts } = store.current()!;
    expect(lookup.asset('acme/pump-1')?.path).toBe('acme/feed-pump');
    expect(model.assets.get('acme/pump-1')?.formerPaths).toEqual(['acme/pump-1']);
    expect(lookup.path('acme/pump-1/flow')?.attribute.source).toEqual({ kind: 'tag', path: 'acme/pump-1/flow' });
    expect(texts.get('types/pump.yaml')).toBe(TYPES);
  });

  it('are not made of what holds already, and not of what has defects', async () => {
    const first = await apply(textsOf(TYPES, ASSETS));
    expect((await apply(textsOf(TYPES, ASSETS))).version).toBe(first.version);
    const wrong = textsOf(TYPES, `${ASSETS}  - { path: acme/x, type: pmup }\n`);
    const refused = await store.apply({ texts: wrong, by: 'Ada', comment: '' });
    expect(refused).toMatchObject({ ok: false, fault: { code: 'model.invalid' } });
    expect(refused.plan?.defects).toHaveLength(1);
    expect(store.versions()).toHaveLength(1);
    await apply(wrong, { acceptDefects: true });
    expect(store.current()?.model.assets.has('acme/x')).toBe(true);
  });

  it('come to hold once, though they are asked for twice at a time', async () => {
    const told: number[] = [];
    store.onChange(({ version }) => told.push(version.number));
    await apply(textsOf(TYPES, ASSETS));
    await apply(textsOf(TYPES, ASSETS.replace('pump-2', 'pump-3')), { effective: at(5_000) });
    nowUs = 5_000;
    await Promise.all([store.refresh(), store.refresh()]);
    expect(told).toEqual([1, 2]);
  });

  it('are checked by later stages as well', async () => {
    const defect = { code: 'config.invalid', file: 'twins/a.yaml', line: 3, column: 1, message: 'is odd' } as const;
    store.addCheck((texts) => (texts.has('twins/a.yaml') ? [defect] : []));
    expect((await planOf(new Map([['twins/a.yaml', '']]))).defects).toEqual([defect]);
  });

  it('survive that the process is killed while it applies them', async () => {
    store.close();
    const program = fileURLToPath(new URL('testbed/applyVersions.ts', import.meta.url));
    const child = spawn(process.execPath, [program, directory], { stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    for await (const bytes of child.stdout) {
      said += bytes;
      if (said.split('\n').length > 8) child.kill('SIGKILL');
    }
    const last = Number(said.trimEnd().split('\n').at(-1));
    nowUs = systemClock.now();
    store = await open();
    const count = store.versions().length;
    expect(count).toBeGreaterThanOrEqual(last);
    expect(count).toBeLessThanOrEqual(last + 1);
    for (let number = 1; number <= count; number++) {
      const applied = await store.version(number);
      expect(applied.ok && applied.value.model.assets.get('P7')?.path).toBe(`acme/${number}/pump-7`);
    }
  });
});

describe('a plan', () => {
  it('tells what becomes of each instance', async () => {
    await apply(textsOf(TYPES, ASSETS));
    const types = TYPES.replace('version: 1', 'version: 2')
      .replace('unit: kW', 'unit: W')
      .replace('{id}/flow', '{path}/Flow');
    const assets = ASSETS.replace('pump-2', 'pump-3').replace(
      'type: pump }',
      'type: pump, relations: { feeds: acme/pump-3 } }',
    );
    const { changes, defects, follows, isNew } = await planOf(textsOf(types, assets));
    expect([defects, follows?.number, isNew]).toEqual([[], 1, true]);
    expect(changes.types).toEqual([
      { kind: 'changed', name: 'pump', fields: [{ field: 'version', from: '1', to: '2' }] },
    ]);
    expect(changes.assets.map(({ kind, path: where }) => [kind, where])).toEqual([
      ['changed', 'acme/pump-1'],
      ['removed', 'acme/pump-2'],
      ['added', 'acme/pump-3'],
    ]);
    expect(changes.assets[0]).toEqual({
      ...{ kind: 'changed', id: 'acme/pump-1', path: 'acme/pump-1', type: 'pump' },
      fields: [{ field: 'type', from: 'pump v1', to: 'pump v2' }],
      attributes: [
        {
          ...{ kind: 'changed', name: 'flow', breaks: undefined },
          fields: [{ field: 'source', from: 'tag acme/pump-1/flow', to: 'tag acme/pump-1/Flow' }],
        },
        {
          ...{ kind: 'changed', name: 'power', breaks: 'its unit changes from kW to W' },
          fields: [{ field: 'unit', from: 'kW', to: 'W' }],
        },
      ],
    });
    expect(changes.relations.added).toEqual(['acme/pump-1 feeds acme/pump-3']);
    expect(changes.likelyRenames).toEqual([{ id: 'acme/pump-2', from: 'acme/pump-2', to: 'acme/pump-3' }]);
  });

  it.each<[string, string, string, string | undefined]>([
    ['an attribute that is removed', TYPES.replace(/ {6}power.*\n/, ''), ASSETS, 'it is removed'],
    ['a unit', TYPES.replace('unit: kW', 'unit: W'), ASSETS, 'its unit changes from kW to W'],
    ['an asset that is removed', TYPES, ASSETS.replace(/.*pump-1.*\n/, ''), 'its asset is removed'],
    ['a range that widens', TYPES.replace('high: 100', 'high: 110'), ASSETS, 'its range widens from 0..100 to 0..110'],
    ['a range that narrows', TYPES.replace('high: 100', 'high: 90'), ASSETS, undefined],
    ['another tag', TYPES.replace('{id}/power', '{id}/Power'), ASSETS, undefined],
    ['a rename', TYPES, ASSETS.replace('acme/pump-1, ', 'acme/p, id: acme/pump-1, '), undefined],
    ['what nobody listens to', TYPES, ASSETS.replace(/.*pump-2.*\n/, ''), undefined],
  ])('says whom it breaks: %s', async (_, types, assets, reason) => {
    await apply(textsOf(TYPES, ASSETS));
    store.addSubscribers({ list: () => [{ name: 'dispatch', attributes: ['acme/pump-1/*'] }] });
    const texts = textsOf(types.replace('version: 1', `version: ${types === TYPES ? 1 : 2}`), assets);
    const result = await store.apply({ texts, by: 'Ada', comment: '' });
    if (reason === undefined) return expect(result.ok).toBe(true);
    expect(!result.ok && result.fault).toMatchObject({ code: 'model.breaks-subscriber' });
    expect(!result.ok && result.fault.detail).toContain('"dispatch" listens to acme/pump-1/');
    expect(result.plan?.broken[0].reason).toBe(reason);
    await apply(texts, { acceptBreaking: true });
    expect(store.versions()).toHaveLength(2);
  });

  it('holds attributes against the tags that there are', async () => {
    store.close();
    const units: Record<string, string> = { 'acme/pump-1/flow': 'L/min', 'acme/pump-1/power': 'Cel' };
    const tagOf = (tag: string) => (tag in units ? { unit: units[tag] } : undefined);
    const opened = await ModelStore.open({ directory, clock, tagOf });
    if (!opened.ok) throw new Error(opened.fault.detail);
    store = opened.value;
    const { defects, waiting } = await planOf(textsOf(TYPES, ASSETS));
    expect(defects.map(({ file, line, message }) => [file, line, message])).toEqual([
      ['types/pump.yaml', 6, '"power" is in kW, and its tag in Cel (of acme/pump-1)'],
    ]);
    expect(waiting.map(({ tag }) => tag)).toEqual(['acme/pump-2/flow', 'acme/pump-2/power']);
  });
});
