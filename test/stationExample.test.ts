/** The example of the compressor station: its tag lists lie as its devices do, and its model means what it measures. */

import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { loadGatewayConfig } from '@tidegate/edge/configuration/loadGatewayConfig.ts';
import { loadAssetModel } from '@tidegate/platform/model/assets/loadAssetModel.ts';
import { loadTwins } from '@tidegate/platform/model/twins/loadTwins.ts';
import { loadAlarms } from '@tidegate/platform/monitor/alarms/loadAlarms.ts';
import { loadFrames } from '@tidegate/platform/monitor/events/loadFrames.ts';
import { expect, it } from 'vitest';
import { TRAIN_STATES } from '../apps/plant/src/station/physics/trainSequence.ts';
import { trainPoints } from '../apps/plant/src/station/serve/trainRegisters.ts';
import { nodeNameOf } from '../apps/plant/src/station/serve/utilitiesServer.ts';
import { SIGNALS, SITE } from '../apps/plant/src/station/signals/signalCatalogue.ts';

const DIRECTORY = fileURLToPath(new URL('../examples/station/', import.meta.url));
const EVENTS = `${SITE}/utilities/substation/events`;

const loaded = await loadGatewayConfig(`${DIRECTORY}gateway.yaml`);
if (!loaded.ok) throw new Error(loaded.defects.map(({ message }) => message).join('; '));
const tags = new Map(
  loaded.value.lines.flatMap(({ devices }) => devices.flatMap((device) => device.tags)).map((tag) => [tag.path, tag]),
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
    const tag = tags.get(`${SITE}/${signal.path}`);
    expect(tag, signal.path).toMatchObject({ point: { address: addresses.get(signal.path) }, unit: signal.unit });
    if (signal.kind === 'number') expect([tag?.low, tag?.high]).toEqual([signal.low, signal.high]);
    if (signal.kind === 'state') expect(tag?.states).toEqual(STATES);
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

  const { templates, defects: ofFrames } = loadFrames(texts, model);
  expect(ofFrames).toEqual([]);
  expect([...templates.values()].map(({ kind }) => kind)).toEqual([
    'run',
    'start-up',
    'shut-down',
    'trip',
    'excursion',
  ]);
});
