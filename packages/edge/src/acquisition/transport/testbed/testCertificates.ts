/** Certificates made afresh in each run, in files as a line names them: good ones, and each kind of bad one. */

// The library finds its own parts by it, and therefore wants it loaded first.
import 'reflect-metadata';
import { KeyObject, type webcrypto } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  BasicConstraintsExtension,
  SubjectAlternativeNameExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';
import type { TlsFiles } from '../medium.ts';

const KEY_ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const HOUR_MS = 3_600_000;

/** A certificate authority of its own. */
export class TestAuthority {
  readonly #key: webcrypto.CryptoKey;
  readonly #directory = mkdtempSync(join(tmpdir(), 'tidegate-tls-'));
  readonly #ca: string;
  #issued = 0;

  private constructor(key: webcrypto.CryptoKey, ca: string) {
    this.#key = key;
    this.#ca = ca;
  }

  static async create(name: string): Promise<TestAuthority> {
    const keys = await makeKeys();
    const certificate = await X509CertificateGenerator.createSelfSigned({
      ...validUntil(Date.now() + HOUR_MS),
      name: [{ CN: [name] }],
      keys,
      extensions: [new BasicConstraintsExtension(true)],
    });
    return new TestAuthority(keys.privateKey, certificate.toString('pem'));
  }

  /** Files of somebody of this `name`, who trusts this authority. The certificate is of one hour, or has just expired. */
  async issue(name: string, expired = false): Promise<TlsFiles> {
    const { publicKey, privateKey } = await makeKeys();
    const certificate = await X509CertificateGenerator.create({
      ...validUntil(expired ? Date.now() - HOUR_MS : Date.now() + HOUR_MS),
      subject: [{ CN: [name] }],
      issuer: new X509Certificate(this.#ca).subjectName,
      publicKey,
      signingKey: this.#key,
      extensions: [new SubjectAlternativeNameExtension([{ type: 'dns', value: name }])],
    });
    const key = KeyObject.from(privateKey).export({ type: 'pkcs8', format: 'pem' }).toString();
    const number = this.#issued++;
    const file = (part: string, text: string) => {
      const path = join(this.#directory, `${number}-${part}.pem`);
      writeFileSync(path, text);
      return path;
    };
    return {
      ca: file('ca', this.#ca),
      cert: file('cert', certificate.toString('pem')),
      key: file('key', key),
      serverName: undefined,
    };
  }

  remove(): void {
    rmSync(this.#directory, { recursive: true });
  }
}

function makeKeys(): Promise<webcrypto.CryptoKeyPair> {
  return crypto.subtle.generateKey(KEY_ALGORITHM, true, ['sign', 'verify']);
}

function validUntil(endMs: number) {
  return { notBefore: new Date(endMs - 2 * HOUR_MS), notAfter: new Date(endMs) };
}
