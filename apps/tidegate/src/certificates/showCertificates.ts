/** What lies in a file, or in the directory of a holder or an authority, as a person reads it. */

import type { X509Certificate } from 'node:crypto';
import { readdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
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

/** Faults: `certificate.unreadable`, `certificate.unknown` where there is nothing of the kind. Throws as the file system. */
export async function showCertificates(path: string, now: Timestamp): Promise<Result<string>> {
  const isDirectory = (await stat(path)).isDirectory();
  const around = await readFound(await filesOf(isDirectory ? path : dirname(path)));
  const found = isDirectory ? around : await readFound([path]);
  if (found.length === 0) return failure('certificate.unknown', `${path} holds no certificate, request or list`);
  const known = certificatesIn([...around, ...found]);
  if (!known.ok) return known;
  const texts: string[] = [];
  const lists = listsIn(around, known.value);
  for (const one of found) {
    const described = await describe(one, known.value, lists, now);
    if (!described.ok) return failure(described.fault.code, `${one.file}: ${described.fault.detail}`);
    texts.push(...described.value);
  }
  return success([...new Set(texts)].join('\n'));
}

async function describe(
  { text }: Found,
  known: readonly X509Certificate[],
  lists: readonly RevocationList[],
  now: Timestamp,
): Promise<Result<readonly string[]>> {
  if (text.includes('BEGIN CERTIFICATE REQUEST')) {
    const request = await readRequest(text);
    return request.ok ? success([describeRequest(request.value)]) : request;
  }
  if (text.includes('BEGIN X509 CRL')) {
    const read = readRevocationLists(
      text,
      known.filter(({ ca }) => ca),
    );
    return read.ok ? success(read.value.map((list) => describeList(list, now))) : read;
  }
  const certificates = certificatesIn([{ file: '', text }]);
  if (!certificates.ok) return certificates;
  return success(certificates.value.map((one) => describeCertificate(one, now, revocationOf(one, lists))));
}

/** Of the files that hold any. */
function certificatesIn(found: readonly Found[]): Result<readonly X509Certificate[]> {
  const certificates: X509Certificate[] = [];
  for (const { file, text } of found) {
    if (!text.includes('BEGIN CERTIFICATE-')) continue;
    const read = readCertificates(text);
    if (!read.ok) return failure(read.fault.code, `${file}: ${read.fault.detail}`);
    certificates.push(...read.value);
  }
  return success(certificates);
}

/** A list that cannot be read is spoken of where it is shown. */
function listsIn(found: readonly Found[], known: readonly X509Certificate[]): readonly RevocationList[] {
  const list = found.find(({ text }) => text.includes('BEGIN X509 CRL'));
  const read =
    list &&
    readRevocationLists(
      list.text,
      known.filter(({ ca }) => ca),
    );
  return read?.ok ? read.value : [];
}

async function readFound(files: readonly string[]): Promise<readonly Found[]> {
  const read = await Promise.all(files.map(async (file) => ({ file, text: (await readText(file)) ?? '' })));
  return read.filter(({ text }) => text.includes('-----BEGIN ') && !text.includes('PRIVATE KEY-'));
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
