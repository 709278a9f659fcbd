/** What lies in a file, or in the directory of a holder or an authority, as a person reads it. */

import type { X509Certificate } from 'node:crypto';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { IDENTITY_FILES as FILES } from '@tidegate/process/identity/identity.ts';
import { readCertificates } from '@tidegate/process/identity/pem.ts';
import { isRevokedBy, type RevocationList, readRevocationLists } from '@tidegate/process/identity/revocationList.ts';
import { readText } from './certificateFiles.ts';
import { readRequest } from './certificateRequest.ts';
import { describeCertificate, describeList, describeRequest } from './certificateText.ts';

interface Found {
  readonly file: string;
  readonly text: string;
}

/** Faults: `certificate.unreadable`, `certificate.unknown` where there is nothing of the kind. */
export async function showCertificates(path: string, now: Timestamp): Promise<Result<string>> {
  const directory = (await stat(path)).isDirectory() ? path : undefined;
  const files = directory === undefined ? [path] : await filesOf(directory);
  const read = await Promise.all(files.map(async (file) => ({ file, text: await readText(file) })));
  const found = read.filter((one): one is Found => one.text?.includes('-----BEGIN ') === true);
  if (found.length === 0) return failure('certificate.unknown', `${path} holds no certificate, request or list`);
  const certificates: X509Certificate[] = [];
  const texts: string[] = [];
  for (const { file, text } of found) {
    if (text.includes('BEGIN CERTIFICATE REQUEST')) {
      const request = await readRequest(text);
      if (!request.ok) return unreadable(file, request.fault.detail);
      texts.push(describeRequest(request.value));
    } else if (text.includes('BEGIN CERTIFICATE')) {
      const inFile = readCertificates(text);
      if (!inFile.ok) return unreadable(file, inFile.fault.detail);
      certificates.push(...inFile.value);
    }
  }
  const list = found.find(({ text }) => text.includes('BEGIN X509 CRL'));
  const authorities = certificates.filter(({ ca }) => ca);
  const lists = list ? readRevocationLists(list.text, authorities) : success<readonly RevocationList[]>([]);
  if (!lists.ok) return unreadable(list?.file ?? path, lists.fault.detail);
  const shown = certificates.map((one) => describeCertificate(one, now, revocationOf(one, lists.value)));
  return success([...shown, ...lists.value.map((one) => describeList(one, now)), ...texts].join('\n'));
}

/** In the order in which they are shown. */
async function filesOf(directory: string): Promise<readonly string[]> {
  const issued = await readdir(join(directory, 'issued')).catch(() => []);
  return [FILES.cert, FILES.ca, ...issued.map((name) => join('issued', name)), FILES.crl, 'request/request.pem'].map(
    (name) => join(directory, name),
  );
}

/** `undefined` where no list speaks of it. */
function revocationOf(certificate: X509Certificate, lists: readonly RevocationList[]): boolean | undefined {
  const own = lists.filter(({ authority }) => certificate.checkIssued(authority));
  return own.length === 0 ? undefined : isRevokedBy(own, certificate);
}

function unreadable(file: string, detail: string): Result<string> {
  return failure('certificate.unreadable', `${file}: ${detail}`);
}
