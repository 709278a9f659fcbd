import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadServerConfig } from './serverConfig.ts';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tidegate-server-config-'));
});
afterAll(() => rm(directory, { recursive: true }));

async function load(text: string) {
  const file = join(directory, 'server.yaml');
  await writeFile(file, text);
  return loadServerConfig(file);
}

describe('the configuration of a server', () => {
  it('fills in what is left out, and takes relative paths from its own folder', async () => {
    expect(await load('dataDirectory: data\nboundary: { certificates: ../certificates }\n')).toEqual({
      ok: true,
      value: {
        dataDirectory: join(directory, 'data'),
        boundary: {
          host: '127.0.0.1',
          port: 7420,
          certificates: join(directory, '..', 'certificates'),
          policy: undefined,
          sharedPaths: [],
          relays: [],
          fetch: [],
        },
        console: { host: '127.0.0.1', port: 8420, aasBase: 'urn:tidegate:aas/' },
        historian: { retention: [], evidenceBytes: 2 ** 30 },
        model: undefined,
        health: {
          zone: expect.any(String),
          exportDirectory: join(directory, 'data', 'exports'),
          orders: [{ name: 'file', directory: join(directory, 'data', 'orders') }],
        },
        lake: { enabled: true, directory: join(directory, 'data', 'lake'), delayMs: 3_600_000 },
        sql: { enabled: true, memoryBytes: 1024 ** 3, threads: 2, timeMs: 30_000, rows: 1_000_000 },
      },
    });
  });

  it('tells what is wrong with its policy along with everything else', async () => {
    await writeFile(join(directory, 'policy.yaml'), 'zones: []\n');
    const loaded = await load('dataDirectory: d\nboundary: { certificates: c, policy: policy.yaml, prot: 1 }\n');
    const files = loaded.ok ? [] : loaded.defects.map(({ file }) => basename(file));
    expect(files).toEqual(['server.yaml', 'policy.yaml']);
  });

  it('names relays and what they bring, unless a policy does', async () => {
    const relays = 'relays: [{ name: dmz-1, gateways: [north-1] }]';
    expect(await load(`dataDirectory: d\nboundary: { certificates: c, ${relays} }\n`)).toMatchObject({
      ok: true,
      value: { boundary: { relays: [{ name: 'dmz-1', gateways: ['north-1'] }] } },
    });
    const both = await load(`dataDirectory: d\nboundary: { certificates: c, policy: p.yaml, ${relays} }\n`);
    expect(both.ok ? [] : both.defects.map(({ message }) => message)).toContain(
      'the policy says what relays bring, and so do these',
    );
  });

  it('says what the historian may take and how long it keeps what', async () => {
    const historian =
      'historian: { memory: 256 MiB, keeperShare: 0.25, retention: [{ tags: "**/raw-*", keep: 30d }], evidence: 5 GiB }';
    expect(await load(`dataDirectory: d\nboundary: { certificates: c }\n${historian}\n`)).toMatchObject({
      ok: true,
      value: {
        historian: {
          evidenceBytes: 5 * 2 ** 30,
          hotBytes: 256 * 1024 * 1024,
          keeperShare: 0.25,
          retention: [{ tags: '**/raw-*', keepUs: 30 * 86_400e6 }],
        },
      },
    });
  });

  it('says where the lake lies and what a statement may take', async () => {
    const lake =
      'lake: { directory: ../lake, delay: 2h }\nsql: { memory: 256 MiB, threads: 1, timeLimit: 5min, rows: 10 }';
    expect(await load(`dataDirectory: d\nboundary: { certificates: c }\n${lake}\n`)).toMatchObject({
      ok: true,
      value: {
        lake: { enabled: true, directory: join(directory, '..', 'lake'), delayMs: 7_200_000 },
        sql: { enabled: true, memoryBytes: 256 * 1024 ** 2, threads: 1, timeMs: 300_000, rows: 10 },
      },
    });
  });

  it('says where work orders go, and in which zone people read', async () => {
    const orders = [
      '    - { name: files, directory: /srv/orders }',
      '    - { name: maintenance, url: https://cmms.example/orders, secretFile: cmms.secret }',
    ].join('\n');
    const health = `health:\n  zone: America/Edmonton\n  orders:\n${orders}`;
    expect(await load(`dataDirectory: d\nboundary: { certificates: c }\n${health}\n`)).toMatchObject({
      ok: true,
      value: {
        health: {
          zone: 'America/Edmonton',
          orders: [
            { name: 'files', directory: '/srv/orders' },
            { name: 'maintenance', header: 'Authorization', secretFile: join(directory, 'cmms.secret') },
          ],
        },
      },
    });
  });

  it('of the example plant is good', async () => {
    const example = join(import.meta.dirname, '../../../examples/plant/server.yaml');
    expect(await loadServerConfig(example)).toMatchObject({ ok: true });
  });

  const good = { dataDirectory: 'dataDirectory: data', boundary: 'boundary: { certificates: c }' };
  const CASES: [string, string, number, RegExp][] = [
    ['without a data directory', good.boundary, 1, /dataDirectory/],
    ['without certificates', `${good.dataDirectory}\nboundary: { port: 7 }`, 2, /certificates/],
    ['with an unknown key', `${good.dataDirectory}\n${good.boundary}\nconsol: {}`, 3, /consol/],
    ['with a port out of range', `${good.dataDirectory}\n${good.boundary}\nconsole: { port: 70000 }`, 3, /65,?535/],
    [
      'that opens the console to others',
      `${good.dataDirectory}\n${good.boundary}\nconsole: { host: 0.0.0.0 }`,
      3,
      /0\.0\.0\.0/,
    ],
    [
      'with too little memory for SQL',
      `${good.dataDirectory}\n${good.boundary}\nsql: { memory: 1 MB }`,
      3,
      /too little/,
    ],
    [
      'with a base that is no IRI',
      `${good.dataDirectory}\n${good.boundary}\nconsole: { aasBase: acme }`,
      3,
      /IRI|aasBase/,
    ],
    [
      'with no such time zone',
      `${good.dataDirectory}\n${good.boundary}\nhealth: { zone: Mars }`,
      3,
      /time zone "Mars"/,
    ],
    [
      'with orders that go nowhere',
      `${good.dataDirectory}\n${good.boundary}\nhealth: { orders: [{ name: x }] }`,
      3,
      /directory or to an address/,
    ],
    ['with one port for both', `${good.dataDirectory}\n${good.boundary}\nconsole:\n  port: 7420`, 4, /boundary/],
  ];
  for (const [name, text, line, message] of CASES) {
    it(`${name} is refused, with the line`, async () => {
      const loaded = await load(text);
      expect(loaded).toMatchObject({ ok: false, defects: [{ line, message: expect.stringMatching(message) }] });
    });
  }

  it('tells every defect at once', async () => {
    const loaded = await load('boundary: { port: x }\nconsole: { host: example.org, prt: 1 }\n');
    expect(loaded.ok ? 0 : loaded.defects.length).toBe(5);
  });
});
