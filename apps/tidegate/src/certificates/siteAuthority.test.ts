/** An authority and a holder, as their two directories: what is carried between them, and what is not taken. */

import { X509Certificate } from 'node:crypto';
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Result, success } from '@tidegate/core/fault/fault.ts';
import { checkIdentity } from '@tidegate/process/identity/checkedIdentity.ts';
import { readIdentity } from '@tidegate/process/identity/identity.ts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readRequest } from './certificateRequest.ts';
import { HolderDirectory } from './holderDirectory.ts';
import { createAuthority, SiteAuthority } from './siteAuthority.ts';
import { gatewaySubject, type Subject } from './subject.ts';
import { inDays, validityOf } from './validity.ts';

let directory: string;
let authority: SiteAuthority;
let holder: HolderDirectory;
const NOW = new Date();
const INSTALL = { now: NOW, newAuthority: false };
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tidegate-authority-'));
  authority = await makeAuthority('authority');
  holder = new HolderDirectory(join(directory, 'holder'));
});
afterEach(() => rm(directory, { recursive: true }));

function orThrow<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.fault.code}: ${result.fault.detail}`);
  return result.value;
}

async function makeAuthority(name: string, passphrase?: string): Promise<SiteAuthority> {
  const place = join(directory, name);
  const encryption = passphrase === undefined ? {} : { passphrase };
  orThrow(await createAuthority(place, { name: 'Site', validity: validityOf(NOW, 3_650), ...encryption }));
  return orThrow(await SiteAuthority.open(place, async () => success(passphrase ?? '')));
}

async function sign(request: string, by = authority, from = NOW) {
  return by.sign(orThrow(await readRequest(request)), validityOf(from, 730));
}

async function enrolled(subject: Subject = gatewaySubject('north')): Promise<X509Certificate> {
  const { text } = orThrow(await holder.request(subject, false));
  return orThrow(await holder.install(await sign(text), INSTALL));
}

const serialInUse = async () => new X509Certificate(await readFile(join(holder.path, 'cert.pem'))).serialNumber;

describe('SR 1.8: an authority', () => {
  it('is not made over another', async () => {
    const again = await createAuthority(join(directory, 'authority'), { name: 'B', validity: validityOf(NOW, 1) });
    expect(again).toMatchObject({ ok: false, fault: { code: 'certificate.exists' } });
  });

  it('SR 1.9: with a passphrase is of no use to who does not have it', async () => {
    await makeAuthority('locked', 'correct horse');
    const key = await readFile(join(directory, 'locked', 'key.pem'), 'utf8');
    expect(key).toMatch(/^-----BEGIN ENCRYPTED PRIVATE KEY-----/);
    expect((await stat(join(directory, 'locked', 'key.pem'))).mode & 0o777).toBe(0o600);
    const wrong = await SiteAuthority.open(join(directory, 'locked'), async () => success('wrong horse'));
    expect(wrong).toMatchObject({ ok: false, fault: { code: 'certificate.authority' } });
  });

  it.each(['key.pem', 'cert.pem'])('without %s is none', async (file) => {
    await rm(join(directory, 'authority', file));
    const opened = await SiteAuthority.open(join(directory, 'authority'), async () => success(''));
    expect(opened).toMatchObject({ ok: false, fault: { code: 'certificate.authority' } });
  });

  it('keeps what it has signed, and revokes it by name or by serial number, once', async () => {
    const first = await enrolled();
    const second = orThrow(
      await holder.install(await sign(orThrow(await holder.request(gatewaySubject('north'), false)).text), INSTALL),
    );
    const serials = (list: readonly X509Certificate[]) => list.map(({ serialNumber }) => serialNumber).sort();
    expect(serials(await authority.issued())).toEqual(serials([first, second]));
    expect(serials(orThrow(await authority.revoke(first.serialNumber.toLowerCase(), NOW)))).toEqual(serials([first]));
    expect(serials(orThrow(await authority.revoke('north', NOW)))).toEqual(serials([second]));
    expect(orThrow(await authority.revoke('north', NOW))).toEqual([]);
    expect(await authority.revoke('nobody', NOW)).toMatchObject({ ok: false, fault: { code: 'certificate.unknown' } });
  });
});

describe('SR 1.5, SR 4.1: the directory of a holder', () => {
  it('keeps the key that it has made, for its owner alone, and nobody else gets it', async () => {
    const { file, text } = orThrow(await holder.request(gatewaySubject('north'), false));
    expect(text).not.toContain('PRIVATE');
    for (const private_ of [holder.path, join(holder.path, 'request'), join(holder.path, 'request', 'key.pem')]) {
      expect((await stat(private_)).mode & 0o077, private_).toBe(0);
    }
    expect(file).toBe(join(holder.path, 'request', 'request.pem'));
  });

  it('uses the old key until there is a certificate for the new one, and then the new one', async () => {
    const before = await enrolled();
    const { text } = orThrow(await holder.request(orThrow(await holder.subject()), false));
    expect(await serialInUse()).toBe(before.serialNumber);
    const after = orThrow(await holder.install(await sign(text), INSTALL));
    expect(await serialInUse()).toBe(after.serialNumber);
    expect(orThrow(checkIdentity(orThrow(await readIdentity(holder.path, 'gateway.certificates'))))).toBeDefined();
    expect(await readdir(holder.path)).toEqual(['ca.pem', 'cert.pem', 'key.pem']);
  });

  it('makes no second request while one waits, unless it is thrown away', async () => {
    orThrow(await holder.request(gatewaySubject('north'), false));
    const second = await holder.request(gatewaySubject('north'), false);
    expect(second).toMatchObject({ ok: false, fault: { code: 'certificate.exists' } });
    expect(await holder.request(gatewaySubject('north'), true)).toMatchObject({ ok: true });
  });

  it('takes a renewed certificate for the key that it has', async () => {
    const { text } = orThrow(await holder.request(gatewaySubject('north'), false));
    orThrow(await holder.install(await sign(text), INSTALL));
    const again = orThrow(await holder.install(await sign(text), INSTALL));
    expect(await serialInUse()).toBe(again.serialNumber);
  });

  type Wrong = (text: string) => Promise<Parameters<HolderDirectory['install']>[0]>;
  it.each<[string, string, Wrong]>([
    [
      'for the key of another',
      'certificate.mismatch',
      async () => {
        const other = new HolderDirectory(join(directory, 'other'));
        return sign(orThrow(await other.request(gatewaySubject('north'), false)).text);
      },
    ],
    [
      'made out to another name',
      'certificate.request',
      async (text) => {
        const request = orThrow(await readRequest(text));
        return authority.sign({ ...request, subject: gatewaySubject('south') }, validityOf(NOW, 730));
      },
    ],
    [
      'with host names that nobody asked for',
      'certificate.request',
      async (text) => {
        const request = orThrow(await readRequest(text));
        return authority.sign(
          { ...request, subject: { ...request.subject, hosts: ['a.example'] } },
          validityOf(NOW, 730),
        );
      },
    ],
    ['that has ended', 'certificate.dates', (text) => sign(text, authority, inDays(NOW, -731))],
    ['that has not begun', 'certificate.dates', (text) => sign(text, authority, inDays(NOW, 2))],
    [
      'of another authority than is sent with it',
      'certificate.issuer',
      async (text) => {
        const other = await makeAuthority('other');
        return { ...(await sign(text, other)), ca: (await sign(text)).ca };
      },
    ],
    [
      'that has been revoked',
      'certificate.revoked',
      async (text) => {
        const signed = await sign(text);
        orThrow(await authority.revoke('north', NOW));
        return { ...signed, crl: await readFile(join(directory, 'authority', 'crl.pem'), 'utf8') };
      },
    ],
    [
      'that was cut',
      'certificate.unreadable',
      async (text) => {
        const signed = await sign(text);
        return { ...signed, cert: signed.cert.slice(0, 300) };
      },
    ],
  ])('takes no certificate %s, and stays as it was', async (_what, code, make) => {
    const { text } = orThrow(await holder.request(gatewaySubject('north'), false));
    expect(await holder.install(await make(text), INSTALL)).toMatchObject({ ok: false, fault: { code } });
    expect(await readdir(holder.path)).toEqual(['request']);
  });

  it('takes no other authority than the one that it trusts, unless that is asked for', async () => {
    await enrolled();
    const other = await makeAuthority('other');
    const { text } = orThrow(await holder.request(gatewaySubject('north'), false));
    const signed = await sign(text, other);
    expect(await holder.install(signed, INSTALL)).toMatchObject({ ok: false, fault: { code: 'certificate.issuer' } });
    expect(await holder.install(signed, { ...INSTALL, newAuthority: true })).toMatchObject({ ok: true });
  });

  it('takes a certificate of either authority while it trusts two', async () => {
    await enrolled();
    const other = await makeAuthority('other');
    const both =
      (await readFile(join(holder.path, 'ca.pem'), 'utf8')) +
      (await readFile(join(directory, 'other', 'cert.pem'), 'utf8'));
    await writeFile(join(holder.path, 'ca.pem'), both);
    const { text } = orThrow(await holder.request(gatewaySubject('north'), false));
    orThrow(await holder.install(await sign(text, other), INSTALL));
    expect(await readFile(join(holder.path, 'ca.pem'), 'utf8')).toBe(both);
  });

  it('takes a revocation list of its authority, and of no other', async () => {
    await enrolled();
    orThrow(await authority.revoke('north', NOW));
    orThrow(await holder.installList(await readFile(join(directory, 'authority', 'crl.pem'), 'utf8')));
    const identity = orThrow(checkIdentity(orThrow(await readIdentity(holder.path, 'gateway.certificates'))));
    expect(identity.isRevoked(identity.certificate)).toBe(true);
    const other = await makeAuthority('other');
    orThrow(await other.revoke(undefined, NOW));
    const list = await readFile(join(directory, 'other', 'crl.pem'), 'utf8');
    expect(await holder.installList(list)).toMatchObject({ ok: false, fault: { code: 'certificate.issuer' } });
  });

  it('is closed to others again where somebody has opened it', async () => {
    await enrolled();
    await chmod(holder.path, 0o755);
    await holder.request(gatewaySubject('north'), false);
    expect((await stat(holder.path)).mode & 0o777).toBe(0o700);
  });
});
