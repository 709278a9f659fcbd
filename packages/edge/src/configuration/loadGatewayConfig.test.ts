import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { formatReport } from '@tidegate/config/formatReport.ts';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadGatewayConfig } from './loadGatewayConfig.ts';
import { statesText } from './statesSchema.ts';
import { GATEWAY_HEAD } from './testbed/gatewayHead.ts';

const YAML = `${GATEWAY_HEAD}devices:
  - name: plc-1
    protocol: modbus-tcp
    host: 192.168.0.10
    unit: 3
    maxGap: 4
    requestPause: 5ms
    tags: lists/plc-1.csv
  - name: plc-2
    protocol: modbus-tcp
    host: plc-2
    port: 1502
    tags:
      - { path: site/two/run, address: "coil:3", type: bool, scan: fast, lane: operational }
      - lists/plc-2.csv
`;

const PLC_1 = `path,address,type,order,scan,lane,unit,scale,offset,low,high,deviation,min_interval,max_interval,stepped,description,id,aliases
site/one/level,holding:0,float32,CDAB,fast,operational,m,0.1,-5,0,10,0.01,1s,1min,true,"Level, tank 1",LI-101,LI101;10LBA10
site/one/name,holding:10[4],string,,slow,,,,,,,,,,,,,
`;

const PLC_2 = 'path;address;type;scan\nsite/two/speed;input:7;uint16;slow\nsite/two/again;input:7;uint16;slow\n';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tidegate-gateway-config-'));
  await mkdir(join(directory, 'lists'));
});
afterEach(() => rm(directory, { recursive: true }));

/** Writes the three files, each changed by replacing texts, and loads them. */
async function load(changes: readonly (readonly [from: string, to: string])[] = []) {
  const files: Readonly<Record<string, string>> = {
    'gateway.yaml': YAML,
    'lists/plc-1.csv': PLC_1,
    'lists/plc-2.csv': PLC_2,
  };
  const unused = new Set(changes);
  for (const [name, content] of Object.entries(files)) {
    let text = content;
    for (const change of changes) {
      if (!text.includes(change[0])) continue;
      unused.delete(change);
      text = text.replace(change[0], () => change[1]);
    }
    await writeFile(join(directory, name), text);
  }
  expect([...unused]).toEqual([]);
  return loadGatewayConfig(join(directory, 'gateway.yaml'));
}

async function report(changes: readonly (readonly [from: string, to: string])[]): Promise<string[]> {
  const result = await load(changes);
  if (result.ok) return [];
  return result.defects.map(({ file, line, column, message, hint }) => {
    const shown = `${relative(directory, file)}:${line}:${column} ${message}`;
    return hint === undefined ? shown : `${shown} | ${hint.replaceAll(`${directory}/`, '')}`;
  });
}

describe('a gateway configuration', () => {
  it('is complete, with every default filled in', async () => {
    const result = await load();
    expect(result).toEqual({
      ok: true,
      value: {
        gateway: 'north-1',
        dataDirectory: join(directory, 'data'),
        server: {
          host: 'server.example',
          port: 8443,
          serverName: 'server.example',
          certificates: join(directory, 'certificates'),
          diode: undefined,
        },
        spool: { maxBytes: 64 * 2 ** 20, encrypt: true, keyFile: join(directory, 'keys/spool.key') },
        lanes: {
          operational: { maxDelayMs: 10 },
          analytical: { maxDelayMs: 100 },
          audit: { maxDelayMs: 20 },
        },
        scanClasses: {
          fast: { intervalMs: 100 },
          slow: { intervalMs: 10_000, offsetMs: 250 },
        },
        lines: [
          expect.objectContaining({
            name: 'plc-1',
            medium: { kind: 'tcp', host: '192.168.0.10', port: 502, connectTimeoutMs: 3000, tls: undefined },
            devices: [
              expect.objectContaining({
                name: 'plc-1',
                options: expect.objectContaining({ unit: 3, maxGap: 4 }),
                timeoutMs: 1000,
                limits: { minRequestPauseMs: 5 },
              }),
            ],
          }),
          expect.objectContaining({
            name: 'plc-2',
            medium: expect.objectContaining({ host: 'plc-2', port: 1502 }),
            devices: [expect.objectContaining({ options: expect.objectContaining({ unit: 1 }) })],
          }),
        ],
      },
    });
    if (!result.ok) return;
    const [first, second] = result.value.lines.flatMap(({ devices }) => devices);
    expect(first.tags[0]).toEqual({
      id: 'LI-101',
      path: 'site/one/level',
      type: 'number',
      point: { address: 'holding:0', dataType: 'float32', wordOrder: 'CDAB' },
      scan: 'fast',
      lane: 'operational',
      unit: 'm',
      description: 'Level, tank 1',
      aliases: ['LI101', '10LBA10'],
      stepped: true,
      scale: 0.1,
      offset: -5,
      low: 0,
      high: 10,
      deviation: 0.01,
      minIntervalMs: 1000,
      maxIntervalMs: 60_000,
    });
    expect(first.tags[1]).toEqual({
      id: 'site/one/name',
      path: 'site/one/name',
      type: 'string',
      point: { address: 'holding:10[4]', dataType: 'string' },
      scan: 'slow',
      lane: 'analytical',
      unit: '',
      description: '',
      aliases: [],
      stepped: true,
      scale: 1,
      offset: 0,
      low: undefined,
      high: undefined,
      deviation: 0,
      minIntervalMs: 0,
      maxIntervalMs: 600_000,
    });
    expect(second.tags.map((tag) => [tag.path, tag.type])).toEqual([
      ['site/two/run', 'boolean'],
      ['site/two/speed', 'number'],
      ['site/two/again', 'number'],
    ]);
  });

  it('names the states of a tag, in a list and in the file, and steps where it has some', async () => {
    const result = await load([
      ['lane: operational }', 'lane: operational, states: { 1: running, 0: stopped } }'],
      [
        'type;scan\nsite/two/speed;input:7;uint16;slow',
        'type;scan;states\nsite/two/speed;input:7;uint16;slow;0=off| -1 = a=b |',
      ],
    ]);
    if (!result.ok) throw new Error(JSON.stringify(result.defects));
    const tags = result.value.lines.flatMap(({ devices }) => devices.flatMap((device) => device.tags));
    expect(tags.map(({ states }) => states?.map(({ code, name }) => [code, name]))).toEqual([
      undefined,
      undefined,
      [
        [0, 'stopped'],
        [1, 'running'],
      ],
      [
        [-1, 'a=b'],
        [0, 'off'],
      ],
      undefined,
    ]);
    expect(tags.map(({ stepped }) => stepped)).toEqual([true, true, true, true, false]);
  });

  it.each<[what: string, states: string, message: string]>([
    ['no state', ';', '0 states; allowed are 1 to 1024'],
    ['a state without a name', '0=off;1', 'the state 1 has no name'],
    ['a fraction', '0.5=half', '"0.5" is no whole number'],
    ['a number beyond all measure', '99999999999999999999=far', '"99999999999999999999" is no whole number'],
    ['a state twice', '0=off|00=stopped', 'the state 0 stands there twice'],
  ])('refuses %s in a list of states', (_, states, message) => {
    const read = statesText.safeParse(states);
    expect(read.error?.issues.map((issue) => issue.message)).toEqual([message]);
  });

  it.each<[what: string, changes: readonly (readonly [string, string])[], expected: readonly string[]]>([
    [
      'a misspelt key of a device',
      [['maxGap', 'maxgap']],
      ['gateway.yaml:17:5 unknown key "maxgap" | did you mean "maxGap"?'],
    ],
    [
      'an unknown protocol',
      [['protocol: modbus-tcp', 'protocol: modbus-tpc']],
      ['gateway.yaml:14:15 "protocol" cannot be "modbus-tpc" | did you mean "modbus-tcp"?'],
    ],
    [
      'an offset beyond its interval',
      [['offset: 250ms', 'offset: 10s']],
      ['gateway.yaml:11:34 the offset is not below the interval | an offset shifts the scans within the interval'],
    ],
    [
      'an interval without unit',
      [['fast: 100ms', 'fast: 100']],
      ['gateway.yaml:10:9 100 is a length of time without a unit | did you mean "100s" or "100ms"?'],
    ],
    [
      'an interval of no kind',
      [['fast: 100ms', 'fast: []']],
      [
        'gateway.yaml:10:3 "fast" must be text or a number or a map of keys and values, not a list | an interval such as 1s, or a map with interval and offset',
      ],
    ],
    [
      'a gateway name',
      [['gateway: north-1', 'gateway: north/1']],
      [
        'gateway.yaml:1:10 "north/1" is not a name | letters, digits, dots, hyphens and underscores, at most 63, such as north-1',
      ],
    ],
    [
      'the name of the server',
      [['gateway: north-1', 'gateway: server']],
      ['gateway.yaml:1:10 "server" is the name of the server | name the gateway after its site, such as north-1'],
    ],
    [
      'two devices of one name',
      [['name: plc-2', 'name: plc-1']],
      ['gateway.yaml:20:11 the name "plc-1" is taken by another device | the other is at gateway.yaml:13:11'],
    ],
    [
      'a missing tag list',
      [['tags: lists/plc-1.csv', 'tags: lists/plc-3.csv']],
      [
        'lists/plc-3.csv:1:1 there is no such file | check the name; a path in a file starts from the folder of that file',
      ],
    ],
    [
      'a misspelt scan class in a list',
      [['slow,,,', 'slwo,,,']],
      ['lists/plc-1.csv:3:37 there is no scan class "slwo" | did you mean "slow"?'],
    ],
    [
      'a misspelt scan class in the file',
      [['scan: fast', 'scan: fats']],
      ['gateway.yaml:25:68 there is no scan class "fats" | did you mean "fast"?'],
    ],
    [
      'a bad path',
      [['site/one/level', 'level']],
      ['lists/plc-1.csv:2:1 "level" needs at least two segments, such as site/signal | such as site/area/line/signal'],
    ],
    [
      'a path with a wildcard',
      [['site/two/speed', 'site/#/speed']],
      ['lists/plc-2.csv:2:1 "site/#/speed" has one of + # $ in the segment "#" | such as site/area/line/signal'],
    ],
    [
      "a path of the system's own",
      [['site/two/speed', 'site/_two/speed']],
      [
        'lists/plc-2.csv:2:1 "site/_two/speed" has a segment that begins with "_" | those are the tags in which Tidegate reports on itself: begin it with a letter',
      ],
    ],
    [
      'a value that one request cannot carry',
      [['maxGap: 4', 'maxRegisters: 1']],
      [
        'lists/plc-1.csv:2:26 "holding:0": a float32 takes 2 registers, and one request to this device 1: set its maxRegisters to 2 or more, or read less',
        'lists/plc-1.csv:3:15 "holding:10[4]": a string takes 4 registers, and one request to this device 1',
      ],
    ],
    ['a wrong type', [['input:7;uint16', 'input:7;uint17']], ['lists/plc-2.csv:2:24 "uint17" is no data type']],
    ['a wrong address', [['input:7', 'inputs:7']], ['lists/plc-2.csv:2:16 "inputs:7" is no Modbus address']],
    [
      'an address without quotes',
      [['address: "coil:3"', 'address: 00004']],
      ['gateway.yaml:25:40 the address 4 is not in quotes, and zeros at its beginning would be lost'],
    ],
    ['a wrong order', [['CDAB', 'ABDC']], ['lists/plc-1.csv:2:34 "ABDC" is no word order of float32']],
    [
      'a scale on a text',
      [['slow,,,,', 'slow,,,2,']],
      ['lists/plc-1.csv:3:44 "scale" is for numbers, and the values of this tag are strings | leave "scale" empty'],
    ],
    [
      'a scale of zero',
      [['m,0.1,', 'm,0,']],
      ['lists/plc-1.csv:2:58 a scale of 0 makes every value the same | leave it empty for 1'],
    ],
    [
      'a decimal comma',
      [['m,0.1,', 'm,"0,1",']],
      ['lists/plc-1.csv:2:58 "0,1" is not a number | write a decimal point: 0.1'],
    ],
    [
      'bounds in the wrong order',
      [['-5,0,10', '-5,10,0']],
      ['lists/plc-1.csv:2:65 low 10 is not below high 0 | these are the bounds of plausible values'],
    ],
    [
      'intervals in the wrong order',
      [['1s,1min', '1min,1s']],
      ['lists/plc-1.csv:2:75 the least interval is longer than the greatest | swap the two'],
    ],
    [
      'a state without a number',
      [['lane: operational }', 'lane: operational, states: { on: running } }']],
      [
        'gateway.yaml:25:93 "on" is no whole number | a whole number and a name for each, such as { 0: stopped, 1: running }',
      ],
    ],
    [
      'states of a text',
      [
        ['type: bool', 'type: string, states: { 1: running }'],
        ['coil:3', 'holding:3[2]'],
      ],
      ['gateway.yaml:25:70 a text stands for itself and has no states | leave "states" empty'],
    ],
    [
      'a path twice in two files',
      [['site/two/speed', 'site/one/level']],
      ['lists/plc-2.csv:2:1 the path "site/one/level" is taken by another tag | the other is at lists/plc-1.csv:2:1'],
    ],
    [
      'an id that is the path of another',
      [['LI-101', 'site/two/run']],
      ['gateway.yaml:25:9 the id "site/two/run" is taken by another tag | the other is at lists/plc-1.csv:2:104'],
    ],
  ])('names the place of %s', async (_, changes, expected) => {
    const found = await report(changes);
    expect(found).toHaveLength(expected.length);
    for (const [index, line] of found.entries()) expect(line).toContain(expected[index]);
  });

  it('tells everything at once, whatever file it is in', async () => {
    const found = await report([
      ['port: 8443', 'prot: 8443'],
      ['CDAB', 'XXXX'],
      ['input:7;uint16;slow', 'input:7;uint16;slew'],
      ['scan: fast', 'scan: fats'],
    ]);
    expect(found.map((line) => line.split(' ', 1)[0])).toEqual([
      'gateway.yaml:3:1',
      'gateway.yaml:5:3',
      'lists/plc-1.csv:2:34',
      'gateway.yaml:25:68',
      'lists/plc-2.csv:2:31',
    ]);
  });

  it('never throws, whatever is done to its files', async () => {
    const edit = (length: number) =>
      fc.record({ at: fc.nat(length), drop: fc.nat(20), insert: fc.string({ maxLength: 5 }) });
    const apply = (text: string, { at, drop, insert }: { at: number; drop: number; insert: string }) =>
      text.slice(0, at) + insert + text.slice(at + drop);
    await fc.assert(
      fc.asyncProperty(edit(YAML.length), edit(PLC_1.length), async (yamlEdit, listEdit) => {
        await writeFile(join(directory, 'gateway.yaml'), apply(YAML, yamlEdit));
        await writeFile(join(directory, 'lists/plc-1.csv'), apply(PLC_1, listEdit));
        await writeFile(join(directory, 'lists/plc-2.csv'), PLC_2);
        const result = await loadGatewayConfig(join(directory, 'gateway.yaml'));
        if (!result.ok) expect(formatReport(result.defects)).toMatch(/\d+ errors?/);
      }),
      { numRuns: 300 },
    );
  });
});
