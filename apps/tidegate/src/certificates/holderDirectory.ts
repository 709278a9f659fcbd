/**
 * The directory of whoever holds a key: it makes requests, and takes what has been signed for them.
 *
 *     DIRECTORY/key.pem, cert.pem, ca.pem, crl.pem   what the process reads
 *     DIRECTORY/request/key.pem, request.pem         a new key, and what is carried to the authority
 *
 * Invariant: a private key never leaves the directory, and the one in use stays until there is a certificate for the next.
 */

import { createPrivateKey, type X509Certificate } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { checkIdentity, commonNameOf, isIssuedBy } from '@tidegate/process/identity/checkedIdentity.ts';
import { IDENTITY_FILES as FILES } from '@tidegate/process/identity/identity.ts';
import { readCertificates } from '@tidegate/process/identity/pem.ts';
import { readRevocationLists } from '@tidegate/process/identity/revocationList.ts';
import { makePrivate, PRIVATE_FILE, PUBLIC_FILE, readText, replaceFile } from './certificateFiles.ts';
import { type CertificateRequest, makeRequest, readRequest } from './certificateRequest.ts';
import type { SignedCertificate } from './siteAuthority.ts';
import type { Subject } from './subject.ts';
import { subjectOfCertificate } from './subjectOfCertificate.ts';

const REQUEST = 'request.pem';

export interface PendingRequest {
  readonly file: string;
  /** As PEM. */
  readonly text: string;
  readonly request: CertificateRequest;
}

export interface InstallOptions {
  readonly now: Date;
  /** Takes the authority that comes with the certificate in place of the one that is trusted so far. */
  readonly newAuthority: boolean;
}

export class HolderDirectory {
  readonly path: string;
  readonly #pending: string;

  constructor(path: string) {
    this.path = path;
    this.#pending = join(path, 'request');
  }

  /**
   * A new key and a request for it. Fault: `certificate.exists` where a request waits for its certificate and `replace` is
   * not given. Throws as the file system.
   */
  async request(subject: Subject, replace: boolean): Promise<Result<PendingRequest>> {
    const file = join(this.#pending, REQUEST);
    if (!replace && (await readText(file)) !== undefined) {
      return failure('certificate.exists', `${file} waits for its certificate`);
    }
    const { key, request } = await makeRequest(subject);
    await makePrivate(this.path);
    await makePrivate(this.#pending);
    await replaceFile(this.#pending, FILES.key, key, PRIVATE_FILE);
    await replaceFile(this.#pending, REQUEST, request, PUBLIC_FILE);
    const read = await readRequest(request);
    return read.ok ? success({ file, text: request, request: read.value }) : read;
  }

  /** Whom the certificate in use is for. Faults: `certificate.unknown` where there is none, `certificate.unreadable`. */
  async subject(): Promise<Result<Subject>> {
    const cert = await readText(join(this.path, FILES.cert));
    if (cert === undefined) return failure('certificate.unknown', `${this.path} holds no certificate yet`);
    const read = readCertificates(cert);
    return read.ok ? success(subjectOfCertificate(read.value[0])) : read;
  }

  /**
   * Takes a certificate for the pending request, or for the key in use. Faults: those of `checkIdentity`,
   * `certificate.dates`, `certificate.revoked`; `certificate.request` where it is for somebody else than was asked for;
   * `certificate.issuer` where another authority is trusted here. Throws as the file system.
   */
  async install(signed: SignedCertificate, { now, newAuthority }: InstallOptions): Promise<Result<X509Certificate>> {
    const read = readCertificates(signed.cert);
    if (!read.ok) return read;
    const [certificate] = read.value;
    const key = await this.#keyFor(certificate);
    if (!key.ok) return key;
    const trusted = await readText(join(this.path, FILES.ca));
    const ca = trusted === undefined || newAuthority ? signed.ca : trusted;
    const issuers = readCertificates(ca);
    if (!issuers.ok) return issuers;
    if (!issuers.value.some((issuer) => isIssuedBy(certificate, issuer))) {
      return failure('certificate.issuer', `no authority that ${this.path} trusts has issued it`);
    }
    const identity = { key: key.value, cert: signed.cert, ca, ...(signed.crl !== undefined && { crl: signed.crl }) };
    const checked = checkIdentity(identity);
    if (!checked.ok) return checked;
    const defect = defectOf(certificate, now);
    if (defect) return failure('certificate.dates', defect);
    if (checked.value.isRevoked(certificate)) return failure('certificate.revoked', 'it has been revoked already');
    if (newAuthority && signed.crl === undefined) await rm(join(this.path, FILES.crl), { force: true });
    await this.#write(identity);
    return success(certificate);
  }

  /** Takes a newer list. Faults: `certificate.unreadable`, `certificate.issuer`. Throws as the file system. */
  async installList(crl: string): Promise<Result<void>> {
    const authorities = readCertificates((await readText(join(this.path, FILES.ca))) ?? '');
    if (!authorities.ok) return authorities;
    const lists = readRevocationLists(crl, authorities.value);
    if (!lists.ok) return lists;
    await replaceFile(this.path, FILES.crl, crl, PUBLIC_FILE);
    return success(undefined);
  }

  /** The private key that belongs to `certificate`. */
  async #keyFor(certificate: X509Certificate): Promise<Result<string>> {
    const belongs = (key: string) => certificate.checkPrivateKey(createPrivateKey(key));
    const pending = await readText(join(this.#pending, FILES.key));
    if (pending !== undefined && belongs(pending)) {
      const asked = await readRequest((await readText(join(this.#pending, REQUEST))) ?? '');
      if (!asked.ok) return asked;
      if (isDeepStrictEqual(asked.value.subject, subjectOfCertificate(certificate))) return success(pending);
      const [wanted, given] = [asked.value.subject.name, commonNameOf(certificate)];
      return failure('certificate.request', `it is made out to "${given}", and "${wanted}" was asked for`);
    }
    const present = await readText(join(this.path, FILES.key));
    if (present !== undefined && belongs(present)) return success(present);
    return failure('certificate.mismatch', `it is for no key in ${this.path}`);
  }

  /** The key last but one and the certificate last: whoever watches sees a pair that does not fit for an instant only. */
  async #write({ key, cert, ca, crl }: SignedCertificate & { readonly key: string }): Promise<void> {
    await makePrivate(this.path);
    if (crl !== undefined) await replaceFile(this.path, FILES.crl, crl, PUBLIC_FILE);
    await replaceFile(this.path, FILES.ca, ca, PUBLIC_FILE);
    await replaceFile(this.path, FILES.key, key, PRIVATE_FILE);
    await replaceFile(this.path, FILES.cert, cert, PUBLIC_FILE);
    await rm(this.#pending, { recursive: true, force: true });
  }
}

function defectOf({ validFromDate, validToDate }: X509Certificate, now: Date): string | undefined {
  if (now < validFromDate) return `it begins at ${validFromDate.toISOString()}, and it is ${now.toISOString()} here`;
  return now > validToDate ? `it has ended at ${validToDate.toISOString()}` : undefined;
}
