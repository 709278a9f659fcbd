import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ManualClock } from '@tidegate/core/clock/manualClock.ts';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { LaneSpool } from './laneSpool.ts';
import { SpoolBudget } from './spoolBudget.ts';
import { readSpoolEncryption } from './spoolEncryption.ts';
import { readAll, writeCounting } from './testbed/spoolFixture.ts';

const clock = new ManualClock(1_700_000_000_000_000 as Timestamp);
let root: string;
let ownKeyFile: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'spool-key-'));
  ownKeyFile = join(root, 'spool.key');
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

const read = (encrypt: boolean, keyFile?: string) => readSpoolEncryption({ encrypt, keyFile, ownKeyFile });

it('SR 4.3: a key is made on first use, for its owner alone, and used from then on', async () => {
  const first = await read(true);
  expect(first.ok && first.value?.key.length).toBe(32);
  expect(statSync(ownKeyFile).mode & 0o777).toBe(0o600);
  expect(await read(true)).toEqual(first);
});

it('no key is made where nothing is to be encrypted, and one that is there opens what has been', async () => {
  expect(await read(false)).toEqual({ ok: true, value: undefined });
  expect(readdirSync(root)).toEqual([]);
  await read(true);
  expect(await read(false)).toEqual({ ok: true, value: { key: readFileSync(ownKeyFile), sealsNew: false } });
});

it.each([0o640, 0o604, 0o620, 0o660])('SR 4.1: a key of mode 0%o is refused', async (mode) => {
  await read(true);
  chmodSync(ownKeyFile, mode);
  const result = await read(true);
  expect(!result.ok && [result.fault.code, result.fault.detail]).toEqual([
    'spool.key',
    `${ownKeyFile} may be read or changed by others: its mode is ${mode.toString(8)}`,
  ]);
});

it.each([0, 31, 33])('a key of %i bytes is refused', async (length) => {
  writeFileSync(ownKeyFile, Buffer.alloc(length), { mode: 0o600 });
  const result = await read(false);
  expect(!result.ok && result.fault.code).toBe('spool.key');
});

it('a key that the operator keeps elsewhere is not made there', async () => {
  const keyFile = join(root, 'unsealed/spool.key');
  const result = await read(true, keyFile);
  expect(!result.ok && result.fault.detail).toBe(`${keyFile} is not there`);
});

it('SR 4.1: a spool keeps its samples encrypted, and gives them with the key alone', async () => {
  const encryption = await read(true);
  if (!encryption.ok) throw new Error(encryption.fault.detail);
  const open = (key: typeof encryption.value) =>
    LaneSpool.open({
      gateway: 'gw-with-a-name',
      instance: 'a5'.repeat(16),
      lane: 'analytical',
      directory: join(root, 'analytical'),
      budget: new SpoolBudget({ maxBytes: 1e9, clock }),
      encryption: key,
      clock,
      events: () => undefined,
    });
  const first = await open(encryption.value);
  if (!first.ok) throw new Error(first.fault.detail);
  writeCounting(first.value, 1000);
  await first.value.close();
  const directory = join(root, 'analytical');
  for (const name of readdirSync(directory).filter((each) => each.endsWith('.segment'))) {
    expect(readFileSync(join(directory, name)).includes('gw-with-a-name')).toBe(false);
  }
  const without = await open(undefined);
  expect(!without.ok && without.fault.code).toBe('journal.key');
  const again = await open(encryption.value);
  if (!again.ok) throw new Error(again.fault.detail);
  expect((await readAll(again.value)).flatMap(({ values }) => values)).toHaveLength(1000);
  await again.value.close();
});
