import { X509Certificate } from 'node:crypto';
import { checkIdentity } from '@tidegate/process/identity/checkedIdentity.ts';
import type { Identity } from '@tidegate/process/identity/identity.ts';
import { describe, expect, it } from 'vitest';
import { issuedCertificate, issuedIdentity, issuedKey, LISTS } from './issued.ts';

const NORTH = issuedIdentity('north');

describe('SR 1.8, SR 1.9: an identity', () => {
  it.each([
    ['of a gateway', NORTH],
    ['of a server', issuedIdentity('server')],
    ['that trusts two authorities', issuedIdentity('north', 'authority-2', 'authority-1')],
    ['with lines that end as on Windows', { ...NORTH, ca: NORTH.ca.replaceAll('\n', '\r\n') }],
    ['with its authority behind its certificate', { ...NORTH, cert: NORTH.cert + NORTH.ca }],
  ] as [string, Identity][])('%s fits together', (_name, identity) => {
    expect(checkIdentity(identity)).toMatchObject({ ok: true, value: identity });
  });

  it('knows what its authorities have revoked', () => {
    const identity = checkIdentity({ ...NORTH, crl: LISTS['north-revoked'] });
    if (!identity.ok) throw new Error(identity.fault.detail);
    const { isRevoked } = identity.value;
    const revoked = (['north', 'north-renewed', 'server'] as const).filter((name) =>
      isRevoked(new X509Certificate(issuedCertificate(name))),
    );
    expect(revoked).toEqual(['north']);
  });

  it.each([
    ['the key of another', { key: issuedKey('north-renewed') }, 'certificate.mismatch'],
    ['a certificate of another authority', { ca: issuedCertificate('authority-2') }, 'certificate.issuer'],
    ['a certificate as authority that is none', { ca: issuedCertificate('server') }, 'certificate.issuer'],
    ['half a key', { key: NORTH.key.slice(0, 60) }, 'certificate.unreadable'],
    ['half a certificate', { cert: NORTH.cert.slice(0, 400) }, 'certificate.unreadable'],
    ['an empty file', { ca: '' }, 'certificate.unreadable'],
    [
      'half a second authority',
      { ca: NORTH.ca + issuedCertificate('authority-2').slice(0, 300) },
      'certificate.unreadable',
    ],
    ['authorities in one line', { ca: NORTH.ca.trim() + issuedCertificate('authority-2') }, 'certificate.unreadable'],
    ['half a revocation list', { crl: LISTS['north-revoked'].slice(0, 200) }, 'certificate.unreadable'],
    ['a revocation list of strangers', { crl: LISTS['authority-2'] }, 'certificate.issuer'],
  ] as const)('with %s is refused', (_what, change, code) => {
    expect(checkIdentity({ ...NORTH, ...change })).toMatchObject({ ok: false, fault: { code } });
  });
});
