import { mkdirSync, mkdtempSync, readdirSync, readlinkSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Journal } from './journal.ts';
import type { JournalDamage } from './journalDamage.ts';

let root: string;
let directory: string;
let damage: JournalDamage[];

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'journal-'));
  directory = join(root, 'journal');
  damage = [];
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

const open = () => Journal.open({ directory, segmentBytes: 100, onDamage: (each) => damage.push(each) });

async function filled(): Promise<Journal> {
  const result = await open();
  if (!result.ok) throw new Error(result.fault.detail);
  for (let number = 0; number < 6; number++) await result.value.append(Buffer.alloc(40, number));
  return result.value;
}

const numbersIn = async (journal: Journal) => (await journal.read(0, 1e6)).map(({ number }) => number);
const firstSegment = () => join(directory, readdirSync(directory).filter((name) => name.endsWith('.segment'))[0]);

/** Puts something else in the place of a file; gives what puts it back. */
function replace(file: string, make: (file: string) => void): () => void {
  renameSync(file, join(root, 'aside'));
  make(file);
  return () => {
    rmSync(file, { recursive: true });
    renameSync(join(root, 'aside'), file);
  };
}

/** A link to itself cannot be opened; a directory can be, and then not read. */
const link = (file: string) => symlinkSync(file, file);

/** Descriptors of this process that are open on something under the journal. */
function openFiles(): string[] {
  return readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      const target = readlinkSync(`/proc/self/fd/${fd}`);
      return target.startsWith(root) ? [target] : [];
    } catch {
      return [];
    }
  });
}

describe('a segment that may not be read', () => {
  it.each([
    ['ELOOP', link],
    ['EISDIR', mkdirSync],
  ] as const)('loses nothing and leaves nothing open: a later read succeeds (%s)', async (code, make) => {
    const journal = await filled();
    const before = openFiles();
    const putBack = replace(firstSegment(), make);
    await expect(journal.read(0, 1e6)).rejects.toMatchObject({ code });
    expect(openFiles()).toEqual(before);
    putBack();
    expect(await numbersIn(journal)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(damage).toEqual([]);
    await journal.close();
  });

  it('keeps the journal from opening, and is not given up', async () => {
    await (await filled()).close();
    const putBack = replace(firstSegment(), link);
    expect(await open()).toMatchObject({
      ok: false,
      fault: { code: 'journal.directory', detail: expect.stringContaining(directory) },
    });
    putBack();
    const again = await open();
    if (!again.ok) throw new Error(again.fault.detail);
    expect(await numbersIn(again.value)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(damage).toEqual([]);
    await again.value.close();
  });
});

it('a segment that the disk cannot read any more costs its own records', async () => {
  const journal = await filled();
  const file = firstSegment();
  rmSync(file);
  // Its first pages are mapped in no process: reading them is an input/output error.
  symlinkSync('/proc/self/mem', file);
  expect(await numbersIn(journal)).toEqual([1, 2, 3, 4, 5]);
  expect(damage).toMatchObject([{ file, firstNumber: 0, endNumber: 1 }]);
  await journal.close();
});

it('a journal that is closed reads nothing more and leaves nothing open', async () => {
  const journal = await filled();
  const underWay = journal.read(0, 1e6);
  await journal.close();
  await underWay;
  expect(await numbersIn(journal)).toEqual([]);
  expect(openFiles()).toEqual([]);
});
