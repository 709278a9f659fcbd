/** Certificates for tests, made afresh in each run: just enough of X.509 to say what a test needs to say. */

import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import {
  der,
  derBits,
  derBytes,
  derInteger,
  derObjectId,
  derSequence,
  derSet,
  derText,
  derTime,
  derTrue,
} from '@tidegate/core/bytes/der.ts';

export interface TestIdentity {
  readonly key: string;
  readonly cert: string;
  readonly ca: string;
}

interface CertificateRequest {
  /** The common names of the subject: one, unless a test wants to see two refused. */
  readonly names: readonly string[];
  readonly use: 'server' | 'client' | 'authority';
  readonly notAfter?: Date;
}

const OID = {
  ecdsaWithSha256: '1.2.840.10045.4.3.2',
  commonName: '2.5.4.3',
  basicConstraints: '2.5.29.19',
  subjectAltName: '2.5.29.17',
  extendedKeyUsage: '2.5.29.37',
  server: '1.3.6.1.5.5.7.3.1',
  client: '1.3.6.1.5.5.7.3.2',
} as const;
const HOUR_MS = 3_600_000;

/** A certificate authority of its own, with a key that exists only in this process. */
export class TestAuthority {
  readonly #name: string;
  readonly #key: KeyObject;
  readonly ca: string;

  constructor(name = 'Test authority') {
    this.#name = name;
    const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    this.#key = pair.privateKey;
    this.ca = this.#certify({ names: [name], use: 'authority' }, pair.publicKey);
  }

  /** For `localhost` and `127.0.0.1`. */
  server(): TestIdentity {
    return this.#issue({ names: ['localhost'], use: 'server' });
  }

  gateway(...names: string[]): TestIdentity {
    return this.#issue({ names, use: 'client' });
  }

  expiredGateway(name: string): TestIdentity {
    return this.#issue({ names: [name], use: 'client', notAfter: new Date(Date.now() - HOUR_MS) });
  }

  #issue(request: CertificateRequest): TestIdentity {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    return { key, cert: this.#certify(request, publicKey), ca: this.ca };
  }

  #certify({ names, use, notAfter }: CertificateRequest, publicKey: KeyObject): string {
    const algorithm = derSequence(derObjectId(OID.ecdsaWithSha256));
    const end = notAfter ?? new Date(Date.now() + HOUR_MS);
    const body = derSequence(
      der(0xa0, derInteger(Uint8Array.of(2))),
      derInteger(randomBytes(8)),
      algorithm,
      distinguishedName([this.#name]),
      derSequence(derTime(end.getTime() - 2 * HOUR_MS), derTime(end.getTime())),
      distinguishedName(names),
      publicKey.export({ type: 'spki', format: 'der' }),
      der(0xa3, derSequence(...extensions(use))),
    );
    const certificate = Buffer.from(derSequence(body, algorithm, derBits(sign('sha256', body, this.#key))));
    const lines = certificate.toString('base64').match(/.{1,64}/g) ?? [];
    return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
  }
}

function extensions(use: CertificateRequest['use']): Uint8Array[] {
  if (use === 'authority') return [extension(OID.basicConstraints, derSequence(derTrue()))];
  const purpose = extension(OID.extendedKeyUsage, derSequence(derObjectId(OID[use])));
  if (use === 'client') return [purpose];
  const names = derSequence(der(0x82, Buffer.from('localhost')), der(0x87, Uint8Array.of(127, 0, 0, 1)));
  return [purpose, extension(OID.subjectAltName, names)];
}

function extension(id: string, value: Uint8Array): Uint8Array {
  return derSequence(derObjectId(id), derBytes(value));
}

function distinguishedName(names: readonly string[]): Uint8Array {
  return derSequence(...names.map((name) => derSet(derSequence(derObjectId(OID.commonName), derText(name)))));
}
