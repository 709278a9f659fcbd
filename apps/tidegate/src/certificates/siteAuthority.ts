/**
 * The authority of a site: whoever has its directory, and its passphrase where it has one, decides who may connect.
 *
 *     DIRECTORY/key.pem             its key, for its owner alone
 *     DIRECTORY/cert.pem            its certificate, which goes to everybody as ca.pem
 *     DIRECTORY/crl.pem             what it has revoked; absent before the first revocation
 *     DIRECTORY/issued/SERIAL.pem   what it has signed
 */

import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { X509Crl } from '@peculiar/x509';
import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { commonNameOf } from '@tidegate/process/identity/checkedIdentity.ts';
import { IDENTITY_FILES as FILES } from '@tidegate/process/identity/identity.ts';
import {
  type Credentials,
  makePrivate,
  PUBLIC_FILE,
  readText,
  replaceFile,
  writeCredentials,
} from './certificateFiles.ts';
import type { CertificateRequest } from './certificateRequest.ts';
import { issueAuthority, issueCertificate } from './issueCertificate.ts';
import { issueRevocationList, type Revocation } from './issueRevocationList.ts';
import { inDays, type Validity } from './validity.ts';

/** What is carried to whoever asked, each as PEM. */
export interface SignedCertificate {
  readonly cert: string;
  readonly ca: string;
  readonly crl?: string;
}

/** A list is to be made anew within a year, whether or not anything is revoked. */
const LIST_DAYS = 365;

/** Fault: `certificate.exists` where there is an authority in the directory. Throws as the file system. */
export async function createAuthority(
  directory: string,
  options: { readonly name: string; readonly validity: Validity; readonly passphrase?: string },
): Promise<Result<void>> {
  const existing = await readText(join(directory, FILES.key));
  if (existing !== undefined) return failure('certificate.exists', `${directory} holds an authority already`);
  await makePrivate(directory);
  await writeCredentials(directory, await issueAuthority(options.name, options.validity, options.passphrase));
  return success(undefined);
}

export class SiteAuthority {
  readonly #directory: string;
  readonly #credentials: Credentials;
  readonly certificate: X509Certificate;

  private constructor(directory: string, credentials: Credentials) {
    this.#directory = directory;
    this.#credentials = credentials;
    this.certificate = new X509Certificate(credentials.cert);
  }

  /**
   * `passphrase` is asked only where the key has one. Faults: `certificate.authority` where there is none, or the passphrase
   * is not that of its key.
   */
  static async open(directory: string, passphrase: () => Promise<Result<string>>): Promise<Result<SiteAuthority>> {
    const [key, cert] = await Promise.all([FILES.key, FILES.cert].map((file) => readText(join(directory, file))));
    if (key === undefined || cert === undefined) {
      return failure('certificate.authority', `${directory} holds no key.pem and cert.pem of an authority`);
    }
    const given = key.includes('ENCRYPTED') ? await passphrase() : success(undefined);
    if (!given.ok) return given;
    try {
      const encryption = given.value === undefined ? {} : { passphrase: given.value };
      const opened = createPrivateKey({ key, ...encryption })
        .export({ type: 'pkcs8', format: 'pem' })
        .toString();
      const authority = new SiteAuthority(directory, { key: opened, cert });
      if (authority.certificate.checkPrivateKey(createPrivateKey(opened))) return success(authority);
      return failure('certificate.authority', `key.pem and cert.pem in ${directory} do not belong together`);
    } catch {
      return failure('certificate.authority', `the key in ${directory} cannot be opened with this passphrase`);
    }
  }

  /** Signs, and keeps what it has signed. Throws as the file system. */
  async sign({ subject, publicKey }: CertificateRequest, validity: Validity): Promise<SignedCertificate> {
    const cert = await issueCertificate(this.#credentials, subject, publicKey, validity);
    await keepIssued(this.#directory, cert);
    const crl = await this.#list();
    return { cert, ca: this.#credentials.cert, ...(crl !== undefined && { crl }) };
  }

  /** Everything that it has signed, and that can still be read. */
  async issued(): Promise<readonly X509Certificate[]> {
    const directory = join(this.#directory, 'issued');
    const files = await readdir(directory).catch(() => []);
    const texts = await Promise.all(files.map((file) => readText(join(directory, file))));
    return texts.flatMap((text = '') => (text.includes('BEGIN CERTIFICATE') ? [new X509Certificate(text)] : []));
  }

  /**
   * Revokes every certificate with this common name, or the one with this serial number, and gives them; without a name it
   * only makes the list anew. Fault: `certificate.unknown`. Throws as the file system.
   */
  async revoke(nameOrSerial: string | undefined, now: Date): Promise<Result<readonly X509Certificate[]>> {
    const before = await this.#revocations();
    const revoked = new Set(before.map(({ serialNumber }) => plain(serialNumber)));
    const wanted = (one: X509Certificate) =>
      nameOrSerial !== undefined && (commonNameOf(one) === nameOrSerial || isSerial(one, nameOrSerial));
    const found = (await this.issued()).filter(wanted);
    if (nameOrSerial !== undefined && found.length === 0) {
      return failure('certificate.unknown', `${this.#directory} has signed nothing for "${nameOrSerial}"`);
    }
    const added = found.filter(({ serialNumber }) => !revoked.has(plain(serialNumber)));
    const entries = [...before, ...added.map(({ serialNumber }) => ({ serialNumber, revocationDate: now }))];
    const dates = { thisUpdate: now, nextUpdate: inDays(now, LIST_DAYS) };
    const list = await issueRevocationList(this.#credentials, entries, dates);
    await replaceFile(this.#directory, FILES.crl, list, PUBLIC_FILE);
    return success(added);
  }

  #list(): Promise<string | undefined> {
    return readText(join(this.#directory, FILES.crl));
  }

  async #revocations(): Promise<readonly Revocation[]> {
    const list = await this.#list();
    return list === undefined ? [] : new X509Crl(list).entries;
  }
}

/** Keeps a certificate with the authority that has signed it, so that it can be revoked. Throws as the file system. */
export async function keepIssued(directory: string, cert: string): Promise<void> {
  const issued = join(directory, 'issued');
  await makePrivate(issued);
  await replaceFile(issued, `${new X509Certificate(cert).serialNumber}.pem`, cert, PUBLIC_FILE);
}

function isSerial({ serialNumber }: X509Certificate, text: string): boolean {
  return plain(serialNumber) === plain(text.replaceAll(/[\s:]/g, ''));
}

function plain(serialNumber: string): string {
  return serialNumber.toUpperCase().replace(/^0+/, '');
}
