import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { loadGatewayConfig } from '../loadGatewayConfig.ts';
import { numberTags, tagIds } from '../numberTags.ts';
import { GATEWAY_HEAD } from '../testbed/gatewayHead.ts';

const DEVICES = `devices:
  - name: plc-1
    protocol: modbus-tcp
    host: 192.0.2.10
    tags:
      - { path: site/t-1, address: "holding:0", type: int16, scan: fast, unit: Cel }
      - { path: site/state, address: "holding:1", type: int16, scan: fast, states: { 0: stopped, 1: starting } }
      - { path: site/name, address: "holding:2[4]", type: string, scan: slow }
`;
const REASONS = '{ cause: a, consequence: b, severity: major, action: c, responseTime: 10min }';
const SOUND = `{ tag: site/t-1, condition: high, limit: 120, rationalisation: ${REASONS}, suppressWhile: [{ tag: site/state, equals: starting }] }`;

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tidegate-alarms-'));
});
afterEach(() => rm(directory, { recursive: true }));

async function load(alarms: string) {
  await writeFile(join(directory, 'gateway.yaml'), `${GATEWAY_HEAD}${alarms}\n${DEVICES}`);
  return loadGatewayConfig(join(directory, 'gateway.yaml'));
}

async function sound(alarms: string) {
  const loaded = await load(alarms);
  if (!loaded.ok) throw new Error(loaded.defects.map(({ message }) => message).join('; '));
  return loaded.value;
}

it('takes alarms from the file and from lists beside it, with the numbers of their tags', async () => {
  await writeFile(
    join(directory, 'more.yaml'),
    `- { tag: site/state, condition: discrete, equals: stopped, rationalisation: ${REASONS} }\n`,
  );
  const config = await sound(`alarms: [more.yaml, ${SOUND}]`);
  const { alarms, rules, definitions } = numberTags(
    config,
    tagIds(config).map((_, number) => number),
  );
  expect(alarms?.alarms).toMatchObject([
    { signal: 1, definition: { name: 'site/state/discrete', condition: { equals: 0 }, priority: 'high' } },
    { signal: 0, unit: 'Cel', suppressors: [1], definition: { name: 'site/t-1/high' } },
  ]);
  const own = definitions.filter(({ path }) => path.includes('_alarms'));
  expect(own.map(({ path, lane, type }) => [path, lane, type])).toEqual([
    ['north-1/_alarms/site.state.discrete', 'audit', 'string'],
    ['north-1/_alarms/site.t-1.high', 'audit', 'string'],
    ['north-1/_alarms/outside', 'audit', 'string'],
  ]);
  expect(own.map(({ number }) => number)).toEqual([...(alarms?.tags.values() ?? [])]);
  expect(rules.filter(({ watched }) => watched).map(({ number }) => number)).toEqual([0, 1]);
});

it('has nothing to do with alarms where nothing is said of them', async () => {
  const config = await sound('');
  const { alarms, definitions } = numberTags(
    config,
    tagIds(config).map((_, number) => number),
  );
  expect(alarms).toBeUndefined();
  expect(definitions.filter(({ path }) => path.includes('_alarms'))).toEqual([]);
});

const BARE = `rationalisation: ${REASONS}`;

it.each<[string, string, number, RegExp, RegExp]>([
  [
    'an unknown tag',
    `[{ tag: site/t1, condition: high, limit: 1, ${BARE} }]`,
    12,
    /no tag "site\/t1"/,
    /did you mean "site\/t-1"/,
  ],
  [
    'an unknown set point',
    `[{ tag: site/t-1, condition: deviation, limit: 1, setPoint: site/sp, ${BARE} }]`,
    12,
    /no tag "site\/sp"/,
    /path of a tag/,
  ],
  [
    'an attribute',
    `[{ attribute: speed, condition: high, limit: 1, ${BARE} }]`,
    12,
    /knows no attributes/,
    /those of the server/,
  ],
  ['a limit of a text', `[{ tag: site/name, condition: high, limit: 1, ${BARE} }]`, 12, /are texts/, /discrete/],
  [
    'an unknown state',
    `[{ tag: site/state, condition: discrete, equals: startin, ${BARE} }]`,
    12,
    /no state "startin"/,
    /did you mean "starting"/,
  ],
  ['two of one name', `[${SOUND}, ${SOUND}]`, 12, /is taken by another alarm/, /the other is at .*:12:/],
  [
    'two of one system tag',
    `[${SOUND}, { name: site.t-1.high, tag: site/t-1, condition: low, limit: 1, ${BARE} }]`,
    12,
    /is taken/,
    /other is at/,
  ],
  [
    'the name of those from outside',
    `[{ name: outside, tag: site/t-1, condition: low, limit: 1, ${BARE} }]`,
    12,
    /alarms from outside/,
    /another name/,
  ],
  ['one without reasons', '[{ tag: site/t-1, condition: high, limit: 1 }]', 12, /is not rationalised/, /exception/],
  ['no such file', 'missing.yaml', 1, /there is no such file/, /.*/],
])('refuses %s', async (_case, alarms, line, message, hint) => {
  const loaded = await load(`alarms: ${alarms}`);
  const defects = loaded.ok ? [] : loaded.defects;
  expect(defects).toHaveLength(1);
  expect(defects[0].line).toBe(line);
  expect(defects[0].message).toMatch(message);
  expect(defects[0].hint ?? '').toMatch(hint);
});
