/** The example of the compressor station: its tag lists lie as its devices do, and its model means what it measures. */

import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { loadAssetModel } from '@tidegate/platform/model/assets/loadAssetModel.ts';
import { loadTwins } from '@tidegate/platform/model/twins/loadTwins.ts';
import { loadAlarms } from '@tidegate/platform/monitor/alarms/loadAlarms.ts';
import { parse } from 'csv-parse/sync';
import { expect, it } from 'vitest';
import { TRAIN_STATES } from '../apps/plant/src/station/physics/trainSequence.ts';
import { trainPoints } from '../apps/plant/src/station/serve/trainRegisters.ts';
import { nodeNameOf } from '../apps/plant/src/station/serve/utilitiesServer.ts';
import { SIGNALS, SITE } from '../apps/plant/src/station/signals/signalCatalogue.ts';

const DIRECTORY = fileURLToPath(new URL('../examples/station/', import.meta.url));
const EVENTS = `${SITE}/utilities/substation/events`;

type TagRow = Readonly<Partial<Record<'path' | 'address' | 'unit' | 'low' | 'high' | 'states', string>>>;
const tags = new Map(
  globSync('*.csv', { cwd: DIRECTORY })
    .flatMap((file): TagRow[] => parse(readFileSync(DIRECTORY + file), { columns: true }))
    .map((row) => [row.path ?? '', row]),
);
const texts = new Map(
  globSync('**/*.{yaml,csv}', { cwd: `${DIRECTORY}model` }).map((file) => [
    file,
    readFileSync(`${DIRECTORY}model/${file}`, 'utf8'),
  ]),
);
const STATES = TRAIN_STATES.map((name, code) => ({ code, name }));

it('has a tag for each signal of the station, at the address and in the unit that its device has it in', () => {
  const addresses = new Map<string, string>();
  for (const train of [1, 2, 3]) {
    for (const { signal, address } of trainPoints(train)) {
      addresses.set(signal.path, `${signal.kind === 'boolean' ? 'coil' : 'input'}:${address}`);
    }
  }
  for (const signal of SIGNALS) {
    const name = nodeNameOf(signal);
    if (name !== undefined) addresses.set(signal.path, `ns=2;s=${name}`);
    const row = tags.get(`${SITE}/${signal.path}`);
    expect(row, signal.path).toMatchObject({ address: addresses.get(signal.path), unit: signal.unit });
    if (signal.kind === 'number') expect([Number(row?.low), Number(row?.high)]).toEqual([signal.low, signal.high]);
    if (signal.kind === 'state')
      expect(row?.states).toBe(TRAIN_STATES.map((state, code) => `${code}=${state}`).join(';'));
  }
  expect([...tags.keys()].sort()).toEqual([...SIGNALS.map(({ path }) => `${SITE}/${path}`), EVENTS].sort());
});

it('has a model without a mistake, in which every signal is an attribute', async () => {
  const { model, defects } = await loadAssetModel(texts);
  expect(defects).toEqual([]);
  const bound = [...model.assets.values()].flatMap(({ attributes }) =>
    [...attributes.values()].flatMap(({ source, unit }) => (source.kind === 'tag' ? [[source.path, unit]] : [])),
  );
  for (const [path, unit] of bound) expect(tags.get(path)?.unit, path).toBe(unit);
  expect(bound.map(([path]) => path).sort()).toEqual([...tags.keys()].filter((path) => path !== EVENTS).sort());
  const sources = [...model.assets.values()].flatMap(({ attributes }) => [...attributes.values()]);
  expect(sources.filter(({ source }) => source.kind === 'unbound')).toEqual([]);

  const { twins, defects: ofTwins } = loadTwins(texts, model);
  expect(ofTwins).toEqual([]);
  expect([...twins.keys()].sort()).toEqual(['centrifugal-compressor', 'gas-turbine', 'heat-trace', 'power-supply']);

  const { alarms, defects: ofAlarms } = loadAlarms(texts, model, (path) =>
    path.endsWith('/state') ? { unit: '', states: STATES } : undefined,
  );
  expect(ofAlarms).toEqual([]);
  expect(alarms.every(({ definition }) => definition.rationalisation !== undefined)).toBe(true);
  expect(alarms.length).toBeGreaterThan(25);
});
