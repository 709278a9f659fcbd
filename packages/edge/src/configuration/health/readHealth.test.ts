import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PUMP, pumpDocument, pumpProfile } from '../../conditioning/health/testbed/pump.ts';
import { loadGatewayConfig } from '../loadGatewayConfig.ts';
import { numberTags, tagIds } from '../numberTags.ts';
import { GATEWAY_HEAD } from '../testbed/gatewayHead.ts';
import { GatewayModel } from './gatewayModel.ts';

const DEVICES = `devices:
  - name: plc-1
    protocol: modbus-tcp
    host: 192.0.2.10
    tags:
      - { path: site/temperature, address: "holding:0", type: int16, scan: fast, unit: Cel }
      - { path: site/vibration, address: "holding:1", type: int16, scan: fast, unit: mm/s }
      - { path: site/name, address: "holding:2[4]", type: string, scan: slow }
      - { path: site/pump/score, address: "holding:8", type: int16, scan: slow }
`;
const SOUND =
  '{ name: site/bearings, model: pump.json, features: { vibration: site/vibration, temperature: site/temperature } }';
/** Of the first line of what is tested. */
const FIRST_LINE = GATEWAY_HEAD.split('\n').length;

let directory: string;
let document: ReturnType<typeof pumpDocument>;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tidegate-health-'));
  document = pumpDocument();
  await writeFile(join(directory, 'pump.json'), JSON.stringify(document));
});
afterAll(() => rm(directory, { recursive: true }));

async function load(text: string) {
  const file = join(directory, 'gateway.yaml');
  await writeFile(file, `${GATEWAY_HEAD}${text}\n${DEVICES}`);
  return loadGatewayConfig(file);
}

async function sound(text: string) {
  const loaded = await load(text);
  if (!loaded.ok) throw new Error(loaded.defects.map(({ message }) => message).join('; '));
  return loaded.value;
}

describe('a model', () => {
  it('has tags of the operational lane, and features in its own order, whose readings are watched', async () => {
    const config = await sound(`health: [${SOUND}]`);
    const numbered = numberTags(config, [...tagIds(config).keys()]);
    const numberOf = (path: string) => numbered.definitions.find((tag) => tag.path === path)?.number;
    expect(numbered.health).toMatchObject([
      {
        name: 'site/bearings',
        features: [1, 0],
        tags: {
          score: numberOf('site/bearings/score'),
          alarming: numberOf('site/bearings/alarming'),
          late: numberOf('site/bearings/late'),
        },
      },
    ]);
    const own = numbered.definitions.filter(({ path }) => path.startsWith('site/bearings/'));
    expect(own.map(({ lane, type }) => [lane, type])).toEqual([
      ['operational', 'number'],
      ['operational', 'boolean'],
      ['operational', 'number'],
    ]);
    expect(numbered.rules.filter(({ watched }) => watched).map(({ number }) => number)).toEqual([0, 1]);
    expect(config.health?.[0].model).toMatchObject({ watch: 'pump-7/bearings', number: 3 });
  });

  it('stands with its digest for itself in the configuration as text', async () => {
    const { health } = await sound(`health: [${SOUND}]`);
    expect(JSON.stringify(health).length).toBeLessThan(400);
    expect(JSON.stringify(health)).toMatch(/"digest":"[0-9a-f]{64}"/);
  });

  it('has an alarm on what it says', async () => {
    const alarm =
      '{ tag: site/bearings/alarming, condition: discrete, equals: true, priority: high, exception: of a test }';
    const config = await sound(`health: [${SOUND}]\nalarms: [${alarm}]`);
    const { alarms, health, rules } = numberTags(config, [...tagIds(config).keys()]);
    expect(alarms?.alarms[0].signal).toBe(health[0].tags.alarming);
    expect(rules.find(({ number }) => number === health[0].tags.alarming)?.watched).toBe(true);
  });

  it('is nothing that a gateway needs', async () => {
    const config = await sound('');
    expect(config.health).toBeUndefined();
    expect(numberTags(config, [...tagIds(config).keys()]).health).toEqual([]);
  });
});

describe('refused are', () => {
  const withFeatures = (features: string) => `{ name: site/bearings, model: pump.json, features: { ${features} } }`;
  const both = 'vibration: site/vibration, temperature: site/temperature';

  it.each<[string, string, [message: RegExp, hint: RegExp][]]>([
    [
      'an unknown tag',
      withFeatures('vibration: site/vibrations, temperature: site/temperature'),
      [[/no tag "site\/vibrations"/, /did you mean "site\/vibration"/]],
    ],
    [
      'a feature without a tag',
      withFeatures('vibration: site/vibration'),
      [[/"temperature" of the model has no tag/, /temperature: PATH/]],
    ],
    [
      'a feature that the model has not',
      withFeatures(`${both}, speed: site/vibration`),
      [[/no feature "speed"/, /vibration, temperature/]],
    ],
    [
      'a misspelt feature',
      withFeatures('vibration: site/vibration, temprature: site/temperature'),
      [
        [/no feature "temprature"/, /did you mean "temperature"/],
        [/"temperature" of the model has no tag/, /./],
      ],
    ],
    [
      'a tag in another unit',
      withFeatures('vibration: site/temperature, temperature: site/vibration'),
      [
        [/in Cel, and the model was learned in mm\/s/, /scale/],
        [/in mm\/s/, /scale/],
      ],
    ],
    ['texts', withFeatures('vibration: site/name, temperature: site/temperature'), [[/are texts/, /numbers/]]],
    ['two of one name', `${SOUND}, ${SOUND}`, [[/taken by another model/, /the other is at .*:12:/]]],
    [
      'a name whose tags are there',
      SOUND.replace('site/bearings', 'site/pump'),
      [[/its tag "site\/pump\/score"/, /another name; the tag is at/]],
    ],
    ['a name of our own', SOUND.replace('site/bearings', 'site/_pump'), [[/begins with "_"/, /such as/]]],
    ['a name that is no path', SOUND.replace('site/bearings', '"site//x"'), [[/empty segment/, /such as/]]],
    [
      'a file that is not there',
      SOUND.replace('pump.json', 'missing.json'),
      [[/missing.json: there is no such file/, /check the name/]],
    ],
    ['a directory', SOUND.replace('pump.json', '.'), [[/is a directory/, /./]]],
    [
      'a file of something else',
      SOUND.replace('pump.json', 'gateway.yaml'),
      [[/is no document of a learned model/, /tidegate health models/]],
    ],
    [
      'a key that is not known',
      SOUND.replace('name:', 'nam:'),
      [
        [/./, /./],
        [/./, /./],
      ],
    ],
  ])('%s', async (_says, health, expected) => {
    const loaded = await load(`health: [${health}]`);
    const defects = loaded.ok ? [] : loaded.defects;
    expect(defects.map(({ message }) => message)).toHaveLength(expected.length);
    for (const [at, [message, hint]] of expected.entries()) {
      expect(defects[at].line).toBe(FIRST_LINE);
      expect(defects[at].message).toMatch(message);
      expect(defects[at].hint).toMatch(hint);
    }
  });

  it('all at once, with the places of each', async () => {
    const loaded = await load(`health:
  - { name: site/a, model: missing.json, features: { vibration: site/nowhere } }
  - { name: site/b, model: 5, features: {} }
  - { name: site/c, model: pump.json, features: { vibration: site/temperature } }`);
    const found = loaded.ok ? [] : loaded.defects.map(({ line }) => line - FIRST_LINE);
    expect(found.toSorted()).toEqual([1, 1, 2, 3, 3]);
  });

  it('models that judge more often than a gateway can', async () => {
    await writeFile(
      join(directory, 'fast.json'),
      JSON.stringify(pumpDocument(pumpProfile({ ...PUMP, intervalUs: 500_000 }))),
    );
    const loaded = await load(`health: [${SOUND.replace('pump.json', 'fast.json')}]`);
    expect(loaded.ok ? '' : loaded.defects[0].message).toMatch(/judges every 500 ms/);
  });

  const unlike = async (change: (rows: ReturnType<typeof pumpDocument>['rows']) => unknown) => {
    const rows = change(structuredClone(document.rows));
    await writeFile(join(directory, 'unlike.json'), JSON.stringify({ ...document, rows }));
    const loaded = await load(`health: [${SOUND.replace('pump.json', 'unlike.json')}]`);
    const defects = loaded.ok ? [] : loaded.defects;
    return defects.map(({ message, hint, line }) => `${line - FIRST_LINE} ${message}; ${hint}`);
  };

  it('models whose features a gateway does not make as the server does, each with what can be done', async () => {
    const [vibration, temperature] = document.rows.features;
    const all = await unlike(() => ({
      condition: "'state' == 2",
      features: [
        { ...vibration, measure: 'bpfo' },
        { ...temperature, of: "'temperature' - 'ambient'", tag: null },
      ],
    }));
    expect(all).toEqual([
      `0 the model judges only the time in which 'state' == 2, and a gateway all of it; learn a model of a watch without "while", or leave this one to the server`,
      `0 the feature "vibration" of the model is the bpfo of 'vibration', and a gateway makes averages only; learn a model of a watch in which it is an average, or leave this one to the server`,
      `0 the feature "temperature" of the model is reckoned, 'temperature' - 'ambient', and a gateway makes averages of single tags only; learn a model of a watch in which it is a tag, or leave this one to the server`,
    ]);
    expect(await unlike((rows) => rows)).toEqual([]);
  });

  it.each<[string, (rows: object) => unknown, RegExp]>([
    [
      'do not say how their features are made',
      () => undefined,
      /does not say how the features .* are made; .*--save .*again$/,
    ],
    [
      'were learned with other features',
      () => null,
      /learned with other features than its watch had .*; learn a model/,
    ],
    ['tell of other features than they have', (rows) => ({ ...rows, features: [] }), /tells of other features than/],
  ])('documents that %s', async (_says, change, message) => {
    expect(await unlike(change)).toEqual([expect.stringMatching(message)]);
  });

  it('models that need what was learned elsewhere', async () => {
    const outside = Array.from({ length: 100 }, (_, at) => at);
    const profile = { ...(pumpProfile().toJson() as object), outside };
    await writeFile(join(directory, 'elsewhere.json'), JSON.stringify({ ...document, profile }));
    const loaded = await load(`health: [${SOUND.replace('pump.json', 'elsewhere.json')}]`);
    expect(loaded.ok ? '' : loaded.defects[0].message).toMatch(/learned elsewhere, and judges at the server only/);
  });
});

it('a document that was tampered with is refused, or judges without harm', async () => {
  const text = JSON.stringify(document);
  const file = join(directory, 'tampered.json');
  const places = [...text.matchAll(/[:,[](-?\d[^,\]}]*|"[^"]*"|null|\[|\{)/g)].map((match) => match.index + 1);
  const odd = ['null', '-1', '1e308', '0', '"x"', '[]', '{}', '4294967296', '1e-300', 'true'];
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...places), fc.constantFrom(...odd), async (place, other) => {
      const length = /^(-?\d[^,\]}]*|"[^"]*"|null|.)/.exec(text.slice(place))?.[0].length ?? 0;
      const isTree = text[place] === '[' || text[place] === '{';
      await writeFile(file, text.slice(0, place) + other + (isTree ? text.slice(place) : text.slice(place + length)));
      const model = await GatewayModel.read(file);
      if (!(model instanceof GatewayModel)) {
        expect(model.message).toMatch(/damaged|no document|judges every|other features/);
        return;
      }
      const { profile } = model;
      const stream = profile.stream();
      const row = new Float64Array(profile.spec.features.length).fill(2);
      for (let count = 1; count < 200; count++) stream.push(count * profile.spec.intervalUs, row, 1);
      JSON.stringify(stream.state());
    }),
    { numRuns: 150 },
  );
});
