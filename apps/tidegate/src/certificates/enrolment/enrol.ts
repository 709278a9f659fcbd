/** Uses the code of an invitation: opens the connection, makes a key, and brings home a certificate for it. */

import type { X509Certificate } from 'node:crypto';
import { connect, type TLSSocket } from 'node:tls';
import type { Clock } from '@tidegate/core/clock/clock.ts';
import { timestampToMs } from '@tidegate/core/clock/timestamp.ts';
import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import type { HolderDirectory } from '../holderDirectory.ts';
import type { SignedCertificate } from '../siteAuthority.ts';
import { ROLES, type Role, type Subject, subjectFault } from '../subject.ts';
import { type InvitationCode, isPinned, parseCode } from './invitationCode.ts';
import { type Line, LineSocket } from './lineSocket.ts';

export interface EnrolOptions {
  readonly code: string;
  readonly host: string;
  readonly port: number;
  readonly directory: HolderDirectory;
  /** Takes the authority of the invitation in place of the one that is trusted so far. */
  readonly newAuthority: boolean;
  readonly clock: Clock;
}

const TIMEOUT_MS = 10_000;

/**
 * The certificate, which is installed then. Faults: `enrolment.code`, `enrolment.unreachable`, `enrolment.refused`, and those
 * of making a request and of installing. Throws as the file system.
 */
export async function enrol(options: EnrolOptions): Promise<Result<X509Certificate>> {
  const code = parseCode(options.code);
  if (!code.ok) return code;
  const connected = await connectPinned(options, code.value);
  if (!connected.ok) return connected;
  const lines = new LineSocket(connected.value, options.clock, TIMEOUT_MS);
  try {
    return await converse(lines, code.value, options);
  } finally {
    connected.value.destroy();
  }
}

async function converse(lines: LineSocket, { secret }: InvitationCode, options: EnrolOptions) {
  const { directory, clock, newAuthority } = options;
  lines.say({ proof: lines.proof(secret).toString('base64') });
  const subject = subjectOf(await lines.hear());
  if (!subject.ok) return subject;
  const pending = await directory.request(subject.value, true);
  if (!pending.ok) return pending;
  lines.say({ request: pending.value.text });
  const signed = signedOf(await lines.hear());
  if (!signed.ok) return signed;
  return directory.install(signed.value, { now: new Date(timestampToMs(clock.now())), newAuthority });
}

/** Nothing is sent before the far end has shown that it holds the key of the certificate that the code names. */
function connectPinned({ host, port, clock }: EnrolOptions, { pin }: InvitationCode): Promise<Result<TLSSocket>> {
  const place = `${host}:${port}`;
  const socket = connect({ host, port, minVersion: 'TLSv1.3', rejectUnauthorized: false });
  return new Promise((resolve) => {
    const finish = (result: Result<TLSSocket>) => {
      cancel();
      if (!result.ok) socket.destroy();
      resolve(result);
    };
    const cancel = clock.after(TIMEOUT_MS, () => finish(failure('enrolment.unreachable', `${place} does not answer`)));
    socket.on('error', ({ message }) => finish(failure('enrolment.unreachable', `${place}: ${message}`)));
    socket.once('secureConnect', () => {
      const certificate = socket.getPeerX509Certificate();
      if (certificate && isPinned(certificate.raw, pin)) finish(success(socket));
      else finish(failure('enrolment.refused', `${place} is not where the code was made`));
    });
  });
}

function refusalIn(line: Line | undefined): ReturnType<typeof failure> {
  if (line === undefined) return failure('enrolment.refused', 'the connection was closed');
  const { refused }: Line = line;
  return failure('enrolment.refused', printable(refused) ?? 'the answer cannot be understood');
}

function subjectOf(line: Line | undefined): Result<Subject> {
  const { subject: sent }: Line = line ?? {};
  const { role, name, hosts } = (sent ?? {}) as { role?: unknown; name?: unknown; hosts?: unknown };
  const known = ROLES.includes(role as Role) && typeof name === 'string' && Array.isArray(hosts);
  if (!known || !hosts.every((host) => typeof host === 'string')) return refusalIn(line);
  const subject: Subject = { role: role as Role, name, hosts };
  const fault = subjectFault(subject);
  return fault ? { ok: false, fault } : success(subject);
}

function signedOf(line: Line | undefined): Result<SignedCertificate> {
  const { cert, ca, crl } = line ?? {};
  if (typeof cert !== 'string' || typeof ca !== 'string') return refusalIn(line);
  return success({ cert, ca, ...(typeof crl === 'string' && { crl }) });
}

/** What the other end says goes to a terminal. */
function printable(text: unknown): string | undefined {
  return typeof text === 'string' ? text.replaceAll(/[^\x20-\x7e]/g, '?').slice(0, 200) : undefined;
}
