import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import type { LedgerMinute } from '@tidegate/platform/northbound/contract/accounts.ts';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { GatewayProcess } from '../apps/gateway/src/testbed/gatewayProcess.ts';
import { ROOT } from './architecture/sourceTree.ts';
import { RegisterPlant } from './rig/registerPlant.ts';
import { GATEWAY, ServerSite } from './rig/serverSite.ts';

const MAIN = path.join(ROOT, 'apps/tidegate/src/main.ts');
const WAIT = { timeout: 20_000, interval: 100 };

const run = promisify(execFile);
let plant: RegisterPlant;
let site: ServerSite;
let url: string;
let file: string;

beforeAll(async () => {
  plant = await RegisterPlant.start({ devices: 1, tagsEach: 20 });
  site = await ServerSite.create();
  const { boundaryPort, url: api } = await site.start();
  url = api;
  file = await plant.configureGateway({
    directory: site.directory,
    gateway: GATEWAY,
    serverPort: boundaryPort,
    certificates: site.gatewayCertificates,
    scan: '100ms',
  });
}, 40_000);
afterAll(async () => {
  await plant?.stop();
  await site?.close();
});

// biome-ignore lint/suspicious/noExplicitAny: what comes is what is looked at
async function get(address: string): Promise<any> {
  return (await fetch(`${url}/api/v1${address}`)).json();
}

async function storedSamples(): Promise<number> {
  return (await get('/status')).historian.samples;
}

async function minutes(): Promise<readonly LedgerMinute[]> {
  return (await get('/ledger/minutes?start=*-1d&end=*%2B1d')).minutes;
}

/** A gateway until the server has so many more samples, ended by `signal`. */
async function life(signal: NodeJS.Signals): Promise<void> {
  const before = await storedSamples();
  const gateway = new GatewayProcess(['--config', file]);
  try {
    await vi.waitFor(async () => expect(await storedSamples()).toBeGreaterThan(before + 300), WAIT);
  } finally {
    gateway.kill(signal);
    await gateway.ended;
  }
}

describe('SR 2.12, SR 3.4, SR 3.9: the ledger from gateway to auditor', () => {
  it('proves every block of lives that ended by SIGKILL and by SIGINT, and hands the proof to a stranger', async () => {
    for (const signal of ['SIGKILL', 'SIGKILL', 'SIGINT'] as const) await life(signal);
    await vi.waitFor(async () => {
      const found = await minutes();
      expect([...new Set(found.map(({ lane }) => lane))].sort()).toEqual(['analytical', 'audit', 'operational']);
      for (const one of found) {
        expect(one).toMatchObject({ verdict: 'proved', holes: [], received: one.spooled, stored: one.spooled });
      }
      const counted = found.filter(({ lane }) => lane !== 'audit').reduce((sum, { stored }) => sum + stored, 0);
      expect(counted).toBeGreaterThan(600);
    }, WAIT);
    const kinds = (await get(`/events?gateway=${GATEWAY}&start=*-1h`)).events.map(({ kind }: { kind: string }) => kind);
    expect(kinds).toContain('boundary.connected');
    expect((await get('/events?kind=ledger.*')).events).toEqual([]);

    const { tags } = await get('/tags?limit=1');
    const proof = path.join(site.directory, 'tag.proof');
    const range = ['--start', '*-10min', '--data', path.join(site.directory, 'server')];
    await run(process.execPath, [MAIN, 'ledger', 'export', tags[0].path, ...range, '--to', proof]);
    const authority = path.join(site.gatewayCertificates, 'ca.pem');
    const verify = [MAIN, 'ledger', 'verify', proof, '--authority', authority, '--json'];
    const { stdout } = await run(process.execPath, verify).catch((error) => error);
    const report = JSON.parse(stdout);
    expect(report).toMatchObject({ holds: true, isAnchored: true, findings: [], blocks: { missing: 0, wrong: 0 } });
    expect(report.samples.signed).toBeGreaterThan(0);
    expect(report.samples.equal).toBe(report.samples.signed);

    writeFileSync(
      proof,
      readFileSync(proof, 'utf8').replace(/"answered":\[\[\d+,[^,]+/, (text) => `${text}1`),
    );
    await expect(run(process.execPath, verify)).rejects.toMatchObject({ code: 1 });
    const show = await run(process.execPath, [MAIN, 'ledger', 'show', '--server', url]);
    expect(show.stdout).toMatch(/operational .* proved/);
  }, 90_000);
});
