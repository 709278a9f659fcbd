/** The commands about certificates as a person calls them: what they say, where things lie, and how they end. */

import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const COMMAND = fileURLToPath(new URL('../../main.ts', import.meta.url));

let directory: string;
const running: ChildProcess[] = [];
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tidegate-commands-'));
});
afterEach(async () => {
  for (const child of running.splice(0)) child.kill();
  await rm(directory, { recursive: true });
});

interface Ended {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

function certificates(...args: string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [COMMAND, 'certificates', ...args],
      { cwd: directory },
      (_error, out, err) => resolve({ status: child.exitCode, out, err }),
    );
    child.stdin?.end();
  });
}

async function done(...args: string[]): Promise<string> {
  const { status, out, err } = await certificates(...args);
  expect(status, err).toBe(0);
  return out;
}

const fingerprintIn = (text: string) => /([0-9a-f]{4} ){15}[0-9a-f]{4}/.exec(text)?.[0];

describe('SR 1.5, SR 1.8: tidegate certificates', () => {
  it('enrols, renews and revokes by hand', async () => {
    await writeFile(join(directory, 'words'), 'a passphrase\n');
    const authority = ['--passphrase-file', 'words'];
    await done('authority', '--name', 'Acme', ...authority);
    const asked = fingerprintIn(await done('request', '--gateway', 'north', '--directory', 'identity'));
    const unconfirmed = await certificates('sign', 'identity/request/request.pem', ...authority);
    expect(unconfirmed).toMatchObject({ status: 2, out: '' });
    expect(fingerprintIn(unconfirmed.err)).toBe(asked);
    await done('sign', 'identity/request/request.pem', '--yes', ...authority);
    expect((await readdir(join(directory, 'north'))).sort()).toEqual(['ca.pem', 'cert.pem']);
    expect(await done('install', 'north', '--directory', 'identity')).toMatch(/gateway "north"[\s\S]*Authority "Acme"/);
    expect((await stat(join(directory, 'identity', 'key.pem'))).mode & 0o777).toBe(0o600);

    await done('renew', '--directory', 'identity');
    const again = await certificates('sign', 'identity/request/request.pem', '--yes', ...authority);
    expect(again.err).toContain('This name has been given before');
    await done('install', 'north', '--directory', 'identity');

    expect(await done('revoke', 'north', ...authority)).toMatch(/(Revoked: "north".*\n){2}/);
    await done('install', 'authority/crl.pem', '--directory', 'identity');
    expect(await done('show', 'identity')).toMatch(/revoked +YES/);
    expect(await done('show', 'authority')).toMatch(/Authority "Acme"[\s\S]*Revocation list of "Acme"/);
  });

  it('enrols by a code, once', async () => {
    await done('authority');
    const args = ['certificates', 'invite', '--gateway', 'north', '--listen', '127.0.0.1', '--port', '0'];
    const inviting = spawn(process.execPath, [COMMAND, ...args], {
      cwd: directory,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    running.push(inviting);
    const ended = new Promise((resolve) => inviting.once('exit', resolve));
    const said: string[] = [];
    for await (const line of createInterface({ input: inviting.stdout })) {
      said.push(line);
      const [, code, port] = /enrol (\S+) --server THIS-HOST:(\d+)/.exec(line) ?? [];
      if (code === undefined) continue;
      const enrol = ['enrol', code, '--server', `127.0.0.1:${port}`];
      expect(await done(...enrol, '--directory', 'identity')).toContain('gateway "north"');
      const second = await certificates(...enrol, '--directory', 'another');
      expect(second.status).toBe(2);
      expect(second.err).toContain('An invitation holds for 15 minutes and one use');
    }
    expect(await ended).toBe(0);
    expect(said.join('\n')).toContain('has enrolled');
  });

  it.each([
    [['request', '--directory', 'identity'], 'one of --gateway, --relay and --server'],
    [['sign', 'nowhere.pem'], 'nowhere.pem is not there'],
    [['renew', '--directory', 'identity'], 'holds no certificate yet'],
    [['enrol', 'ABC', '--server', 'localhost:7421'], 'the code has 3 letters and digits'],
  ])('%j says in two lines what is wrong and what to do', async (args, text) => {
    const { status, out, err } = await certificates(...args);
    expect({ status, out }).toEqual({ status: 2, out: '' });
    expect(err).toContain(text);
    expect(err.trimEnd().split('\n')).toHaveLength(2);
  });
});
