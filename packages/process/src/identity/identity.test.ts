import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { IDENTITY_FILES, readIdentity } from './identity.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'tidegate-identity-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

function write(...parts: readonly (keyof typeof IDENTITY_FILES)[]): void {
  for (const part of parts) {
    writeFileSync(join(directory, IDENTITY_FILES[part]), `the ${part}`, { mode: part === 'key' ? 0o600 : 0o644 });
  }
}

describe('an identity', () => {
  it('is the text of three files, and of a fourth where it is there', async () => {
    write('key', 'cert', 'ca');
    const value = { key: 'the key', cert: 'the cert', ca: 'the ca' };
    expect(await readIdentity(directory, 'server.certificates')).toEqual({ ok: true, value });
    write('crl');
    expect(await readIdentity(directory, 'server.certificates')).toEqual({
      ok: true,
      value: { ...value, crl: 'the crl' },
    });
  });

  it.each([
    ['key', ['cert', 'ca']],
    ['cert', ['key', 'ca']],
    ['ca', ['key', 'cert']],
  ] as const)('is refused where the %s is missing, under the code asked for', async (missing, present) => {
    write(...present);
    const detail = `${join(directory, IDENTITY_FILES[missing])} is missing`;
    expect(await readIdentity(directory, 'gateway.certificates')).toEqual({
      ok: false,
      fault: { code: 'gateway.certificates', detail },
    });
  });

  it('is refused where a file cannot be read', async () => {
    write('cert', 'ca');
    const result = await readIdentity(join(directory, IDENTITY_FILES.cert), 'server.certificates');
    expect(result).toMatchObject({ ok: false, fault: { code: 'server.certificates' } });
    expect(!result.ok && result.fault.detail).toMatch(/cannot be read \(ENOTDIR/);
  });

  it.each([0o640, 0o604, 0o620, 0o601, 0o660])('SR 4.1: is refused where the mode of the key is 0%o', async (mode) => {
    write('key', 'cert', 'ca');
    chmodSync(join(directory, IDENTITY_FILES.key), mode);
    const result = await readIdentity(directory, 'server.certificates');
    expect(result).toMatchObject({ ok: false, fault: { code: 'certificate.key-readable' } });
    expect(!result.ok && result.fault.detail).toContain(`mode ${mode.toString(8)}`);
  });

  it.each([0o600, 0o400])('is taken where the mode of the key is 0%o', async (mode) => {
    write('key', 'cert', 'ca');
    chmodSync(join(directory, IDENTITY_FILES.key), mode);
    expect(await readIdentity(directory, 'server.certificates')).toMatchObject({ ok: true });
  });
});
