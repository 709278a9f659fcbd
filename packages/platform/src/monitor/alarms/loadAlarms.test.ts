import { describe, expect, it } from 'vitest';
import { loadAssetModel } from '../../model/assets/loadAssetModel.ts';
import { loadAlarms, type TagsByPath } from './loadAlarms.ts';

const MODEL = {
  'types/machines.yaml': `
types:
  - type: machine
    version: 1
    abstract: true
    attributes:
      state: { tag: "{path}/state" }
  - type: pump
    version: 1
    extends: machine
    attributes:
      temperature: { tag: "{path}/temperature", unit: Cel }
      target: { value: 60, unit: Cel }
`,
  'assets/plant.yaml': `
assets:
  - { path: acme/north, level: site }
  - { path: acme/north/pump-1, type: pump }
  - { path: acme/north/pump-2, type: pump }
`,
};
const REASONS = 'rationalisation: { cause: c, consequence: c, severity: major, action: a, responseTime: 10min }';
const TAGS: TagsByPath = (path) =>
  path.endsWith('/state') ? { unit: '', states: [{ code: 3, name: 'tripped' }] } : undefined;

async function load(alarms: string) {
  const texts = new Map(Object.entries({ ...MODEL, 'alarms/all.yaml': `alarms:\n${alarms}` }));
  const { model, defects } = await loadAssetModel(texts);
  expect(defects).toEqual([]);
  return loadAlarms(texts, model, TAGS);
}

it('makes an alarm for every asset of a type, and of those that extend it', async () => {
  const { alarms, defects, signals } = await load(`
  - { type: machine, attribute: state, condition: discrete, equals: tripped, ${REASONS} }
  - { type: pump, name: hot, attribute: temperature, condition: deviation, limit: 5, setPoint: target, ${REASONS}, suppressWhile: [{ attribute: state, equals: tripped }] }
`);
  expect(defects).toEqual([]);
  expect(alarms.map(({ definition }) => definition.name)).toEqual([
    'acme/north/pump-1/state/discrete',
    'acme/north/pump-2/state/discrete',
    'acme/north/pump-1/hot',
    'acme/north/pump-2/hot',
  ]);
  expect(alarms[0].definition.condition).toEqual({ kind: 'discrete', equals: 3 });
  expect(alarms[2]).toMatchObject({
    unit: 'Cel',
    signal: signals.of('attribute').get('acme/north/pump-1/temperature'),
    reference: signals.of('attribute').get('acme/north/pump-1/target'),
    suppressors: [alarms[0].signal],
  });
});

it('watches what a twin derives of an attribute, too', async () => {
  const { alarms, defects } = await load(
    `  - { type: pump, attribute: temperature.sigmas, condition: high, limit: 6, ${REASONS} }\n`,
  );
  expect(defects).toEqual([]);
  expect(alarms[0]).toMatchObject({ unit: '', definition: { name: 'acme/north/pump-1/temperature.sigmas/high' } });
});

describe('what is wrong is named with its line, and the rest works', () => {
  const SOUND = `  - { tag: acme/north/wind, condition: high, limit: 20, ${REASONS} }`;
  it.each([
    [
      'a type',
      `  - { type: pomp, attribute: temperature, condition: high, limit: 1, ${REASONS} }`,
      'no type "pomp"',
      'did you mean "pump"?',
    ],
    [
      'an asset',
      `  - { asset: acme/north/pump-3, attribute: temperature, condition: high, limit: 1, ${REASONS} }`,
      'no asset "acme/north/pump-3"',
      'did you mean',
    ],
    [
      'an attribute',
      `  - { type: pump, attribute: temprature, condition: high, limit: 1, ${REASONS} }`,
      'no attribute "temprature" (of acme/north/pump-1 and 1 more)',
      '"temperature"?',
    ],
    [
      'no reasons',
      '  - { type: pump, attribute: temperature, condition: high, limit: 1 }',
      'not rationalised',
      'exception',
    ],
    ['the same twice', SOUND, 'two alarms "acme/north/wind/high"', 'name'],
    [
      'no scope',
      `  - { attribute: temperature, condition: high, limit: 1, ${REASONS} }`,
      'no attribute "temperature"',
      'path of its asset',
    ],
  ])('%s', async (_what, entry, message, hint) => {
    const { alarms, defects } = await load(`${SOUND}\n${entry}\n`);
    expect(alarms).toHaveLength(1);
    expect(defects).toHaveLength(1);
    expect(defects[0]).toMatchObject({ file: 'alarms/all.yaml', line: 3 });
    expect(defects[0].message).toContain(message);
    expect(defects[0].hint).toContain(hint);
  });
  it('a file that is no YAML', async () => {
    const { defects } = await load('  - [');
    expect(defects).toMatchObject([{ code: 'config.syntax', file: 'alarms/all.yaml' }]);
  });
});
