import { X509Certificate } from 'node:crypto';
import { isRevokedBy, readRevocationLists } from '@tidegate/process/identity/revocationList.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type IssuedName, issuedCertificate, LISTS } from './issued.ts';
import { HAS_OPENSSL, makeOpensslAuthority } from './opensslAuthority.ts';

const certificate = (name: IssuedName) => new X509Certificate(issuedCertificate(name));
const AUTHORITIES = [certificate('authority-1'), certificate('authority-2')];

function read(pem: string, authorities = AUTHORITIES) {
  const lists = readRevocationLists(pem, authorities);
  if (!lists.ok) throw new Error(`${lists.fault.code}: ${lists.fault.detail}`);
  return lists.value;
}

const pemOf = (bytes: Uint8Array) =>
  `-----BEGIN X509 CRL-----\n${Buffer.from(bytes).toString('base64')}\n-----END X509 CRL-----\n`;
const derOf = (pem: string) => Buffer.from(pem.replaceAll(/-----.*-----|\s/g, ''), 'base64');

describe('SR 1.8, SR 1.9: a revocation list', () => {
  it.each([
    ['none-revoked', 'north', false],
    ['north-revoked', 'north', true],
    ['north-revoked', 'north-renewed', false],
    ['north-revoked', 'north-of-authority-2', false],
    ['authority-2', 'north', false],
  ] as const)('%s, and the certificate of %s: revoked is %s', (list, name, expected) => {
    expect(isRevokedBy(read(LISTS[list]), certificate(name))).toBe(expected);
  });

  it('says when it was made and when the next is due', () => {
    const [{ thisUpdate, nextUpdate, authority }] = read(LISTS['north-revoked']);
    expect(thisUpdate).toEqual(new Date('2026-06-01T00:00:00Z'));
    expect(nextUpdate).toEqual(new Date('2027-06-01T00:00:00Z'));
    expect(authority.subject).toBe('CN=Authority 1');
  });

  it('stands beside those of other authorities', () => {
    const lists = read(LISTS['authority-2'] + LISTS['north-revoked']);
    expect(lists.map(({ authority }) => authority.subject)).toEqual(['CN=Authority 2', 'CN=Authority 1']);
    expect(isRevokedBy(lists, certificate('north'))).toBe(true);
  });

  it('of an authority that is not trusted here is refused', () => {
    const lists = readRevocationLists(LISTS['north-revoked'], [certificate('authority-2')]);
    expect(lists).toMatchObject({ ok: false, fault: { code: 'certificate.issuer' } });
  });

  it.each([
    ['nothing', ''],
    ['a certificate', issuedCertificate('authority-1')],
    ['half a list', LISTS['north-revoked'].slice(0, 300)],
    ['a list behind which another begins', LISTS['north-revoked'] + LISTS['authority-2'].slice(0, 200)],
    ['a list with a byte behind it', pemOf(Buffer.concat([derOf(LISTS['north-revoked']), Buffer.of(0)]))],
  ])('is not %s', (_what, text) => {
    const lists = readRevocationLists(text, AUTHORITIES);
    expect(lists).toMatchObject({ ok: false, fault: { code: 'certificate.unreadable' } });
  });

  it('SR 3.1: no list with a single bit flipped is taken', () => {
    const bytes = derOf(LISTS['north-revoked']);
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      bytes[bit >> 3] ^= 1 << (bit & 7);
      expect(readRevocationLists(pemOf(bytes), AUTHORITIES).ok, `bit ${bit}`).toBe(false);
      bytes[bit >> 3] ^= 1 << (bit & 7);
    }
  });

  it('from any bytes is a list or a fault', () => {
    const list = derOf(LISTS['north-revoked']);
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

describe.skipIf(!HAS_OPENSSL)('SR 1.8: a revocation list of OpenSSL (skipped where it is not installed)', () => {
  it('names what was revoked, and cannot be changed', () => {
    const { authority, kept, revoked, list } = makeOpensslAuthority();
    const authorities = [new X509Certificate(authority)];
    const lists = read(list, authorities);
    expect([kept, revoked].map((pem) => isRevokedBy(lists, new X509Certificate(pem)))).toEqual([false, true]);
    const bytes = derOf(list);
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      bytes[bit >> 3] ^= 1 << (bit & 7);
      expect(readRevocationLists(pemOf(bytes), authorities).ok, `bit ${bit}`).toBe(false);
      bytes[bit >> 3] ^= 1 << (bit & 7);
    }
  });
});
