import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { loadGatewayConfig } from './loadGatewayConfig.ts';
import { GATEWAY_HEAD } from './testbed/gatewayHead.ts';

const DEVICE = `devices:
  - name: plc-1
    protocol: modbus-tcp
    host: 192.168.0.10
    tags: [{ path: site/run, address: "coil:3", type: bool, scan: fast }]
`;

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tidegate-diode-config-'));
});
afterEach(() => rm(directory, { recursive: true }));

/** Loads a gateway that sends to `host` as `diode` says. */
async function load(host: string, diode: string) {
  const file = join(directory, 'gateway.yaml');
  const head = GATEWAY_HEAD.replace('host: server.example', `host: ${host}\n  diode: ${diode}`);
  await writeFile(file, head + DEVICE);
  return loadGatewayConfig(file);
}

it('a gateway sends over a diode where it is told how', async () => {
  expect(
    await load('192.0.2.2', '{ key: keys/diode.key, rate: 20 MiB, dataSymbols: 128, paritySymbols: 48 }'),
  ).toMatchObject({
    ok: true,
    value: {
      server: {
        host: '192.0.2.2',
        diode: {
          keyFile: join(directory, 'keys/diode.key'),
          bytesPerSecond: 20 * 2 ** 20,
          dataSymbols: 128,
          paritySymbols: 48,
          interleave: undefined,
          mtu: undefined,
        },
      },
    },
  });
});

it.each<[what: string, host: string, diode: string, mistakes: readonly string[]]>([
  [
    'a name where nobody can be asked for its address',
    'it.example',
    '{ key: k, rate: 1 MiB }',
    ['4: "it.example" is not an IP address'],
  ],
  [
    'more symbols than a group can have',
    '192.0.2.2',
    '{ key: k, rate: 1 MiB, paritySymbols: 200 }',
    ['5: 64 data and 200 parity symbols are more than 256'],
  ],
  ['neither key nor rate', '192.0.2.2', '{}', ['5: "key" is missing', '5: "rate" is missing']],
])('refuses %s', async (_, host, diode, mistakes) => {
  const loaded = await load(host, diode);
  expect(loaded.ok ? [] : loaded.defects.map(({ line, message }) => `${line}: ${message}`)).toEqual(mistakes);
});
