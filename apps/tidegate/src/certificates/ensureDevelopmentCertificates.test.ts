import { X509Certificate } from 'node:crypto';
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, createServer } from 'node:tls';
import { systemClock } from '@tidegate/core/clock/clock.ts';
import { ManualClock } from '@tidegate/core/clock/manualClock.ts';
import { type Timestamp, US_PER_S } from '@tidegate/core/clock/timestamp.ts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type DevelopmentCertificateOptions, ensureDevelopmentCertificates } from './ensureDevelopmentCertificates.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tidegate-certificates-'));
});
afterEach(() => rm(directory, { recursive: true }));

async function ensure(options: DevelopmentCertificateOptions = { gateways: ['north', 'south'] }, into = directory) {
  const made = await ensureDevelopmentCertificates(into, options);
  if (!made.ok) throw new Error(`${made.fault.code}: ${made.fault.detail}`);
  return made.value;
}

function of(gateways: Readonly<Record<string, string>>, name: string): string {
  return gateways[name];
}

async function identityIn(place: string) {
  const [key, cert, ca] = await Promise.all(['key', 'cert', 'ca'].map((name) => readFile(join(place, `${name}.pem`))));
  return { key, cert, ca };
}

/** Every file below the directory with its contents. */
async function contents(): Promise<Map<string, string>> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return new Map(await Promise.all(files.map(async (file) => [file, await readFile(file, 'utf8')] as const)));
}

/** Which certificates differ between two states of the directory, by their place. */
function changed(before: Map<string, string>, after: Map<string, string>): string[] {
  const certificates = [...after.keys()].filter((file) => file.endsWith('cert.pem'));
  const different = certificates.filter((file) => before.get(file) !== after.get(file));
  return different.map((file) => file.slice(directory.length + 1, -'/cert.pem'.length)).sort();
}

/** Joins a gateway and a server over TLS 1.3: the name that the server saw, or why one refused the other. */
async function join13(gatewayPlace: string, serverPlace: string, host = '127.0.0.1'): Promise<string> {
  const server = createServer({ ...(await identityIn(serverPlace)), requestCert: true, minVersion: 'TLSv1.3' });
  const seen = new Promise<string>((resolve) => {
    server.on('secureConnection', (socket) => resolve(String(socket.getPeerCertificate().subject.CN)));
    server.on('tlsClientError', (error) => resolve(`server: ${(error as NodeJS.ErrnoException).code}`));
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  const { port } = server.address() as { port: number };
  const socket = connect({ ...(await identityIn(gatewayPlace)), host, port, minVersion: 'TLSv1.3' });
  const failed = new Promise<string>((resolve) => {
    socket.once('error', (error) => resolve(`gateway: ${(error as NodeJS.ErrnoException).code}`));
  });
  const secure = new Promise<string>((resolve) => socket.once('secureConnect', () => resolve(seen)));
  const result = await Promise.race([secure, failed]);
  socket.destroy();
  server.close();
  return result;
}

describe('SR 1.8, SR 1.9: development certificates', () => {
  it.each(['127.0.0.1', 'localhost'])('join each gateway and the server at %s over TLS 1.3', async (host) => {
    const { server, gateways } = await ensure();
    expect(await join13(of(gateways, 'north'), server, host)).toBe('north');
    expect(await join13(of(gateways, 'south'), server, host)).toBe('south');
  });

  it('of another installation are refused at either end', async () => {
    const { server, gateways } = await ensure();
    const other = await ensure({ gateways: ['north'] }, join(directory, 'other'));
    expect(await join13(of(other.gateways, 'north'), server)).toMatch(/^gateway: /);
    expect(await join13(of(gateways, 'north'), other.server)).toMatch(/^gateway: /);
    // A gateway that trusts the server's authority and shows a certificate of its own.
    const ca = await readFile(join(server, 'ca.pem'));
    await writeFile(join(of(other.gateways, 'north'), 'ca.pem'), ca);
    expect(await join13(of(other.gateways, 'north'), server)).toMatch(/^(server|gateway): /);
  });

  it('a gateway cannot stand in for the server', async () => {
    const { gateways } = await ensure();
    expect(await join13(of(gateways, 'north'), of(gateways, 'south'))).toMatch(/^gateway: /);
  });

  it('keys are for their owner alone, and so are the directories that hold them', async () => {
    await ensure();
    const entries = await readdir(directory, { recursive: true, withFileTypes: true });
    const places = entries.filter((entry) => entry.isDirectory() || entry.name === 'key.pem');
    expect(places).toHaveLength(10);
    for (const place of places) {
      const { mode } = await stat(join(place.parentPath, place.name));
      expect(mode & 0o777, place.name).toBe(place.isDirectory() ? 0o700 : 0o600);
    }
  });

  it('a key that others could read is closed to them again', async () => {
    const { server } = await ensure();
    const key = join(server, 'key.pem');
    await chmod(key, 0o644);
    await ensure();
    expect((await stat(key)).mode & 0o777).toBe(0o600);
  });

  it('the key of the authority lies in no directory that server or gateway reads', async () => {
    await ensure();
    const files = await contents();
    const key = files.get(join(directory, 'authority', 'key.pem'));
    expect([...files].filter(([, text]) => text === key)).toHaveLength(1);
  });

  it('are good certificates to OpenSSL, in every particular', async () => {
    const { server, gateways } = await ensure({
      gateways: ['north'],
      serverNames: ['plant.example', '10.1.2.3', 'fd00::7:1'],
    });
    const ca = new X509Certificate((await identityIn(server)).ca);
    const forServer = new X509Certificate((await identityIn(server)).cert);
    const forGateway = new X509Certificate((await identityIn(of(gateways, 'north'))).cert);
    expect([ca.ca, forServer.ca, forGateway.ca]).toEqual([true, false, false]);
    expect(forServer.subjectAltName).toBe('DNS:plant.example, IP Address:10.1.2.3, IP Address:FD00:0:0:0:0:0:7:1');
    expect(forServer.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
    expect(forGateway.keyUsage).toEqual(['1.3.6.1.5.5.7.3.2']);
    expect(forGateway.subject).toBe('CN=north');
    expect(forGateway.publicKey.asymmetricKeyType).toBe('ed25519');
    expect(forServer.publicKey.asymmetricKeyDetails).toEqual({ namedCurve: 'prime256v1' });
    expect(forServer.serialNumber).not.toBe(forGateway.serialNumber);
    for (const certificate of [ca, forServer, forGateway]) {
      expect(certificate.checkIssued(ca) && certificate.verify(ca.publicKey)).toBe(true);
    }
  });

  it('hold for two years', async () => {
    const { server } = await ensure();
    const days = (new X509Certificate((await identityIn(server)).cert).validToDate.getTime() - Date.now()) / 86_400_000;
    expect(days).toBeGreaterThan(729);
    expect(days).toBeLessThanOrEqual(730);
  });
});

describe('a second call', () => {
  const inDays = (days: number) => new ManualClock((systemClock.now() + days * 86_400 * US_PER_S) as Timestamp);
  const all = ['authority', 'gateway/north', 'gateway/south', 'server'];
  const leaves = all.slice(1);
  const CASES: [string, DevelopmentCertificateOptions, string[]][] = [
    ['changes nothing', { gateways: ['north', 'south'] }, []],
    ['changes nothing for a gateway that it is not asked for', { gateways: ['north'] }, []],
    ['makes what a new gateway needs', { gateways: ['west'] }, ['gateway/west']],
    ['makes a new one for a server with another name', { serverNames: ['127.0.0.1', 'plant.example'] }, ['server']],
    ['changes nothing after 699 days', { clock: inDays(699) }, []],
    ['renews what ends within 30 days', { clock: inDays(701) }, leaves],
    ['renews the authority before it ends before what it vouches for', { clock: inDays(8 * 365) }, all],
    ['renews everything where the clock was wrong before', { clock: inDays(-1_000) }, all],
  ];
  for (const [name, options, expected] of CASES) {
    it(name, async () => {
      await ensure();
      const before = await contents();
      const { server, gateways } = await ensure(options);
      expect(changed(before, await contents())).toEqual(expected);
      if (!options.clock)
        for (const [name, place] of Object.entries(gateways)) expect(await join13(place, server)).toBe(name);
    });
  }

  const DAMAGE: [string, string, string, string[]][] = [
    ['an empty certificate', 'server/cert.pem', '', ['server']],
    ['a key that is none', 'gateway/north/key.pem', 'none', ['gateway/north']],
    ['an authority that is none', 'authority/cert.pem', 'none', all],
    ['another authority to trust', 'gateway/north/ca.pem', 'none', []],
  ];
  for (const [name, file, text, expected] of DAMAGE) {
    it(`repairs ${name}`, async () => {
      await ensure();
      const before = await contents();
      await writeFile(join(directory, file), text);
      const { server, gateways } = await ensure();
      expect(changed(before, await contents())).toEqual(expected);
      expect(await join13(of(gateways, 'north'), server)).toBe('north');
    });
  }

  it('repairs a pair of which only one file was replaced before a crash', async () => {
    const { server } = await ensure();
    const other = await ensure({}, join(directory, 'other'));
    await writeFile(join(server, 'key.pem'), await readFile(join(other.server, 'key.pem')));
    const { gateways } = await ensure();
    expect(await join13(of(gateways, 'north'), server)).toBe('north');
  });
});

describe('what cannot be done', () => {
  it.each(['', '../north', 'a/b', '.', 'x'.repeat(64), 'north\n'])('a gateway cannot be called %j', async (name) => {
    const made = await ensureDevelopmentCertificates(directory, { gateways: [name] });
    expect(made).toMatchObject({ ok: false, fault: { code: 'certificate.name' } });
    expect(await readdir(directory)).toEqual([]);
  });

  it('a file in place of the directory is a fault that says so', async () => {
    const file = join(directory, 'file');
    await writeFile(file, '');
    for (const place of [file, join(file, 'below')]) {
      const made = await ensureDevelopmentCertificates(place, {});
      expect(made).toMatchObject({ ok: false, fault: { code: 'certificate.directory' } });
      expect(made.ok ? '' : made.fault.detail).toMatch(/there is a file in its place/);
    }
  });
});
