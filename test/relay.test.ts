/** A gateway, a relay and a server as processes of their own, of which any may be killed; the ledger tells what became of it. */

import { afterEach, expect, it } from 'vitest';
import { KillableProcess } from './rig/killableProcess.ts';
import { RelaySite } from './rig/relaySite.ts';

const THIS_MACHINE = '127.0.0.1';
const HOSTS = { relay: [THIS_MACHINE], server: [THIS_MACHINE] };
const LIMIT_MS = 60_000;
const DEVICE_PORT = 15_093;

interface Ready {
  readonly url: string;
  readonly boundaryPort: number;
}

interface Ledger {
  readonly total: { readonly stored: number; readonly lost: number; readonly balanced: boolean };
}

/** A process that tells when it is ready. */
class Service {
  readonly process: KillableProcess;
  #ready = Promise.withResolvers<Ready>();
  status: { streams?: readonly { depth: { blocks: number } }[] } = {};

  constructor(script: string) {
    this.process = new KillableProcess(script, (message) => {
      const { kind } = message as { kind: string };
      if (kind === 'ready') this.#ready.resolve(message as Ready);
      if (kind === 'gate-status') this.status = message as Service['status'];
    });
  }

  async start(file: string): Promise<Ready> {
    this.#ready = Promise.withResolvers();
    this.process.start(['--config', file]);
    const ended = this.process.ended().then(() => Promise.reject(new Error(this.process.log)));
    return Promise.race([this.#ready.promise, ended]);
  }
}

const plant = new KillableProcess('apps/plant/src/main.ts');
const gateway = new KillableProcess('apps/gateway/src/main.ts');
const gate = new Service('apps/gate/src/main.ts');
const server = new Service('apps/server/src/main.ts');
let site: RelaySite | undefined;

afterEach(async () => {
  for (const each of [plant, gateway, gate.process, server.process]) await each.end();
  site?.remove();
});

const at = (port: number) => ({ host: THIS_MACHINE, port });

async function until(what: string, condition: () => Promise<boolean> | boolean): Promise<void> {
  const endsAtMs = Date.now() + LIMIT_MS;
  while (Date.now() < endsAtMs) {
    if (await Promise.resolve(condition()).catch(() => false)) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const logs = [gateway, gate.process, server.process].map(({ log }) => log.slice(-2_000));
  throw new Error(`not within ${LIMIT_MS} ms: ${what}\n${logs.join('\n---\n')}`);
}

it('SR 7.4: what is read arrives once, whoever of gateway, relay and server is killed', {
  timeout: 120_000,
}, async () => {
  site = await RelaySite.create(HOSTS);
  const first = await server.start(site.serverFile(at(0), 0));
  const serverFile = site.serverFile(at(first.boundaryPort), Number(new URL(first.url).port));
  const deliver = `{ mode: connect, host: ${THIS_MACHINE}, port: ${first.boundaryPort} }`;
  const { boundaryPort } = await gate.start(site.gateFile(at(0), deliver));
  const gateFile = site.gateFile(at(boundaryPort), deliver);
  const gatewayFile = site.gatewayFile(at(boundaryPort), DEVICE_PORT);
  plant.start(site.plantArguments(DEVICE_PORT));
  gateway.start(['--config', gatewayFile]);
  const total = async () => ((await (await fetch(`${first.url}/api/v1/ledger`)).json()) as Ledger).total;
  const stored = async () => (await total()).stored;
  const moreThan = (count: number) => async () => (await stored()) > count;
  await until('samples cross', moreThan(20));

  await server.process.end();
  await until('they wait in the relay', () => gate.status.streams?.some(({ depth }) => depth.blocks > 20) ?? false);
  await gate.process.end();
  await gate.start(gateFile);
  await server.start(serverFile);
  await until('they cross again', moreThan(await stored()));

  await gateway.end();
  gateway.start(['--config', gatewayFile]);
  await gate.process.end('SIGTERM');
  await gate.start(gateFile);
  await until('they cross once more', moreThan((await stored()) + 50));

  await gateway.end('SIGTERM');
  await until('nothing waits', () => gate.status.streams?.every(({ depth }) => depth.blocks === 0) ?? false);
  await until('the ledger balances', async () => (await total()).balanced);
  expect(await total()).toMatchObject({ lost: 0, balanced: true });
});
