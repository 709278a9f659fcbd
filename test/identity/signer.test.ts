import { generateKeyPairSync, verify, X509Certificate } from 'node:crypto';
import { signerOf } from '@tidegate/process/identity/signer.ts';
import { describe, expect, it } from 'vitest';
import { issuedIdentity } from './issued.ts';

const GATEWAY = issuedIdentity('north');
const OTHER_GATEWAY = issuedIdentity('north-renewed');
const SERVER = issuedIdentity('server');

describe('SR 2.12, SR 3.9: what a gateway signs', () => {
  it('is verified with its certificate, and with no other, and not after a change', () => {
    const made = signerOf(GATEWAY);
    if (!made.ok) throw new Error(made.fault.detail);
    const { certificate, fingerprint, sign } = made.value;
    const text = Buffer.from('a checkpoint');
    const signature = sign(text);
    expect(signature).toHaveLength(64);
    const { publicKey, fingerprint256 } = new X509Certificate(certificate);
    expect(fingerprint).toMatch(/^[0-9a-f]{64}$/);
    expect(fingerprint.toUpperCase()).toBe(fingerprint256.replaceAll(':', ''));
    expect(verify(null, text, publicKey, signature)).toBe(true);
    expect(verify(null, Buffer.from('a checkpoinT'), publicKey, signature)).toBe(false);
    expect(verify(null, text, new X509Certificate(OTHER_GATEWAY.cert).publicKey, signature)).toBe(false);
  });

  it.each([
    ['a key of P-256', SERVER, 'certificate.key-type'],
    ['the key of another', { ...GATEWAY, key: OTHER_GATEWAY.key }, 'certificate.mismatch'],
    ['no key at all', { ...GATEWAY, key: 'none' }, 'certificate.unreadable'],
    ['a public key', { ...GATEWAY, key: publicKey() }, 'certificate.unreadable'],
    ['half a certificate', { ...GATEWAY, cert: GATEWAY.cert.slice(0, 200) }, 'certificate.unreadable'],
  ] as const)('needs more than %s', (_what, identity, code) => {
    expect(signerOf(identity)).toMatchObject({ ok: false, fault: { code } });
  });
});

function publicKey(): string {
  return generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' }).toString();
}
