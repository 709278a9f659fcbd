import { chmodSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fileRights } from './fileRights.ts';
import { lockHolder } from './lockHolder.ts';
import { formatAddress, socketAddress } from './processSockets.ts';

const OWN = process.getuid!();
let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'tidegate-rights-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

describe('SR 4.1: the rights of files', () => {
  it.each<[number, 'private' | 'unchanged', number, RegExp | undefined]>([
    [0o600, 'private', OWN, undefined],
    [0o400, 'private', OWN, undefined],
    [0o640, 'private', OWN, /file may be used by others \(mode 640\)/],
    [0o602, 'private', OWN, /file may be used by others \(mode 602\)/],
    [0o644, 'unchanged', OWN, undefined],
    [0o664, 'unchanged', OWN, /file may be written by others \(mode 664\)/],
    [0o600, 'private', OWN + 1, /file is of user \d+, and user \d+ uses it/],
  ])('%o, to be %s and of user %d', (mode, need, owner, defect) => {
    const path = join(directory, 'file');
    writeFileSync(path, '');
    chmodSync(path, mode);
    const { defects } = fileRights([{ path, need }], owner);
    expect(defects).toEqual(defect ? [expect.stringMatching(defect)] : []);
  });

  it('of what is not there', () => {
    const path = join(directory, 'none');
    expect(fileRights([{ path, need: 'private' }], OWN).defects).toEqual([`${path} cannot be looked at (ENOENT)`]);
    expect(fileRights([{ path, need: 'private', optional: true }], OWN).defects).toEqual([]);
  });
});

it.each([
  ['0100007F:1F90', '127.0.0.1:8080'],
  ['00000000:0000', '0.0.0.0:0'],
  ['00000000000000000000000001000000:0035', '[0:0:0:0:0:0:0:1]:53'],
  ['0000000000000000FFFF00000A00A8C0:01BB', '192.168.0.10:443'],
  ['B80D0120000000000000000001000000:0001', '[2001:db8:0:0:0:0:0:1]:1'],
])('reads the address %s of a table of the kernel', (text, address) => {
  expect(formatAddress(socketAddress(text))).toBe(address);
});

it.each([
  [`${process.pid}`, process.pid],
  [`${process.pid}-1-boot`, undefined],
  ['4194305-7-boot', undefined],
  ['nobody', undefined],
])('finds the holder of a lock that says %s', (target, pid) => {
  symlinkSync(target, join(directory, 'lock'));
  expect(lockHolder(directory)?.pid).toBe(pid);
});
