import 'reflect-metadata';
import { KeyObject, X509Certificate as NodeCertificate } from 'node:crypto';
import {
  BasicConstraintsExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';
import { describe, expect, it } from 'vitest';
import type { Credentials } from './certificateFiles.ts';
import { issueAuthority, issueCredentials } from './issueCertificate.ts';
import { gatewaySubject } from './subject.ts';

const VALIDITY = { notBefore: new Date('2026-01-01T00:00:00Z'), notAfter: new Date('2028-01-01T00:00:00Z') };

/** An authority whose certificate calls its key otherwise than ours do. */
async function foreignAuthority(): Promise<Credentials> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256' };
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const extensions = [new BasicConstraintsExtension(true), new SubjectKeyIdentifierExtension('0123456789')];
  const cert = await X509CertificateGenerator.createSelfSigned({ ...VALIDITY, name: 'CN=other', keys, extensions });
  const key = KeyObject.from(keys.privateKey).export({ type: 'pkcs8', format: 'pem' }).toString();
  return { key, cert: cert.toString('pem') };
}

describe('a certificate', () => {
  it('names the key of its authority as the authority does', async () => {
    const authority = await foreignAuthority();
    const issued = new NodeCertificate((await issueCredentials(authority, gatewaySubject('north'), VALIDITY)).cert);
    const issuer = new NodeCertificate(authority.cert);
    expect(issued.checkIssued(issuer) && issued.verify(issuer.publicKey)).toBe(true);
  });

  it.each([
    ['10.1.2.3', '10.1.2.3'],
    ['::', '0:0:0:0:0:0:0:0'],
    ['fd00::7:1', 'FD00:0:0:0:0:0:7:1'],
    ['::ffff:10.1.2.3', '0:0:0:0:0:FFFF:A01:203'],
  ])('is good for the address %s', async (address, expected) => {
    const authority = await issueAuthority('authority', VALIDITY);
    const { cert } = await issueCredentials(authority, { role: 'server', name: 'server', hosts: [address] }, VALIDITY);
    expect(new NodeCertificate(cert).subjectAltName).toBe(`IP Address:${expected}`);
  });

  it.each(['2049-12-31T23:59:59.999Z', '2050-01-01T00:00:00.999Z'])('ends at %s to the second', async (end) => {
    const { cert } = await issueAuthority('authority', { ...VALIDITY, notAfter: new Date(end) });
    const expected = new Date(`${end.slice(0, 19)}Z`);
    expect(new NodeCertificate(cert).validToDate).toEqual(expected);
    expect(new X509Certificate(cert).notAfter).toEqual(expected);
  });
});
