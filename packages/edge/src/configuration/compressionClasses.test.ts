import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadGatewayConfig } from './loadGatewayConfig.ts';
import { numberTags, tagIds } from './numberTags.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tidegate-compression-classes-'));
});
afterEach(() => rm(directory, { recursive: true }));

const CLASSES = `  hot: { deviation: 0.1%, compressionDeviation: 0.5%, compressionMinInterval: 2s, compressionMaxInterval: 5min }
  plain: { deviation: 2, minInterval: 1s, maxInterval: 30s, compressionDeviation: 3 }`;

/** A gateway with one device whose tag list has these columns and one row. */
async function load(fields: Readonly<Record<string, string>>, { classes = CLASSES, inline = '' } = {}) {
  const columns = { path: 'site/temperature', address: 'holding:0', type: 'float32', scan: 'slow', ...fields };
  await writeFile(
    join(directory, 'tags.csv'),
    `${Object.keys(columns).join(',')}\n${Object.values(columns).join(',')}\n`,
  );
  const file = join(directory, 'gateway.yaml');
  await writeFile(
    file,
    `gateway: north
dataDirectory: data
server: { host: server, port: 1, certificates: certificates }
scanClasses: { slow: 1s }
compressionClasses:
${classes}
devices:
  - name: one
    protocol: modbus-tcp
    host: one
    tags:
      - tags.csv
${inline}`,
  );
  return loadGatewayConfig(file);
}

async function ruleOf(fields: Readonly<Record<string, string>>, inline = '') {
  const loaded = await load(fields, { inline });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.defects));
  const { rules } = numberTags(loaded.value, [...tagIds(loaded.value).keys()]);
  const { exception, compression } = rules[inline === '' ? 0 : 1];
  return { exception, compression };
}

describe('what is left out of a tag', () => {
  const span = { low: '-100', high: '300' };
  const exception = { deviation: 0, minIntervalMs: 0, maxIntervalMs: 600_000 };
  const door = { minIntervalMs: 0, maxIntervalMs: 60_000 };
  it.each([
    ['repetitions alone, without a word', {}, { exception, compression: undefined }],
    [
      'what its class says, in percent of the span',
      { ...span, compression: 'hot' },
      {
        exception: { ...exception, deviation: 0.4 },
        compression: { deviation: 2, minIntervalMs: 2000, maxIntervalMs: 300_000 },
      },
    ],
    [
      'what its class says, but for what it says itself',
      { ...span, compression: 'hot', deviation: '1', compression_max_interval: '10s' },
      {
        exception: { ...exception, deviation: 1 },
        compression: { deviation: 2, minIntervalMs: 2000, maxIntervalMs: 10_000 },
      },
    ],
    [
      'no door, where it says so',
      { compression: 'plain', compression_deviation: 'off' },
      { exception: { deviation: 2, minIntervalMs: 1000, maxIntervalMs: 30_000 }, compression: undefined },
    ],
    [
      'nothing for longer than its greatest interval',
      { compression: 'plain' },
      {
        exception: { deviation: 2, minIntervalMs: 1000, maxIntervalMs: 30_000 },
        compression: { deviation: 3, minIntervalMs: 0, maxIntervalMs: 30_000 },
      },
    ],
    [
      'on its own, without a class',
      { ...span, deviation: '0.25%', compression_deviation: '0' },
      { exception: { ...exception, deviation: 1 }, compression: { ...door, deviation: 0 } },
    ],
    [
      'by exception alone, on the operational lane',
      { ...span, compression: 'hot', lane: 'operational' },
      { exception: { ...exception, deviation: 0.4 }, compression: undefined },
    ],
    [
      'by exception alone, where it is stepped',
      { ...span, compression: 'hot', stepped: 'true' },
      { exception: { ...exception, deviation: 0.4 }, compression: undefined },
    ],
    [
      'repetitions alone, where it is a text',
      { compression: 'hot', address: 'holding:0[4]', type: 'string' },
      { exception, compression: undefined },
    ],
  ])('is %s', async (_, fields, expected) => {
    expect(await ruleOf(fields)).toEqual(expected);
  });

  it('is the same for a tag in the YAML file', async () => {
    const inline =
      '      - { path: site/other, address: "holding:4", type: int16, scan: slow, low: 0, high: 50, compression: hot, compressionDeviation: 2% }\n';
    expect(await ruleOf({}, inline)).toEqual({
      exception: { ...exception, deviation: 0.05 },
      compression: { deviation: 1, minIntervalMs: 2000, maxIntervalMs: 300_000 },
    });
  });
});

describe('mistakes', () => {
  it.each<[what: string, fields: Readonly<Record<string, string>>, expected: string]>([
    [
      'a class that does not exist',
      { compression: 'hott' },
      'tags.csv:2:41 there is no compression class "hott" | did you mean "hot"?',
    ],
    [
      'a class that is like no other',
      { compression: 'x-1' },
      'tags.csv:2:41 there is no compression class "x-1" | one of: hot, plain',
    ],
    [
      'a percentage of nothing',
      { deviation: '1%', low: '0' },
      'tags.csv:2:41 "deviation" is in percent of the span, and the tag has no "low" and "high" | give both, or the deviation in the unit of the tag',
    ],
    [
      'a deviation below zero',
      { deviation: '-1' },
      'tags.csv:2:41 the deviation -1 is below 0 | 0 reports every change',
    ],
    [
      'a deviation that is none',
      { deviation: 'some' },
      'tags.csv:2:41 "some" is not a deviation | in the unit of the tag, such as 0.5, or in percent of its span, such as 0.1%',
    ],
    [
      'a decimal comma',
      { deviation: '"0,5%"' },
      'tags.csv:2:41 "0,5%" is not a deviation | write a decimal point: 0.5%',
    ],
    [
      'compression on the operational lane',
      { compression_deviation: '1', lane: 'operational' },
      'tags.csv:2:41 compression would hold back what is needed now | lane analytical, or report by exception alone',
    ],
    [
      'compression of steps',
      { compression_deviation: '1', stepped: 'yes' },
      'tags.csv:2:41 the tag is stepped, and no line is drawn through its values | leave it out',
    ],
    [
      'intervals of no deviation',
      { compression_max_interval: '1min' },
      'tags.csv:2:41 "compressionMaxInterval" stands without "compressionDeviation" | without a deviation there is no compression',
    ],
    [
      'intervals in the wrong order',
      { compression_min_interval: '2min', compression_max_interval: '1min', compression_deviation: '1' },
      'tags.csv:2:41 the least interval is longer than the greatest | swap the two',
    ],
    [
      'an interval in the wrong order with that of the class',
      { compression: 'plain', min_interval: '1min' },
      'tags.csv:2:47 the least interval is longer than the greatest | swap the two',
    ],
  ])('%s is told with its place', async (_, fields, expected) => {
    expect(await report(load(fields))).toEqual([expected]);
  });

  it.each([
    [
      'a misspelt setting',
      '  hot: { deviatoin: 1 }',
      ['gateway.yaml:6:10 unknown key "deviatoin" | did you mean "deviation"?'],
    ],
    [
      'a class whose intervals are in the wrong order',
      '  hot: { minInterval: 2s, maxInterval: 1s }',
      ['gateway.yaml:6:23 the least interval is longer than the greatest | swap the two'],
    ],
  ])('%s is told once, at the class', async (_, classes, expected) => {
    expect(await report(load({}, { classes }))).toEqual(expected);
  });

  async function report(loading: ReturnType<typeof load>): Promise<string[]> {
    const loaded = await loading;
    if (loaded.ok) return [];
    return loaded.defects.map(
      ({ file, line, column, message, hint }) => `${basename(file)}:${line}:${column} ${message} | ${hint}`,
    );
  }
});
