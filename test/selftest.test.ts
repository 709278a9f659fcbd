import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createServer } from 'node:tls';
import type { Check, Verdict } from '@tidegate/process/selftest/check.ts';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { GatewayProcess } from '../apps/gateway/src/testbed/gatewayProcess.ts';
import { ensureDevelopmentCertificates } from '../apps/tidegate/src/certificates/ensureDevelopmentCertificates.ts';
import { ROOT } from './architecture/sourceTree.ts';
import { orThrow } from './rig/gatewayPipeline.ts';
import { KillableProcess } from './rig/killableProcess.ts';
import { RegisterPlant } from './rig/registerPlant.ts';
import { freePorts } from './runningTidegate.ts';

const MAIN = path.join(ROOT, 'apps/tidegate/src/main.ts');
const GATEWAY = 'north-1';
const WAIT = { timeout: 20_000, interval: 50 };

const directory = mkdtempSync(path.join(tmpdir(), 'tidegate-selftest-'));
const inSite = (name: string) => path.join(directory, name);
const CERTIFICATES = inSite('certificates');
const KEY = path.join(CERTIFICATES, 'gateway', GATEWAY, 'key.pem');
let plant: RegisterPlant;
let server: KillableProcess;
let gateway: GatewayProcess;
let boundaryPort: number;

const policyWith = (tags: string) => `zones:
  - { name: plant, kind: ot, securityLevel: 2, gateways: { ${GATEWAY}: 127.0.0.1 } }
  - { name: office, kind: it, securityLevel: 1, servers: { history: 127.0.0.1 } }
conduits:
  - name: out
    from: plant
    to: office
    port: 7420
    securityLevel: 2
    flows:
      - { name: values, tags: ['${tags}'], purpose: a test }
      - { name: devices, devices: ['*'], purpose: a test }
      - { name: events, events: ['*'], purpose: a test }
`;

beforeAll(async () => {
  const made = orThrow(await ensureDevelopmentCertificates(CERTIFICATES, { gateways: [GATEWAY] }));
  const [boundary, console] = await freePorts(2);
  boundaryPort = boundary;
  writeFileSync(inSite('policy.yaml'), policyWith('rig/**'));
  writeFileSync(inSite('loose-policy.yaml'), policyWith('**'));
  writeFileSync(
    inSite('server.yaml'),
    `dataDirectory: server
boundary: { port: ${boundary}, certificates: ${made.server}, policy: policy.yaml }
console: { port: ${console} }
lake: { enabled: false }
sql: { enabled: false }
`,
  );
  plant = await RegisterPlant.start({ devices: 1, tagsEach: 10 });
  const file = await plant.configureGateway({
    directory,
    gateway: GATEWAY,
    serverPort: boundary,
    certificates: made.gateways[GATEWAY],
    scan: '200ms',
  });
  writeFileSync(file, `${readFileSync(file, 'utf8')}policy: policy.yaml\n`);
  const ready = Promise.withResolvers<void>();
  server = new KillableProcess('apps/server/src/main.ts', () => ready.resolve());
  server.start(['--config', inSite('server.yaml')]);
  await Promise.race([ready.promise, server.ended().then(() => Promise.reject(new Error(server.log)))]);
  gateway = new GatewayProcess(['--config', file]);
  await vi.waitFor(() => expect(gateway.status?.lanes.operational.acknowledged).toBeDefined(), WAIT);
  // A gateway signs when it stops, and so there is something signed without waiting for the end of the minute.
  gateway.kill('SIGTERM');
  await gateway.ended;
  gateway = new GatewayProcess(['--config', file]);
  await vi.waitFor(() => expect(gateway.status?.lanes.operational.connected).toBe(true), WAIT);
}, 60_000);
afterAll(async () => {
  gateway?.kill('SIGKILL');
  await gateway?.ended;
  await server?.end();
  await plant?.stop();
  rmSync(directory, { recursive: true, force: true });
});

interface Ended {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

function tidegate(...args: string[]): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(process.execPath, [MAIN, 'selftest', ...args], { cwd: directory }, (error, stdout, stderr) => {
      resolve({ status: error ? Number(error.code) : 0, stdout, stderr });
    });
  });
}

const idsOf = ({ stdout }: Ended, verdict: Verdict) =>
  (JSON.parse(stdout).checks as Check[]).filter((check) => check.verdict === verdict).map(({ id }) => id);

describe('SR 3.3: the self-test of a live installation', () => {
  it('proves every control of a healthy one, and signs that', async () => {
    const authority = path.join(CERTIFICATES, 'authority');
    const sides = ['--gateway-config', 'gateway.yaml', '--server-config', 'server.yaml', '--authority', authority];
    const ended = await tidegate(...sides, '--json', '--report', 'report.json');
    expect(ended.stderr).toBe('');
    expect(idsOf(ended, 'failed')).toEqual([]);
    expect(idsOf(ended, 'unchecked')).toEqual([]);
    expect(ended.status).toBe(0);
    expect(idsOf(ended, 'noted')).toEqual(['spool-encryption']);
    expect(idsOf(ended, 'proved')).toEqual([
      'write-refused',
      'one-way',
      'undeclared-tag-refused',
      'gateway-key-files',
      'known-let-in',
      'foreign-authority-refused',
      'expired-refused',
      'no-certificate-refused',
      'tls-1.2-refused',
      'plain-text-refused',
      'server-key-files',
      'console-loopback',
      'same-policy',
      'ledger-balances',
      'checkpoints-hold',
      'clocks-agree',
    ]);
    const ca = path.join(CERTIFICATES, 'server', 'ca.pem');
    const verified = await tidegate('verify', 'report.json', '--authority', ca);
    expect(verified).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/\nsigned by "north-1", and as it was/),
    });
    const changed = readFileSync(inSite('report.json'), 'utf8').replace('45 frames', '46 frames');
    writeFileSync(inSite('changed.json'), changed);
    expect(await tidegate('verify', 'changed.json', '--authority', ca)).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/the report is not as it was signed/),
    });
  }, 40_000);

  it('has not disturbed the gateway', () => {
    expect(gateway.status?.lanes.operational.connected).toBe(true);
    const events = gateway.log.map((line) => (line as { event?: string }).event);
    expect(events).toContain('boundary.connected');
    expect(events).not.toContain('boundary.lost');
  });

  it('names every control that is broken', async () => {
    // Whoever comes is let in; the running gateway is connected to another server than the one that is configured here.
    const read = (name: string) => readFileSync(path.join(CERTIFICATES, 'server', name), 'utf8');
    const standIn = createServer({ key: read('key.pem'), cert: read('cert.pem'), minVersion: 'TLSv1.2' });
    standIn.on('tlsClientError', (_error, socket) => socket.destroy());
    standIn.on('secureConnection', (socket) => socket.on('error', () => {}).resume());
    await once(standIn.listen(0, '127.0.0.1'), 'listening');
    const { port } = standIn.address() as { port: number };
    const good = readFileSync(inSite('gateway.yaml'), 'utf8');
    writeFileSync(
      inSite('broken.yaml'),
      good.replace(`port: ${boundaryPort}`, `port: ${port}`).replace('policy: policy', 'policy: loose-policy'),
    );
    chmodSync(KEY, 0o640);
    const ended = await tidegate('--gateway-config', 'broken.yaml', '--server-config', 'server.yaml', '--json');
    chmodSync(KEY, 0o600);
    standIn.close();
    expect(idsOf(ended, 'failed')).toEqual([
      'one-way',
      'undeclared-tag-refused',
      'gateway-key-files',
      'foreign-authority-refused',
      'expired-refused',
      'no-certificate-refused',
      'tls-1.2-refused',
      'same-policy',
    ]);
    expect(ended.status).toBe(1);
  }, 40_000);

  it('of one side says what belongs to the other, and what could not be checked', async () => {
    const [port] = await freePorts(1);
    const good = readFileSync(inSite('gateway.yaml'), 'utf8');
    const elsewhere = good
      .replace(`port: ${boundaryPort}`, `port: ${port}`)
      .replace('dataDirectory: gateway', 'dataDirectory: idle');
    writeFileSync(inSite('idle.yaml'), elsewhere);
    const ended = await tidegate('--gateway-config', 'idle.yaml');
    expect(ended.status).toBe(1);
    expect(ended.stdout).toMatch(
      /\nNOT CHECKED {2}the gateway listens on no network.*\n {4}no gateway runs with the data dir/,
    );
    expect(ended.stdout).toMatch(
      /\nNOT CHECKED {2}what is not encrypted is refused.*\n {4}the server at .* \(ECONNREFUSED\)/,
    );
    expect(ended.stdout).toMatch(/\nnot checked here {2}every sample.*: run it there with --server-config\n/);
  }, 20_000);
});
