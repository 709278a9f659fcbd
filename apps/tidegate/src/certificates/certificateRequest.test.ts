import 'reflect-metadata';
import type { webcrypto } from 'node:crypto';
import {
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type Extension,
  type JsonName,
  PemConverter,
  Pkcs10CertificateRequestGenerator,
  SubjectAlternativeNameExtension,
} from '@peculiar/x509';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeRequest, readRequest } from './certificateRequest.ts';
import { ED25519, P256, P256_SIGNING } from './keyPair.ts';
import type { Subject } from './subject.ts';

const SUBJECTS: Subject[] = [
  { role: 'gateway', name: 'north-1', hosts: [] },
  { role: 'relay', name: 'dmz', hosts: ['relay.example'] },
  { role: 'relay', name: 'dmz', hosts: [] },
  { role: 'server', name: 'Acme Werk Süd', hosts: ['tidegate.example', '192.0.2.1', 'fd00::1'] },
];

interface Foreign {
  readonly name: JsonName;
  readonly extensions?: Extension[];
  readonly p256?: boolean;
}

/** As some other program would make one. */
async function foreignRequest({ name, extensions = [], p256 = false }: Foreign): Promise<string> {
  const keys = (await crypto.subtle.generateKey(p256 ? P256 : ED25519, true, [
    'sign',
    'verify',
  ])) as webcrypto.CryptoKeyPair;
  const signingAlgorithm = p256 ? P256_SIGNING : ED25519;
  const request = await Pkcs10CertificateRequestGenerator.create({ name, keys, signingAlgorithm, extensions });
  return PemConverter.encode(request.rawData, 'CERTIFICATE REQUEST');
}

describe('SR 1.5, SR 1.8: a signing request', () => {
  it.each(SUBJECTS)('of a $role asks for what its subject is', async (subject) => {
    const { key, request } = await makeRequest(subject);
    expect(key).toMatch(/^-----BEGIN PRIVATE KEY-----/);
    const read = await readRequest(request);
    expect(read.ok && read.value.subject).toEqual(subject);
    expect(read.ok && read.value.fingerprint).toMatch(/^([0-9a-f]{4} ){15}[0-9a-f]{4}$/);
  });

  const north = [{ CN: ['north'] }];
  it.each<[string, Foreign, string]>([
    ['no name', { name: [] }, 'certificate.request'],
    ['two names', { name: [{ CN: ['north'] }, { CN: ['south'] }] }, 'certificate.request'],
    ['two names at once', { name: [{ CN: ['north', 'south'] }] }, 'certificate.request'],
    ['a unit that is not relay', { name: [{ CN: ['north'] }, { OU: ['admin'] }] }, 'certificate.request'],
    ['an organization', { name: [{ CN: ['north'] }, { O: ['Acme'] }] }, 'certificate.request'],
    ['a name that is a path', { name: [{ CN: ['../north'] }] }, 'certificate.name'],
    ['a name that moves the cursor', { name: [{ CN: ['north\u001b[2J'] }] }, 'certificate.name'],
    [
      'a use of its own choice',
      { name: north, extensions: [new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth])] },
      'certificate.request',
    ],
    [
      'an e-mail address',
      { name: north, extensions: [new SubjectAlternativeNameExtension([{ type: 'email', value: 'a@b.example' }])] },
      'certificate.request',
    ],
    [
      'any host there is',
      {
        name: north,
        p256: true,
        extensions: [new SubjectAlternativeNameExtension([{ type: 'dns', value: '*.example' }])],
      },
      'certificate.name',
    ],
    ['a key that a gateway cannot sign with', { name: north, p256: true }, 'certificate.request'],
    ['a key that a relay does not have', { name: [{ CN: ['dmz'] }, { OU: ['relay'] }] }, 'certificate.request'],
  ])('for %s is refused', async (_what, foreign, code) => {
    expect(await readRequest(await foreignRequest(foreign))).toMatchObject({ ok: false, fault: { code } });
  });

  it('that was not made with the key that it is for is refused', async () => {
    const { request } = await makeRequest(SUBJECTS[0]);
    const bytes = new Uint8Array(PemConverter.decodeFirst(request));
    bytes[bytes.length - 10] ^= 1;
    const changed = PemConverter.encode(bytes, 'CERTIFICATE REQUEST');
    expect(await readRequest(changed)).toMatchObject({ ok: false, fault: { code: 'certificate.request' } });
  });

  it('from any text is a request or a fault', async () => {
    const { request } = await makeRequest(SUBJECTS[0]);
    const body = Buffer.from(PemConverter.decodeFirst(request));
    const changes = fc.array(fc.tuple(fc.nat(body.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(changes, fc.nat(body.length), async (at, length) => {
        const bytes = Buffer.from(body.subarray(0, length));
        for (const [index, value] of at) if (index < length) bytes[index] = value;
        const read = await readRequest(PemConverter.encode(bytes, 'CERTIFICATE REQUEST'));
        expect(read.ok && Buffer.compare(bytes, body) !== 0).toBe(false);
      }),
      { numRuns: 300 },
    );
    await fc.assert(fc.asyncProperty(fc.string(), async (text) => !(await readRequest(text)).ok));
  });
});
