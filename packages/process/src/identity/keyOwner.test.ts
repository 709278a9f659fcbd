/** Whose key can be read by whom, with real users of the operating system. */

import { execFile } from 'node:child_process';
import { chmodSync, chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { IDENTITY_FILES } from './identity.ts';

const SCRIPT = fileURLToPath(new URL('testbed/readAsUser.ts', import.meta.url));
/** Users that need no entry anywhere: one runs the gateway, the other runs something else on the same machine. */
const GATEWAY_UID = 48_101;
const OTHER_UID = 48_102;

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'tidegate-owner-'));
  // Whoever may enter it still has to be let into the file.
  chmodSync(directory, 0o755);
});
afterEach(() => rmSync(directory, { recursive: true }));

function write(owner: number, keyMode: number): void {
  for (const [part, file] of Object.entries(IDENTITY_FILES)) {
    const path = join(directory, file);
    writeFileSync(path, `the ${part}`);
    chmodSync(path, part === 'key' ? keyMode : 0o644);
    chownSync(path, owner, owner);
  }
}

async function readAs(uid: number): Promise<{ code?: string; detail?: string; key?: string }> {
  const { stdout } = await promisify(execFile)(process.execPath, [SCRIPT, directory], { uid, gid: uid, cwd: '/' });
  return JSON.parse(stdout);
}

// Only root may become somebody else.
describe.skipIf(process.getuid?.() !== 0)(
  'SR 4.1, SR 2.1: the key of a process (as root, with users of its own)',
  () => {
    it('is read by its user, and by no other', async () => {
      write(GATEWAY_UID, 0o600);
      expect(await readAs(GATEWAY_UID)).toEqual({ key: 'the key' });
      const refused = await readAs(OTHER_UID);
      expect(refused.code).toBe('gateway.certificates');
      expect(refused.detail).toMatch(/key\.pem cannot be read \(EACCES/);
    });

    it.each([0o644, 0o640, 0o604])(
      'is used by nobody while its mode is 0%o, and so by no mistake for long',
      async (mode) => {
        write(GATEWAY_UID, mode);
        expect((await readAs(GATEWAY_UID)).code).toBe('certificate.key-readable');
      },
    );
  },
);
