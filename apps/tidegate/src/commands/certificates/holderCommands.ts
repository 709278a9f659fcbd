/** `tidegate certificates request|install|renew|enrol|show`: what is done where a key is held. */

import type { X509Certificate } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { systemClock } from '@tidegate/core/clock/clock.ts';
import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { IDENTITY_FILES as FILES } from '@tidegate/process/identity/identity.ts';
import { readCertificates } from '@tidegate/process/identity/pem.ts';
import type { Command } from 'commander';
import { readText } from '../../certificates/certificateFiles.ts';
import { describeCertificate } from '../../certificates/certificateText.ts';
import { enrol } from '../../certificates/enrolment/enrol.ts';
import { HolderDirectory } from '../../certificates/holderDirectory.ts';
import { showCertificates } from '../../certificates/showCertificates.ts';
import type { SignedCertificate } from '../../certificates/siteAuthority.ts';
import type { Subject } from '../../certificates/subject.ts';
import { reportResult } from './reportResult.ts';
import { addSubjectOptions, called, type SubjectOptions, subjectOf } from './subjectOptions.ts';

interface HolderOptions {
  readonly directory: string;
}

interface RequestOptions extends HolderOptions, SubjectOptions {
  readonly replace?: true;
}

interface InstallOptions extends HolderOptions {
  readonly newAuthority?: true;
}

interface EnrolOptions extends InstallOptions {
  readonly server: string;
}

export function addHolderCommands(certificates: Command): void {
  addHolder(
    addSubjectOptions(certificates.command('request').description('make a key here, and a request to be signed')),
  )
    .option('--replace', 'throw away a request that waits for its certificate')
    .action((given: RequestOptions) => reportResult(given.directory, async () => request(given, subjectOf(given))));
  addHolder(certificates.command('renew').description('make the next key, and a request for the same name'))
    .option('--replace', 'throw away a request that waits for its certificate')
    .action((given: RequestOptions) => reportResult(given.directory, () => renew(given)));
  addHolder(certificates.command('install').description('take what was signed: a certificate, or a revocation list'))
    .argument('<file>', 'cert.pem with ca.pem beside it, the directory of both, or crl.pem')
    .option('--new-authority', 'trust the ca.pem that comes with it instead of the one here')
    .action((file: string, given: InstallOptions) => reportResult(given.directory, () => install(file, given)));
  addHolder(certificates.command('enrol').description('bring a certificate home with the code of an invitation'))
    .argument('<code>', 'the code that `invite` shows')
    .requiredOption('--server <place>', 'HOST:PORT where the invitation waits')
    .option('--new-authority', 'trust the authority of the invitation instead of the one here')
    .action((code: string, given: EnrolOptions) => reportResult(given.directory, () => useCode(code, given)));
  certificates
    .command('show')
    .description('whom certificates are for, until when, and whether they are revoked')
    .argument('<path>', 'a file, or the directory of a holder or an authority')
    .action((path: string) => reportResult(path, () => showCertificates(path, systemClock.now())));
}

function addHolder(command: Command): Command {
  return command.option('--directory <directory>', 'where key.pem, cert.pem and ca.pem are to be', '.');
}

async function renew(given: RequestOptions): Promise<Result<string>> {
  return request(given, await new HolderDirectory(given.directory).subject());
}

async function request({ directory, replace }: RequestOptions, subject: Result<Subject>): Promise<Result<string>> {
  if (!subject.ok) return subject;
  const pending = await new HolderDirectory(directory).request(subject.value, replace === true);
  if (!pending.ok) return pending;
  const { file, request: made } = pending.value;
  return success(`Carry ${resolve(file)} to the authority, and there: tidegate certificates sign request.pem
It is for ${called(subject.value)}. The fingerprint of its key, to be read to whoever signs:

  ${made.fingerprint}

`);
}

async function install(file: string, { directory, newAuthority }: InstallOptions): Promise<Result<string>> {
  const holder = new HolderDirectory(directory);
  const path = (await stat(file)).isDirectory() ? join(file, FILES.cert) : file;
  const text = await readFile(path, 'utf8');
  if (text.includes('BEGIN X509 CRL')) {
    const taken = await holder.installList(text);
    return taken.ok ? success(`The list is in ${resolve(directory)}; what runs uses it within seconds.\n`) : taken;
  }
  const beside = await readBeside(path, text);
  if (!beside.ok) return beside;
  const installed = await holder.install(beside.value, { now: new Date(), newAuthority: newAuthority === true });
  return installed.ok ? success(await installedText(directory, installed.value)) : installed;
}

async function readBeside(path: string, cert: string): Promise<Result<SignedCertificate>> {
  const [ca, crl] = await Promise.all([FILES.ca, FILES.crl].map((name) => readText(join(dirname(path), name))));
  if (ca === undefined) return failure('certificate.issuer', `there is no ca.pem beside ${path}`);
  return success({ cert, ca, ...(crl !== undefined && { crl }) });
}

async function useCode(code: string, { server, directory, newAuthority }: EnrolOptions): Promise<Result<string>> {
  const [, host, port] = /^\[?([^\]]+?)\]?:(\d{1,5})$/.exec(server) ?? [];
  if (host === undefined) return failure('launch.option', `--server ${server} is not of the form HOST:PORT`);
  const holder = new HolderDirectory(directory);
  const place = { host, port: Number(port), directory: holder };
  const enrolled = await enrol({ code, ...place, newAuthority: newAuthority === true, clock: systemClock });
  return enrolled.ok ? success(await installedText(directory, enrolled.value)) : enrolled;
}

async function installedText(directory: string, certificate: X509Certificate): Promise<string> {
  const trusted = readCertificates((await readText(join(directory, FILES.ca))) ?? '');
  const described = [certificate, ...(trusted.ok ? trusted.value : [])].map((one) =>
    describeCertificate(one, systemClock.now(), false),
  );
  return `${described.join('')}All is in ${resolve(directory)}; what runs uses it within seconds.\n`;
}
