import { X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { checkIdentity } from './checkedIdentity.ts';
import type { Identity } from './identity.ts';
import { vector, vectorIdentity } from './testbed/vectorFiles.ts';

const NORTH = vectorIdentity('north');

describe('SR 1.8, SR 1.9: an identity', () => {
  it.each([
    ['of a gateway', NORTH],
    ['of a server', vectorIdentity('server')],
    ['that trusts two authorities', vectorIdentity('north', 'authority-2', 'authority-1')],
    ['with lines that end as on Windows', { ...NORTH, ca: NORTH.ca.replaceAll('\n', '\r\n') }],
    ['with its authority behind its certificate', { ...NORTH, cert: NORTH.cert + NORTH.ca }],
  ] as [string, Identity][])('%s fits together', (_name, identity) => {
    expect(checkIdentity(identity)).toMatchObject({ ok: true, value: identity });
  });

  it('knows what its authorities have revoked', () => {
    const identity = checkIdentity({ ...NORTH, crl: vector('north-revoked.crl') });
    if (!identity.ok) throw new Error(identity.fault.detail);
    const { isRevoked } = identity.value;
    const revoked = ['north', 'north-renewed', 'server'].filter((name) =>
      isRevoked(new X509Certificate(vector(`${name}.cert`))),
    );
    expect(revoked).toEqual(['north']);
  });

  it.each([
    ['the key of another', { key: vector('north-renewed.key') }, 'certificate.mismatch'],
    ['a certificate of another authority', { ca: vector('authority-2.cert') }, 'certificate.issuer'],
    ['a certificate as authority that is none', { ca: vector('server.cert') }, 'certificate.issuer'],
    ['half a key', { key: NORTH.key.slice(0, 60) }, 'certificate.unreadable'],
    ['half a certificate', { cert: NORTH.cert.slice(0, 400) }, 'certificate.unreadable'],
    ['an empty file', { ca: '' }, 'certificate.unreadable'],
    ['half a second authority', { ca: NORTH.ca + vector('authority-2.cert').slice(0, 300) }, 'certificate.unreadable'],
    ['authorities in one line', { ca: NORTH.ca.trim() + vector('authority-2.cert') }, 'certificate.unreadable'],
    ['half a revocation list', { crl: vector('north-revoked.crl').slice(0, 200) }, 'certificate.unreadable'],
    ['a revocation list of strangers', { crl: vector('authority-2.crl') }, 'certificate.issuer'],
  ] as const)('with %s is refused', (_what, change, code) => {
    expect(checkIdentity({ ...NORTH, ...change })).toMatchObject({ ok: false, fault: { code } });
  });
});
