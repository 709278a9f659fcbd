/**
 * Development certificates: an authority of this installation's own, and what server and gateways prove with.
 *
 *     DIRECTORY/authority/          key.pem, cert.pem, issued/  read by nothing but this program
 *     DIRECTORY/server/             key.pem, cert.pem, ca.pem   the server reads these
 *     DIRECTORY/gateway/NAME/       key.pem, cert.pem, ca.pem   the gateway NAME reads these
 *
 * Invariant: every key is made on this machine, is no one else's, and can be read by its owner alone. What is good stays
 * as it is; what is missing, damaged, about to expire or made for other names is made anew.
 */

import { readdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type Clock, systemClock } from '@tidegate/core/clock/clock.ts';
import { timestampToMs } from '@tidegate/core/clock/timestamp.ts';
import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { directoryDefect } from '@tidegate/journal/directoryDefect.ts';
import {
  authorityDirectory,
  type Credentials,
  gatewayDirectory,
  makePrivate,
  readCredentials,
  serverDirectory,
  writeCredentials,
  writeTrusted,
} from './certificateFiles.ts';
import { isCurrent } from './isCurrent.ts';
import { issueAuthority, issueCredentials } from './issueCertificate.ts';
import { keepIssued } from './siteAuthority.ts';
import { GATEWAY_NAME, gatewaySubject, type Subject } from './subject.ts';
import { inDays, validityOf } from './validity.ts';

export interface DevelopmentCertificateOptions {
  /** The gateways that need a certificate, beside those that have one already. */
  readonly gateways?: readonly string[];
  /** Host names and addresses by which gateways reach the server; this machine alone where absent. */
  readonly serverNames?: readonly string[];
  readonly clock?: Clock;
}

/** The directories that server and gateways read `key.pem`, `cert.pem` and `ca.pem` from. */
export interface DevelopmentCertificates {
  readonly server: string;
  /** By the name of the gateway. */
  readonly gateways: Readonly<Record<string, string>>;
}

const AUTHORITY_NAME = 'Tidegate development authority';
const SERVER_NAME = 'Tidegate server';
const THIS_MACHINE = ['localhost', '127.0.0.1', '::1'];
const LIFE_DAYS = 2 * 365;
/** The authority outlives what it vouches for: as long as it stays, nobody has to be told of a new one. */
const AUTHORITY_LIFE_DAYS = 10 * 365;
/** Certificates are renewed when they are this close to their end. */
const RENEWAL_DAYS = 30;

/**
 * Makes what is missing. Faults: `certificate.name` for a gateway that cannot be called so, `certificate.directory`
 * where the directory cannot be read or written.
 */
export async function ensureDevelopmentCertificates(
  directory: string,
  { gateways = [], serverNames = THIS_MACHINE, clock = systemClock }: DevelopmentCertificateOptions,
): Promise<Result<DevelopmentCertificates>> {
  const wrong = gateways.find((name) => !GATEWAY_NAME.test(name));
  if (wrong !== undefined) return failure('certificate.name', `"${wrong}" is not the name of a gateway`);
  try {
    const names = [...new Set([...gateways, ...(await existingGateways(directory))])];
    return success(await ensureAll(directory, names, serverNames, new Date(timestampToMs(clock.now()))));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    return failure('certificate.directory', `${directory} ${directoryDefect(error as NodeJS.ErrnoException)}`);
  }
}

async function ensureAll(
  directory: string,
  names: readonly string[],
  serverNames: readonly string[],
  now: Date,
): Promise<DevelopmentCertificates> {
  await makePrivate(directory);
  const authority = await ensure(
    authorityDirectory(directory),
    { name: AUTHORITY_NAME, from: now, until: inDays(now, LIFE_DAYS + RENEWAL_DAYS) },
    () => issueAuthority(AUTHORITY_NAME, validityOf(now, AUTHORITY_LIFE_DAYS)),
  );
  const issuer = authority.cert;
  const common = { issuer, from: now, until: inDays(now, RENEWAL_DAYS) };
  const issue = async (subject: Subject) => {
    const issued = await issueCredentials(authority, subject, validityOf(now, LIFE_DAYS));
    await keepIssued(authorityDirectory(directory), issued.cert);
    return issued;
  };
  const server = serverDirectory(directory);
  await ensure(server, { ...common, name: SERVER_NAME, hosts: serverNames }, () =>
    issue({ role: 'server', name: SERVER_NAME, hosts: serverNames }),
  );
  await writeTrusted(server, issuer);
  const gateways: Record<string, string> = {};
  for (const name of names) {
    const own = gatewayDirectory(directory, name);
    await makePrivate(dirname(own));
    await ensure(own, { ...common, name, keyType: 'ed25519' }, () => issue(gatewaySubject(name)));
    await writeTrusted(own, issuer);
    gateways[name] = own;
  }
  return { server, gateways };
}

/** The credentials in `directory` where they are good, new ones otherwise. */
async function ensure(
  directory: string,
  requirement: Parameters<typeof isCurrent>[1],
  issue: () => Promise<Credentials>,
): Promise<Credentials> {
  const existing = await readCredentials(directory);
  if (existing && isCurrent(existing, requirement)) return existing;
  const issued = await issue();
  await writeCredentials(directory, issued);
  return issued;
}

/** Gateways that have been given a certificate before keep a good one, whoever asks. */
async function existingGateways(directory: string): Promise<string[]> {
  const entries = await readdir(dirname(gatewayDirectory(directory, 'any')), { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory() && GATEWAY_NAME.test(entry.name)).map(({ name }) => name);
}
