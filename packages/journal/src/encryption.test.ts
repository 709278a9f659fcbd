import { cpSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Journal, type JournalEncryption } from './journal.ts';
import type { JournalDamage } from './journalDamage.ts';
import { LOCK_LINK, parseSegmentFileName } from './journalFiles.ts';
import { HEADER_BYTES, writeHeader } from './recordLayout.ts';
import { SEAL_BYTES } from './segmentCipher.ts';

const KEY = Buffer.alloc(32, 7);
const OTHER_KEY = Buffer.alloc(32, 8);
const SEALING = { key: KEY, sealsNew: true };
const OPENING = { key: KEY, sealsNew: false };

let root: string;
let directory: string;
let damage: JournalDamage[];
const journals: Journal[] = [];

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'sealed-'));
  directory = join(root, 'journal');
  damage = [];
});

afterEach(async () => {
  for (const journal of journals.splice(0)) await journal.close();
  rmSync(root, { recursive: true, force: true });
});

async function attempt(encryption?: JournalEncryption, seen?: string[]) {
  const onRecord = (_: number, payload: Uint8Array) => seen?.push(text(payload));
  const result = await Journal.open({ directory, encryption, onDamage: (found) => damage.push(found), onRecord });
  if (result.ok) journals.push(result.value);
  return result;
}

async function open(encryption?: JournalEncryption, seen?: string[]): Promise<Journal> {
  const result = await attempt(encryption, seen);
  if (!result.ok) throw new Error(result.fault.detail);
  return result.value;
}

const text = (payload: Uint8Array) => Buffer.from(payload).toString();
const write = async (journal: Journal, ...texts: string[]) => {
  for (const each of texts) expect((await journal.append(Buffer.from(each))).ok).toBe(true);
};
const textsOf = async (journal: Journal) => (await journal.read(0, 1e9)).map(({ payload }) => text(payload));
const segmentsIn = () => readdirSync(directory).filter((name) => name.endsWith('.segment'));
const everything = () =>
  Buffer.concat(segmentsIn().map((name) => readFileSync(join(directory, name)))).toString('latin1');

it('SR 4.1: records cannot be read in the files, and are read with the key', async () => {
  const journal = await open(SEALING);
  await write(journal, 'temperature', 'pressure', '');
  expect(await textsOf(journal)).toEqual(['temperature', 'pressure', '']);
  expect(everything()).not.toMatch(/temperature|pressure/);
  expect(journal.bytes).toBe(3 * (HEADER_BYTES + SEAL_BYTES) + 'temperaturepressure'.length);
  await journal.close();
  const seen: string[] = [];
  expect(await textsOf(await open(SEALING, seen))).toEqual(['temperature', 'pressure', '']);
  expect(seen).toEqual(['temperature', 'pressure', '']);
});

it('SR 4.3: the same record is never the same bytes twice', async () => {
  for (let life = 0; life < 2; life++) {
    const journal = await open(SEALING);
    await write(journal, 'valve', 'valve');
    await journal.close();
  }
  const payloads = segmentsIn().flatMap((name) => {
    const bytes = readFileSync(join(directory, name));
    const record = HEADER_BYTES + 'valve'.length + SEAL_BYTES;
    return [0, 1].map((index) => bytes.toString('hex', index * record + HEADER_BYTES, (index + 1) * record));
  });
  expect(new Set(payloads).size).toBe(4);
});

it.each([
  ['another key', { key: OTHER_KEY, sealsNew: true }, 'another key'],
  ['no key', undefined, 'no key is given'],
])('refuses to open with %s, and changes nothing', async (_, encryption, why) => {
  await write(await open(SEALING), 'one');
  await journals[0].close();
  cpSync(directory, join(root, 'copy'), { recursive: true });
  const result = await attempt(encryption);
  expect(!result.ok && [result.fault.code, result.fault.detail]).toEqual(['journal.key', expect.stringContaining(why)]);
  expect(readdirSync(directory).sort()).toEqual(readdirSync(join(root, 'copy')).sort());
  for (const name of readdirSync(directory)) {
    expect(readFileSync(join(directory, name))).toEqual(readFileSync(join(root, 'copy', name)));
  }
  expect(await textsOf(await open(SEALING))).toEqual(['one']);
});

it('is turned on and off, and what was written before is read until it is dropped', async () => {
  const plain = await open();
  await write(plain, 'plain');
  await plain.close();
  const sealed = await open(SEALING);
  await write(sealed, 'sealed');
  expect(await textsOf(sealed)).toEqual(['plain', 'sealed']);
  await sealed.close();
  const off = await open(OPENING);
  await write(off, 'plain again');
  expect(await textsOf(off)).toEqual(['plain', 'sealed', 'plain again']);
  await off.dropBefore(2);
  await off.close();
  expect(await textsOf(await open())).toEqual(['plain again']);
  expect(damage).toEqual([]);
});

it('SR 3.1: a record that somebody has changed, its checksums with it, is damage', async () => {
  const journal = await open(SEALING);
  await write(journal, 'one', 'two', 'three');
  await journal.close();
  const [name] = segmentsIn();
  const bytes = readFileSync(join(directory, name));
  const at = HEADER_BYTES + 'one'.length + SEAL_BYTES;
  const payload = bytes.subarray(at + HEADER_BYTES, at + HEADER_BYTES + 'two'.length + SEAL_BYTES);
  payload[0] ^= 1;
  const { salt } = parseSegmentFileName(name)!;
  writeHeader(bytes, at, { number: 1, payload, continues: false, seed: salt + at });
  expect(bytes.readUInt32LE(at + 16)).toBe(crc32(payload));
  writeFileSync(join(directory, name), bytes);
  expect(await textsOf(await open(SEALING))).toEqual(['one', 'three']);
  expect(damage).toMatchObject([{ offset: at, firstNumber: 1, endNumber: 2 }]);
});

it('SR 3.1: a record moved to the place of another, of this segment or of an older one, is damage', async () => {
  const journal = await open(SEALING);
  await write(journal, 'one', 'two');
  await journal.close();
  const [name] = segmentsIn();
  const bytes = readFileSync(join(directory, name));
  const record = HEADER_BYTES + 'one'.length + SEAL_BYTES;
  const first = bytes.subarray(HEADER_BYTES, record);
  first.copy(bytes, record + HEADER_BYTES);
  const { salt } = parseSegmentFileName(name)!;
  writeHeader(bytes, record, { number: 1, payload: first, continues: false, seed: salt + record });
  writeFileSync(join(directory, name), bytes);
  expect(await textsOf(await open(SEALING))).toEqual(['one']);
  expect(damage).toHaveLength(1);
});

it('a crash is recovered from as without a key', async () => {
  const journal = await open(SEALING);
  await write(journal, 'one', 'two');
  cpSync(directory, join(root, 'crashed'), { recursive: true, filter: (path) => !path.endsWith(LOCK_LINK) });
  await journal.close();
  rmSync(directory, { recursive: true });
  renameSync(join(root, 'crashed'), directory);
  const [name] = segmentsIn();
  const bytes = readFileSync(join(directory, name));
  writeFileSync(join(directory, name), bytes.subarray(0, bytes.length - 1));
  const again = await open(SEALING);
  expect(again.tornBytes).toBe(HEADER_BYTES + 'two'.length + SEAL_BYTES - 1);
  await write(again, 'three');
  expect(await textsOf(again)).toEqual(['one', 'three']);
  expect(damage).toEqual([]);
});
