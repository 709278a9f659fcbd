/** `tidegate certificates authority|sign|revoke|invite`: what whoever holds the authority of a site does. */

import type { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { systemClock } from '@tidegate/core/clock/clock.ts';
import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { commonNameOf } from '@tidegate/process/identity/checkedIdentity.ts';
import { IDENTITY_FILES as FILES } from '@tidegate/process/identity/identity.ts';
import { type Command, InvalidArgumentError } from 'commander';
import { makePrivate, PUBLIC_FILE, replaceFile } from '../../certificates/certificateFiles.ts';
import { type CertificateRequest, readRequest } from '../../certificates/certificateRequest.ts';
import { describeCertificate, describeRequest } from '../../certificates/certificateText.ts';
import { Invitation } from '../../certificates/enrolment/invitation.ts';
import { createAuthority, type SignedCertificate, SiteAuthority } from '../../certificates/siteAuthority.ts';
import { validityOf } from '../../certificates/validity.ts';
import { reportResult } from './reportResult.ts';
import { addSubjectOptions, called, type SubjectOptions, subjectOf } from './subjectOptions.ts';
import { confirm, readPassphrase } from './terminal.ts';

interface AuthorityOptions {
  readonly authority: string;
  readonly passphraseFile?: string;
}

const DAYS_OF_A_YEAR = 365;

function addAuthorityOptions(command: Command): Command {
  return command
    .option('--authority <directory>', 'directory of the authority', 'authority')
    .option('--passphrase-file <file>', 'file whose first line is the passphrase of its key');
}

export function addAuthorityCommands(certificates: Command): void {
  addAuthorityOptions(
    certificates.command('authority').description('make the authority of a site, on a machine of its own'),
  )
    .option('--name <name>', 'what it is called in certificates', 'Tidegate authority')
    .option('--passphrase', 'ask for a passphrase for its key')
    .option('--years <years>', 'how long it holds', readPositive, 10)
    .action((given: MakeOptions) => reportResult(given.authority, () => makeAuthority(given)));
  addAuthorityOptions(certificates.command('sign').description('sign the request of a gateway, relay or server'))
    .argument('<request>', 'the file request.pem')
    .option('--to <directory>', 'where cert.pem and ca.pem go (default: a directory of its name)')
    .option('--days <days>', 'how long it holds', readPositive, 2 * DAYS_OF_A_YEAR)
    .option('--yes', 'do not ask')
    .action((request: string, given: SignOptions) => reportResult(given.authority, () => sign(request, given)));
  addAuthorityOptions(certificates.command('revoke').description('take certificates back, and write the list crl.pem'))
    .argument('[name]', 'common name or serial number; without it, the list is made anew')
    .action((name: string | undefined, given: AuthorityOptions) =>
      reportResult(given.authority, () => revoke(name, given)),
    );
  addSubjectOptions(addAuthorityOptions(certificates.command('invite').description('wait for one `enrol` with a code')))
    .option('--listen <host>', 'address to listen at (default: every one)')
    .option('--port <port>', 'port to listen at; 0 takes any', readPort, 7421)
    .option('--minutes <minutes>', 'how long, 15 at most', readPositive, 15)
    .option('--days <days>', 'how long the certificate holds', readPositive, 2 * DAYS_OF_A_YEAR)
    .action((given: InviteOptions) => reportResult(given.authority, () => invite(given)));
}

interface MakeOptions extends AuthorityOptions {
  readonly name: string;
  readonly passphrase?: true;
  readonly years: number;
}

async function makeAuthority({
  authority,
  name,
  years,
  passphrase,
  passphraseFile,
}: MakeOptions): Promise<Result<string>> {
  const wanted = passphrase === true || passphraseFile !== undefined;
  const given = wanted ? await readNewPassphrase(passphraseFile) : success(undefined);
  if (!given.ok) return given;
  const validity = validityOf(new Date(), years * DAYS_OF_A_YEAR);
  const encryption = given.value === undefined ? {} : { passphrase: given.value };
  const made = await createAuthority(authority, { name, validity, ...encryption });
  if (!made.ok) return made;
  return success(
    `The authority "${name}" is in ${resolve(authority)}. Keep a copy of the directory in a safe place.\n`,
  );
}

async function readNewPassphrase(file: string | undefined): Promise<Result<string>> {
  const first = await readPassphrase(file, 'New passphrase: ');
  if (!first.ok || file !== undefined) return first;
  const second = await readPassphrase(undefined, 'Once more: ');
  if (!second.ok || second.value === first.value) return second;
  return failure('certificate.authority', 'the two passphrases differ');
}

function openAuthority({ authority, passphraseFile }: AuthorityOptions): Promise<Result<SiteAuthority>> {
  return SiteAuthority.open(authority, () => readPassphrase(passphraseFile, `Passphrase of ${authority}: `));
}

interface SignOptions extends AuthorityOptions {
  readonly to?: string;
  readonly days: number;
  readonly yes?: true;
}

async function sign(file: string, options: SignOptions): Promise<Result<string>> {
  const request = await readRequest(await readFile(file, 'utf8'));
  if (!request.ok) return request;
  const authority = await openAuthority(options);
  if (!authority.ok) return authority;
  const { subject } = request.value;
  process.stderr.write(describeRequest(request.value) + (await describeEarlier(authority.value, subject.name)));
  const confirmed =
    options.yes === true || (await confirm('Is this the fingerprint that whoever asks has read to you?'));
  if (!confirmed) return failure('certificate.unconfirmed', `the request of ${called(subject)} was not signed`);
  const signed = await authority.value.sign(request.value, validityOf(new Date(), options.days));
  const directory = options.to ?? subject.name;
  await writeSigned(directory, signed);
  return success(
    `Carry ${resolve(directory)} to ${called(subject)}, and there: tidegate certificates install DIRECTORY\n`,
  );
}

/** Somebody may ask for the certificate of another: whoever signs has to see that there is one. */
async function describeEarlier(authority: SiteAuthority, name: string): Promise<string> {
  const earlier = (await authority.issued()).filter((one) => commonNameOf(one) === name);
  if (earlier.length === 0) return '';
  const list = earlier.map((one) => `    ${one.serialNumber}, until ${one.validToDate.toISOString().slice(0, 10)}\n`);
  return `  This name has been given before. Sign only if it is to have a new one:\n${list.join('')}`;
}

async function writeSigned(directory: string, { cert, ca, crl }: SignedCertificate): Promise<void> {
  await makePrivate(directory);
  await replaceFile(directory, FILES.cert, cert, PUBLIC_FILE);
  await replaceFile(directory, FILES.ca, ca, PUBLIC_FILE);
  if (crl !== undefined) await replaceFile(directory, FILES.crl, crl, PUBLIC_FILE);
}

async function revoke(name: string | undefined, options: AuthorityOptions): Promise<Result<string>> {
  const authority = await openAuthority(options);
  if (!authority.ok) return authority;
  const revoked = await authority.value.revoke(name, new Date());
  if (!revoked.ok) return revoked;
  const named = revoked.value.map((one) => `Revoked: "${commonNameOf(one)}", serial number ${one.serialNumber}.\n`);
  if (name !== undefined && named.length === 0) named.push(`All of "${name}" was revoked before.\n`);
  const list = resolve(join(options.authority, FILES.crl));
  return success(`${named.join('')}Carry ${list} to both ends, and there: tidegate certificates install crl.pem\n`);
}

interface InviteOptions extends AuthorityOptions, SubjectOptions {
  readonly listen?: string;
  readonly port: number;
  readonly minutes: number;
  readonly days: number;
}

async function invite(options: InviteOptions): Promise<Result<string>> {
  const subject = subjectOf(options);
  if (!subject.ok) return subject;
  const authority = await openAuthority(options);
  if (!authority.ok) return authority;
  process.stderr.write(await describeEarlier(authority.value, subject.value.name));
  const invitation = await Invitation.open({
    subject: subject.value,
    ...(options.listen !== undefined && { host: options.listen }),
    port: options.port,
    sign: (request: CertificateRequest) => authority.value.sign(request, validityOf(new Date(), options.days)),
    clock: systemClock,
    lifeMs: options.minutes * 60_000,
    onRefused: (peer, reason) => process.stderr.write(`Refused ${peer}: ${reason}\n`),
  });
  if (!invitation.ok) return invitation;
  const { code, port } = invitation.value;
  process.stdout.write(`For ${called(subject.value)}, once, within ${Math.min(options.minutes, 15)} minutes. On its machine:

  tidegate certificates enrol ${code} --server THIS-HOST:${port} --directory DIRECTORY

Waiting. Ctrl-C withdraws the invitation.
`);
  process.once('SIGINT', () => invitation.value.close());
  const outcome = await invitation.value.outcome;
  if (!outcome.ok) return outcome;
  const { peer, certificate } = outcome.value;
  return success(`${peer} has enrolled.\n${textOf(certificate)}`);
}

function textOf(certificate: X509Certificate): string {
  return describeCertificate(certificate, systemClock.now(), false);
}

function readPositive(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('It takes a whole number above 0.');
  return value;
}

function readPort(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new InvalidArgumentError('It takes 0 to 65535.');
  return port;
}
