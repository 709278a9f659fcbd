/** Certificates for tests, made afresh in each run: just enough of X.509 to say what a test needs to say. */

// The library finds its own parts by it, and therefore wants it loaded first.
import 'reflect-metadata';
import { KeyObject, type webcrypto } from 'node:crypto';
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type Extension,
  SubjectAlternativeNameExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';

export interface TestIdentity {
  readonly key: string;
  readonly cert: string;
  readonly ca: string;
}

const KEY_ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const HOUR_MS = 3_600_000;
const GATEWAY = [new ExtendedKeyUsageExtension([ExtendedKeyUsage.clientAuth])];
const THIS_MACHINE = new SubjectAlternativeNameExtension([
  { type: 'dns', value: 'localhost' },
  { type: 'ip', value: '127.0.0.1' },
]);
const SERVER = [new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]), THIS_MACHINE];
const RELAY = [new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth, ExtendedKeyUsage.clientAuth]), THIS_MACHINE];

/** A certificate authority of its own, with a key that exists only in this process. */
export class TestAuthority {
  readonly #key: webcrypto.CryptoKey;
  /** Its own certificate. */
  readonly ca: string;

  private constructor(key: webcrypto.CryptoKey, ca: string) {
    this.#key = key;
    this.ca = ca;
  }

  static async create(name = 'Test authority'): Promise<TestAuthority> {
    const keys = await makeKeys();
    const certificate = await X509CertificateGenerator.createSelfSigned({
      ...validUntil(Date.now() + HOUR_MS),
      name: distinguishedName([name]),
      keys,
      extensions: [new BasicConstraintsExtension(true)],
    });
    return new TestAuthority(keys.privateKey, certificate.toString('pem'));
  }

  /** For `localhost` and `127.0.0.1`. */
  server(): Promise<TestIdentity> {
    return this.#issue(['localhost'], SERVER);
  }

  /** One name, unless a test wants to see none or two refused. */
  gateway(...names: string[]): Promise<TestIdentity> {
    return this.#issue(names, GATEWAY);
  }

  /** It takes connections as a server does, and makes its own as a gateway does. */
  relay(name: string): Promise<TestIdentity> {
    return this.#issue([name], RELAY, undefined, 'relay');
  }

  expiredGateway(name: string): Promise<TestIdentity> {
    return this.#issue([name], GATEWAY, Date.now() - HOUR_MS);
  }

  async #issue(
    names: readonly string[],
    extensions: Extension[],
    endMs = Date.now() + HOUR_MS,
    unit?: string,
  ): Promise<TestIdentity> {
    const { publicKey, privateKey } = await makeKeys();
    const certificate = await X509CertificateGenerator.create({
      ...validUntil(endMs),
      subject: [...distinguishedName(names), ...(unit === undefined ? [] : [{ OU: [unit] }])],
      issuer: new X509Certificate(this.ca).subjectName,
      publicKey,
      signingKey: this.#key,
      extensions,
    });
    const key = KeyObject.from(privateKey).export({ type: 'pkcs8', format: 'pem' }).toString();
    return { key, cert: certificate.toString('pem'), ca: this.ca };
  }
}

function makeKeys(): Promise<webcrypto.CryptoKeyPair> {
  return crypto.subtle.generateKey(KEY_ALGORITHM, true, ['sign', 'verify']);
}

function validUntil(endMs: number) {
  return { notBefore: new Date(endMs - 2 * HOUR_MS), notAfter: new Date(endMs) };
}

function distinguishedName(commonNames: readonly string[]) {
  return commonNames.map((name) => ({ CN: [name] }));
}
