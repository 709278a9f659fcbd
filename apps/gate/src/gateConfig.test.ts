import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadGateConfig } from './gateConfig.ts';

const EXAMPLE = fileURLToPath(new URL('../../../examples/relay/gate.yaml', import.meta.url));
const POLICY = `zones:
  - { name: plant, kind: ot, securityLevel: 2, gateways: { north: 192.0.2.11 } }
  - { name: dmz, kind: dmz, securityLevel: 2, relays: { dmz-1: 192.0.2.70 } }
  - { name: office, kind: it, securityLevel: 1, servers: { history: 198.51.100.5 } }
conduits:
  - { name: out, from: plant, to: office, via: dmz-1, securityLevel: 2 }
`;
const BASE = 'dataDirectory: d\ncertificates: c\nlisten: { host: 192.0.2.70 }\n';
const CONNECT = 'deliver: { mode: connect, host: history.example }\n';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tidegate-gate-config-'));
  await writeFile(join(directory, 'policy.yaml'), POLICY);
});
afterAll(() => rm(directory, { recursive: true }));

async function load(text: string) {
  const file = join(directory, 'gate.yaml');
  await writeFile(file, text);
  return loadGateConfig(file);
}

async function defectsOf(text: string): Promise<readonly string[]> {
  const loaded = await load(text);
  return loaded.ok ? [] : loaded.defects.map(({ message }) => message);
}

describe('the configuration of a relay', () => {
  it('fills in what is left out, and takes relative paths from its own folder', async () => {
    expect(await load(`relay: dmz-1\n${BASE}${CONNECT}gateways: [north-1]\n`)).toEqual({
      ok: true,
      value: {
        relay: 'dmz-1',
        dataDirectory: join(directory, 'd'),
        certificates: join(directory, 'c'),
        listen: { host: '192.0.2.70', port: 7420 },
        gateways: ['north-1'],
        deliver: { mode: 'connect', host: 'history.example', port: 7420, serverName: 'history.example' },
        maxBytes: 8 * 2 ** 30,
      },
    });
  });

  it('SR 5.2: takes the gateways from the policy where there is one', async () => {
    const loaded = await load(`relay: dmz-1\n${BASE}${CONNECT}policy: policy.yaml\n`);
    expect(loaded).toMatchObject({ ok: true, value: { gateways: ['north'] } });
    expect(await defectsOf(`relay: dmz-2\n${BASE}${CONNECT}policy: policy.yaml\n`)).toEqual([
      'no conduit leads over the relay dmz-2',
    ]);
  });

  it.each([
    ['names no gateways', CONNECT, 'does not say which gateways may connect'],
    ['names them twice', `${CONNECT}policy: policy.yaml\ngateways: [n]\n`, 'has both gateways and a policy'],
    ['lets anyone fetch', 'gateways: [n]\ndeliver: { mode: fetch, host: 192.0.2.1 }\n', '"serverName" is missing'],
    ['delivers in another way', 'gateways: [n]\ndeliver: { mode: push, host: 192.0.2.1 }\n', 'push'],
    ['calls a gateway like a path', `${CONNECT}gateways: [../n]\n`, 'gateways'],
  ])('SR 7.6: is refused where it %s', async (_name, text, message) => {
    expect((await defectsOf(`relay: dmz-1\n${BASE}${text}`)).join('\n')).toContain(message);
  });

  it('of the example is right', async () => {
    expect(await loadGateConfig(EXAMPLE)).toMatchObject({ ok: true, value: { deliver: { mode: 'connect' } } });
  });
});
