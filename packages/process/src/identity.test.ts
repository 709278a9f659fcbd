import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
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
  for (const part of parts) writeFileSync(join(directory, IDENTITY_FILES[part]), `the ${part}`);
}

describe('an identity', () => {
  it('is the text of three files', async () => {
    write('key', 'cert', 'ca');
    const value = { key: 'the key', cert: 'the cert', ca: 'the ca' };
    expect(await readIdentity(directory, 'server.certificates')).toEqual({ ok: true, value });
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
});
