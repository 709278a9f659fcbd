/** An invitation and those who use it, rightly and wrongly, over real TLS on the loopback. */

import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { systemClock } from '@tidegate/core/clock/clock.ts';
import { ManualClock } from '@tidegate/core/clock/manualClock.ts';
import { checkIdentity } from '@tidegate/process/identity/checkedIdentity.ts';
import { readIdentity } from '@tidegate/process/identity/identity.ts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HolderDirectory } from '../holderDirectory.ts';
import { createAuthority, SiteAuthority } from '../siteAuthority.ts';
import { gatewaySubject, type Subject } from '../subject.ts';
import { validityOf } from '../validity.ts';
import { enrol } from './enrol.ts';
import { Invitation, type InvitationOptions } from './invitation.ts';
import { formatCode, parseCode } from './invitationCode.ts';

let directory: string;
let authority: SiteAuthority;
let refused: string[];
const invitations: Invitation[] = [];
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tidegate-enrolment-'));
  refused = [];
  authority = await makeAuthority('authority');
});
afterEach(async () => {
  for (const invitation of invitations.splice(0)) invitation.close();
  await rm(directory, { recursive: true });
});

async function makeAuthority(name: string): Promise<SiteAuthority> {
  const validity = validityOf(new Date(), 3_650);
  orThrow(await createAuthority(join(directory, name), { name: 'Site', validity }));
  return orThrow(await SiteAuthority.open(join(directory, name), () => Promise.reject(new Error('no passphrase'))));
}

function orThrow<T>(result: { ok: true; value: T } | { ok: false; fault: { code: string; detail: string } }): T {
  if (!result.ok) throw new Error(`${result.fault.code}: ${result.fault.detail}`);
  return result.value;
}

async function invite(subject: Subject = gatewaySubject('north'), options: Partial<InvitationOptions> = {}) {
  const opened = orThrow(
    await Invitation.open({
      ...{ subject, host: '127.0.0.1', port: 0, clock: systemClock },
      sign: (request) => authority.sign(request, validityOf(new Date(), 730)),
      onRefused: (_peer, reason) => refused.push(reason),
      ...options,
    }),
  );
  invitations.push(opened);
  return opened;
}

function use({ port, code }: { port: number; code: string }, into = 'north', newAuthority = false) {
  const holder = new HolderDirectory(join(directory, into));
  return enrol({ host: '127.0.0.1', port, code, directory: holder, newAuthority, clock: systemClock });
}

/** The code with another secret, which only the invitation can tell from the right one. */
function withOtherSecret(code: string): string {
  const { pin, secret } = orThrow(parseCode(code));
  return formatCode({ pin, secret: secret.map((byte) => byte ^ 1) });
}

const SUBJECTS: Subject[] = [
  gatewaySubject('north'),
  { role: 'relay', name: 'dmz-1', hosts: ['relay.example', '10.0.0.7'] },
  { role: 'server', name: 'Tidegate server', hosts: ['tidegate.example', 'fd00::7', '::ffff:a01:203'] },
];

describe('SR 1.5, SR 1.8: a code', () => {
  it.each(SUBJECTS)('brings a $role a certificate for a key that it has made itself', async (subject) => {
    const invitation = await invite(subject);
    const certificate = orThrow(await use(invitation, 'holder'));
    const identity = orThrow(await readIdentity(join(directory, 'holder'), 'gateway.certificates'));
    expect(orThrow(checkIdentity(identity)).certificate.serialNumber).toBe(certificate.serialNumber);
    const outcome = orThrow(await invitation.outcome);
    expect(outcome.request.subject).toEqual(subject);
    expect(outcome.certificate.serialNumber).toBe(certificate.serialNumber);
    expect((await stat(join(directory, 'holder', 'key.pem'))).mode & 0o777).toBe(0o600);
    expect(await readdir(join(directory, 'holder'))).toEqual(['ca.pem', 'cert.pem', 'key.pem']);
    expect(refused).toEqual([]);
  });

  it('SR 4.1: and its key stays where it was made', async () => {
    orThrow(await use(await invite()));
    const key = await readFile(join(directory, 'north', 'key.pem'), 'utf8');
    const held = await readdir(join(directory, 'authority'), { recursive: true, withFileTypes: true });
    for (const file of held.filter((one) => one.isFile())) {
      expect(await readFile(join(file.parentPath, file.name), 'utf8')).not.toContain(key.split('\n')[1]);
    }
  });

  it('brings what has been revoked as well', async () => {
    orThrow(await use(await invite()));
    orThrow(await authority.revoke('north', new Date()));
    orThrow(await use(await invite()));
    expect(await readdir(join(directory, 'north'))).toContain('crl.pem');
  });

  it('works once: at the same time too', async () => {
    const invitation = await invite();
    const results = await Promise.all(['one', 'two', 'three'].map((into) => use(invitation, into)));
    expect(results.filter(({ ok }) => ok)).toHaveLength(1);
    expect(await authority.issued()).toHaveLength(1);
    expect(await use(invitation, 'four')).toMatchObject({ ok: false, fault: { code: 'enrolment.unreachable' } });
  });

  it('works no longer than 15 minutes, whatever is asked for', async () => {
    const clock = new ManualClock((Date.now() * 1_000) as never);
    const invitation = await invite(gatewaySubject('north'), { clock, lifeMs: 3_600_000 });
    await clock.advance(15 * 60_000 - 1);
    expect(await Promise.race([invitation.outcome, 'open'])).toBe('open');
    await clock.advance(1);
    expect(await invitation.outcome).toMatchObject({ ok: false, fault: { code: 'enrolment.ended' } });
    expect(await use(invitation)).toMatchObject({ ok: false, fault: { code: 'enrolment.unreachable' } });
  });

  it('that is wrong is refused and counted; the fifth ends the invitation', async () => {
    const invitation = await invite();
    const wrong = { port: invitation.port, code: withOtherSecret(invitation.code) };
    for (let attempt = 1; attempt <= 5; attempt++) {
      const result = await use(wrong);
      expect(result).toMatchObject({ ok: false, fault: { code: 'enrolment.refused' } });
      expect(!result.ok && result.fault.detail).toContain(`${attempt} of 5`);
    }
    expect(await invitation.outcome).toMatchObject({ ok: false, fault: { code: 'enrolment.ended' } });
    expect(await use(invitation)).toMatchObject({ ok: false, fault: { code: 'enrolment.unreachable' } });
    expect(refused).toHaveLength(5);
    expect(await authority.issued()).toEqual([]);
  });

  it('that was mistyped four times still works', async () => {
    const invitation = await invite();
    for (let attempt = 0; attempt < 4; attempt++)
      await use({ ...invitation, port: invitation.port, code: withOtherSecret(invitation.code) });
    expect(await use(invitation)).toMatchObject({ ok: true });
  });

  it('SR 3.1: of one invitation is not shown to another, as to a machine in the middle', async () => {
    const [right, other] = [await invite(), await invite()];
    const result = await use({ code: right.code, port: other.port });
    expect(result).toMatchObject({ ok: false, fault: { code: 'enrolment.refused' } });
    expect(!result.ok && result.fault.detail).toContain('is not where the code was made');
    expect(await use(right)).toMatchObject({ ok: true });
  });

  it('does not replace the authority that is trusted, unless that is asked for', async () => {
    orThrow(await use(await invite()));
    authority = await makeAuthority('another');
    expect(await use(await invite())).toMatchObject({ ok: false, fault: { code: 'certificate.issuer' } });
    expect(await use(await invite(), 'north', true)).toMatchObject({ ok: true });
    const ca = await readFile(join(directory, 'north', 'ca.pem'), 'utf8');
    expect(ca).toBe(await readFile(join(directory, 'another', 'cert.pem'), 'utf8'));
  });
});

describe('SR 7.1: whoever knows no code', () => {
  it.each([
    ['says nothing and goes', ''],
    ['sends what is no line', 'x'.repeat(100_000)],
    ['sends a line that is no JSON', 'hello\n'],
    ['sends JSON that is nothing', 'null\n'],
    ['sends a proof of the wrong kind', '{"proof":{}}\n'],
  ])('and %s is refused, and the code goes on working', async (_what, text) => {
    const invitation = await invite();
    const socket = connect({ host: '127.0.0.1', port: invitation.port, rejectUnauthorized: false });
    socket.on('error', () => {});
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.once('secureConnect', () => socket.end(text)).resume();
    await closed;
    expect(await use(invitation)).toMatchObject({ ok: true });
    expect(refused).toEqual(['it shows no code']);
  });
});
