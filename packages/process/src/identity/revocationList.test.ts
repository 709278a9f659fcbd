import { X509Certificate } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isRevokedBy, readRevocationLists } from './revocationList.ts';
import { vector } from './testbed/vectorFiles.ts';

const certificate = (name: string) => new X509Certificate(vector(`${name}.cert`));
const AUTHORITIES = [certificate('authority-1'), certificate('authority-2'), certificate('openssl-authority')];

function read(pem: string, authorities = AUTHORITIES) {
  const lists = readRevocationLists(pem, authorities);
  if (!lists.ok) throw new Error(`${lists.fault.code}: ${lists.fault.detail}`);
  return lists.value;
}

const pemOf = (bytes: Uint8Array) =>
  `-----BEGIN X509 CRL-----\n${Buffer.from(bytes).toString('base64')}\n-----END X509 CRL-----\n`;
const derOf = (name: string) => Buffer.from(vector(name).replaceAll(/-----.*-----|\s/g, ''), 'base64');

describe('SR 1.8, SR 1.9: a revocation list', () => {
  it.each([
    ['none-revoked', 'north', false],
    ['north-revoked', 'north', true],
    ['north-revoked', 'north-renewed', false],
    ['north-revoked', 'north-of-authority-2', false],
    ['authority-2', 'north', false],
    ['openssl', 'openssl-revoked', true],
    ['openssl', 'openssl-kept', false],
  ])('%s, and the certificate of %s: revoked is %s', (list, name, expected) => {
    expect(isRevokedBy(read(vector(`${list}.crl`)), certificate(name))).toBe(expected);
  });

  it('says when it was made and when the next is due', () => {
    const [{ thisUpdate, nextUpdate, authority }] = read(vector('north-revoked.crl'));
    expect(thisUpdate).toEqual(new Date('2026-06-01T00:00:00Z'));
    expect(nextUpdate).toEqual(new Date('2027-06-01T00:00:00Z'));
    expect(authority.subject).toBe('CN=Authority 1');
  });

  it('stands beside those of other authorities', () => {
    const lists = read(vector('authority-2.crl') + vector('north-revoked.crl') + vector('openssl.crl'));
    expect(lists.map(({ authority }) => authority.subject)).toEqual([
      'CN=Authority 2',
      'CN=Authority 1',
      'CN=OpenSSL authority',
    ]);
    expect(isRevokedBy(lists, certificate('north'))).toBe(true);
  });

  it('of an authority that is not trusted here is refused', () => {
    const lists = readRevocationLists(vector('north-revoked.crl'), [certificate('authority-2')]);
    expect(lists).toMatchObject({ ok: false, fault: { code: 'certificate.issuer' } });
  });

  it.each([
    ['nothing', ''],
    ['a certificate', vector('authority-1.cert')],
    ['half a list', vector('north-revoked.crl').slice(0, 300)],
    ['a list behind which another begins', vector('north-revoked.crl') + vector('openssl.crl').slice(0, 200)],
    ['a list with a byte behind it', pemOf(Buffer.concat([derOf('north-revoked.crl'), Buffer.of(0)]))],
  ])('is not %s', (_what, text) => {
    const lists = readRevocationLists(text, AUTHORITIES);
    expect(lists).toMatchObject({ ok: false, fault: { code: 'certificate.unreadable' } });
  });

  it('SR 3.1: no list with a single bit flipped is taken', () => {
    for (const name of ['north-revoked.crl', 'openssl.crl']) {
      const bytes = derOf(name);
      for (let bit = 0; bit < bytes.length * 8; bit++) {
        bytes[bit >> 3] ^= 1 << (bit & 7);
        const lists = readRevocationLists(pemOf(bytes), AUTHORITIES);
        expect(lists.ok, `${name}, bit ${bit}`).toBe(false);
        bytes[bit >> 3] ^= 1 << (bit & 7);
      }
    }
  });

  it('from any bytes is a list or a fault', () => {
    const list = derOf('openssl.crl');
    const mutated = fc.array(fc.tuple(fc.nat(list.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(mutated, fc.nat(list.length), (changes, length) => {
        const bytes = Buffer.from(list).subarray(0, length);
        for (const [at, value] of changes) if (at < length) bytes[at] = value;
        readRevocationLists(pemOf(bytes), AUTHORITIES);
      }),
      { numRuns: 2_000 },
    );
    fc.assert(fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => !readRevocationLists(pemOf(bytes), []).ok));
  });
});
