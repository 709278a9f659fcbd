/** Certificates for tests, made afresh in each run: just enough DER (ITU-T X.690) to say what a test needs to say. */

import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';

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
  ecdsaWithSha256: '2a8648ce3d040302',
  commonName: '550403',
  basicConstraints: '551d13',
  subjectAltName: '551d11',
  extendedKeyUsage: '551d25',
  server: '2b06010505070301',
  client: '2b06010505070302',
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
    const algorithm = sequence(oid(OID.ecdsaWithSha256));
    const end = notAfter ?? new Date(Date.now() + HOUR_MS);
    const body = sequence(
      der(0xa0, der(0x02, Buffer.of(2))),
      der(0x02, Buffer.of(1), randomBytes(8)),
      algorithm,
      distinguishedName([this.#name]),
      sequence(time(new Date(end.getTime() - 2 * HOUR_MS)), time(end)),
      distinguishedName(names),
      publicKey.export({ type: 'spki', format: 'der' }),
      der(0xa3, sequence(...extensions(use))),
    );
    const certificate = sequence(body, algorithm, bits(sign('sha256', body, this.#key)));
    const lines = certificate.toString('base64').match(/.{1,64}/g) ?? [];
    return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
  }
}

function extensions(use: CertificateRequest['use']): Buffer[] {
  if (use === 'authority') return [extension(OID.basicConstraints, sequence(der(0x01, Buffer.of(0xff))))];
  const purpose = extension(OID.extendedKeyUsage, sequence(oid(OID[use])));
  if (use === 'client') return [purpose];
  const names = sequence(der(0x82, Buffer.from('localhost')), der(0x87, Buffer.of(127, 0, 0, 1)));
  return [purpose, extension(OID.subjectAltName, names)];
}

function extension(id: string, value: Buffer): Buffer {
  return sequence(oid(id), der(0x04, value));
}

function distinguishedName(names: readonly string[]): Buffer {
  return sequence(...names.map((name) => der(0x31, sequence(oid(OID.commonName), der(0x0c, Buffer.from(name))))));
}

function time(at: Date): Buffer {
  return der(0x18, Buffer.from(`${at.toISOString().replace(/[-:T]/g, '').slice(0, 14)}Z`));
}

function sequence(...parts: Uint8Array[]): Buffer {
  return der(0x30, ...parts);
}

function oid(hex: string): Buffer {
  return der(0x06, Buffer.from(hex, 'hex'));
}

function bits(value: Uint8Array): Buffer {
  return der(0x03, Buffer.of(0), value);
}

/** Tag, length and contents (X.690, 8.1). */
function der(tag: number, ...parts: Uint8Array[]): Buffer {
  const contents = Buffer.concat(parts);
  const size = contents.length;
  const length = size < 0x80 ? [size] : size < 0x100 ? [0x81, size] : [0x82, size >> 8, size & 0xff];
  return Buffer.concat([Buffer.of(tag, ...length), contents]);
}
