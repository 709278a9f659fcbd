/**
 * Proves that the live server hears nobody but those whom its authority vouches for. A handful of connections, which send
 * nothing that could be taken for data, so that gateways are not disturbed.
 */

import type { ConnectionOptions } from 'node:tls';
import { type Check, type Control, failed, proved, unchecked } from '@tidegate/process/selftest/check.ts';
import { DOOR_CONTROLS } from '@tidegate/process/selftest/controls.ts';
import type { Credentials } from '../certificates/certificateFiles.ts';
import { issueAuthority, issueCredentials } from '../certificates/issueCertificate.ts';
import { gatewaySubject } from '../certificates/subject.ts';
import { inDays, validityOf } from '../certificates/validity.ts';
import { type Knock, knockInPlainText, knockWithTls } from './knock.ts';

export interface Door {
  readonly host: string;
  readonly port: number;
  readonly serverName: string;
}

export interface Known {
  /** Of a gateway that the server knows; what it holds is shown and nothing is sent. Absent where none is at hand. */
  readonly gateway?: Credentials;
  /** Of the authority of the site, where it is at hand. */
  readonly authority?: Credentials;
  /** The name that strangers claim. */
  readonly name: string;
}

const CONTROLS = DOOR_CONTROLS;

/** As a gateway of another world would begin. */
const PLAIN_TEXT = 'TGOW in plain text\r\n\r\n';
const LIFE_DAYS = 7;

interface Attempt {
  readonly control: Control;
  readonly did: string;
  readonly knock: () => Promise<Knock>;
}

export async function proveStrangersRefused(door: Door, known: Known): Promise<readonly Check[]> {
  const attempts = await attemptsAt(door, known);
  const checks = await Promise.all([
    ...(known.gateway ? [admission(door, known.gateway)] : []),
    ...attempts.map((attempt) => refusal(door, attempt)),
  ]);
  if (known.authority) return checks;
  return checks.map((check) => (check.id === CONTROLS.expired.id ? withoutAuthority(check) : check));
}

async function attemptsAt(door: Door, { name, gateway, authority }: Known): Promise<readonly Attempt[]> {
  const now = new Date();
  const foreign = await issueAuthority('Tidegate self-test', validityOf(now, LIFE_DAYS));
  const subject = gatewaySubject(name);
  const stranger = await issueCredentials(foreign, subject, validityOf(now, LIFE_DAYS));
  const ended = { notBefore: inDays(now, -LIFE_DAYS), notAfter: inDays(now, -1) };
  const expired = await issueCredentials(authority ?? foreign, subject, ended);
  const oldTls = { ...addressOf(door), minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' } as const;
  return [
    {
      control: CONTROLS.foreign,
      did: `showed a certificate for ${name} of an authority made for this test`,
      knock: () => knockWithTls({ ...tls13(door), ...stranger }),
    },
    {
      control: CONTROLS.expired,
      did: `showed a certificate for ${name} that ended yesterday, of ${authority ? 'the authority of the site' : 'another authority'}`,
      knock: () => knockWithTls({ ...tls13(door), ...expired }),
    },
    {
      control: CONTROLS.none,
      did: 'made a TLS 1.3 handshake without a certificate',
      knock: () => knockWithTls(tls13(door)),
    },
    {
      control: CONTROLS.tls12,
      did: `offered TLS 1.2 and no more, with the certificate of ${gateway ? 'the gateway' : 'a stranger'}`,
      knock: () => knockWithTls({ ...oldTls, ...(gateway ?? stranger) }),
    },
    {
      control: CONTROLS.plain,
      did: 'sent plain text',
      knock: () => knockInPlainText(door.host, door.port, PLAIN_TEXT),
    },
  ];
}

/** What is refused for its authority alone says nothing of its date. */
function withoutAuthority(check: Check): Check {
  if (check.verdict !== 'proved') return check;
  return { ...check, seen: `${check.seen}; for its authority alone, perhaps: --authority tells`, verdict: 'noted' };
}

/** Without it a door that nobody can enter would pass for one that is guarded. */
async function admission(door: Door, gateway: Credentials): Promise<Check> {
  const did = 'made a TLS 1.3 handshake with the certificate of the gateway, and sent nothing';
  const knock = await knockWithTls({ ...tls13(door), ...gateway });
  if (knock.outcome === 'unreachable') return unreachable(CONTROLS.known, door, knock);
  const seen = describe(knock);
  return knock.outcome === 'let in' ? proved(CONTROLS.known, did, seen) : failed(CONTROLS.known, did, seen);
}

async function refusal(door: Door, { control, did, knock }: Attempt): Promise<Check> {
  const knocked = await knock();
  if (knocked.outcome === 'unreachable') return unreachable(control, door, knocked);
  const isRefused = knocked.outcome === 'refused' && knocked.answeredBytes === 0;
  return isRefused ? proved(control, did, describe(knocked)) : failed(control, did, describe(knocked));
}

function unreachable(control: Control, { host, port }: Door, { how }: Knock): Check {
  return unchecked(control, `the server at ${host}:${port} cannot be reached (${how})`);
}

function describe({ outcome, how, answeredBytes }: Knock): string {
  const answer = answeredBytes === 0 ? 'nothing was answered' : `${answeredBytes} bytes were answered`;
  return `${outcome === 'refused' ? 'refused' : 'let in'} (${how}), ${answer}`;
}

function tls13(door: Door): ConnectionOptions {
  return { ...addressOf(door), minVersion: 'TLSv1.3' };
}

function addressOf({ host, port, serverName }: Door): ConnectionOptions {
  return { host, port, ...(/^[\d.]+$|:/.test(serverName) ? {} : { servername: serverName }) };
}
