import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Journal, type JournalOptions } from './journal.ts';
import type { JournalDamage } from './journalDamage.ts';
import { LOCK_LINK, NUMBERS_FILE, segmentFileName } from './journalFiles.ts';
import { NUMBER_STRIDE } from './numberReservation.ts';
import { HEADER_BYTES } from './recordLayout.ts';

let root: string;
let directory: string;
const opened: Journal[] = [];

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'journal-'));
  directory = join(root, 'journal');
});

afterEach(async () => {
  for (const journal of opened.splice(0)) await journal.close();
  rmSync(root, { recursive: true, force: true });
});

async function open(options: Partial<JournalOptions> = {}): Promise<Journal> {
  const result = await Journal.open({ directory, ...options });
  if (!result.ok) throw new Error(result.fault.detail);
  opened.push(result.value);
  return result.value;
}

/** What a crash at this moment would leave on the disk, as a directory of its own. */
function crashedCopy(): string {
  const copy = join(root, 'crashed');
  cpSync(directory, copy, { recursive: true, filter: (path) => !path.endsWith(LOCK_LINK) });
  return copy;
}

const text = (payload: Uint8Array) => Buffer.from(payload).toString();
const append = async (journal: Journal, ...texts: string[]) => {
  const results = await Promise.all(texts.map((each) => journal.append(Buffer.from(each))));
  return results.map((result) => (result.ok ? result.value : result.fault.code));
};
const readAll = async (journal: Journal, from = 0) =>
  (await journal.read(from, 1e9)).map(({ number, payload }) => [number, text(payload)]);
const segmentsIn = (path: string) => readdirSync(path).filter((name) => name.endsWith('.segment'));

describe('a journal', () => {
  it('does not take an empty segment, the only one that is left, for files taken away', async () => {
    const journal = await open();
    await append(journal, 'a');
    await journal.close();
    for (const name of segmentsIn(directory)) rmSync(join(directory, name));
    writeFileSync(join(directory, segmentFileName({ firstNumber: 1, salt: 5 })), '');
    const damage: JournalDamage[] = [];
    for (let life = 0; life < 3; life++) {
      await (await open({ onDamage: (found) => damage.push(found) })).close();
    }
    expect(damage).toEqual([]);
    expect(await append(await open(), 'b')).toEqual([1]);
  });

  it('gives back what was appended, under ascending numbers', async () => {
    const journal = await open();
    expect(await append(journal, 'a', '', 'ccc')).toEqual([0, 1, 2]);
    expect(await readAll(journal)).toEqual([
      [0, 'a'],
      [1, ''],
      [2, 'ccc'],
    ]);
    expect([journal.firstRecord, journal.durableEnd, journal.endRecord]).toEqual([0, 3, 3]);
    expect(journal.bytes).toBe(3 * HEADER_BYTES + 4);
  });

  it('shows records only once they are durable', async () => {
    const journal = await open();
    const appended = journal.append(Buffer.from('a'));
    expect([journal.endRecord, journal.durableEnd, journal.waitingBytes]).toEqual([1, 0, 1]);
    expect(await journal.read(0, 100)).toEqual([]);
    await appended;
    expect([journal.endRecord, journal.durableEnd, journal.waitingBytes]).toEqual([1, 1, 0]);
  });

  it.each([
    ['several, up to the limit', 0, 5, ['0-xx', '1-xx'], 8],
    ['one that is longer than the limit', 2, 1, ['2-xx'], 1],
    ['all behind a number', 3, 1000, ['3-xx', '4-xx'], 1000],
    ['none behind the end', 5, 1000, [], 1000],
  ])('reads %s', async (_, from, __, expected, maxBytes) => {
    const journal = await open({ segmentBytes: 3 * (HEADER_BYTES + 4) });
    await append(journal, '0-xx', '1-xx', '2-xx', '3-xx', '4-xx');
    expect((await journal.read(from, maxBytes)).map(({ payload }) => text(payload))).toEqual(expected);
  });

  it('goes on where it was closed', async () => {
    const first = await open();
    await append(first, 'a', 'b');
    await first.close();
    const second = await open();
    expect(second.endRecord).toBe(2);
    expect(await append(second, 'c')).toEqual([2]);
    expect(await readAll(second)).toEqual([
      [0, 'a'],
      [1, 'b'],
      [2, 'c'],
    ]);
  });

  it('tells every record while it opens', async () => {
    const first = await open({ segmentBytes: 60 });
    await append(first, 'a', 'b', 'c', 'd');
    await first.close();
    const told: [number, string][] = [];
    await open({ onRecord: (number, payload) => told.push([number, text(payload)]) });
    expect(told).toEqual([
      [0, 'a'],
      [1, 'b'],
      [2, 'c'],
      [3, 'd'],
    ]);
  });

  it('begins another segment where one is full, and drops whole segments only', async () => {
    const journal = await open({ segmentBytes: 2 * (HEADER_BYTES + 1) });
    await append(journal, 'a', 'b', 'c', 'd', 'e');
    expect(segmentsIn(directory).map((name) => Number(name.slice(0, 16)))).toEqual([0, 2, 4]);
    await journal.dropBefore(3);
    expect([journal.firstRecord, segmentsIn(directory).length]).toEqual([2, 2]);
    await journal.dropBefore(100);
    expect([journal.firstRecord, segmentsIn(directory).length]).toEqual([4, 1]);
    expect(journal.bytes).toBe(HEADER_BYTES + 1);
    expect(await readAll(journal)).toEqual([[4, 'e']]);
  });

  it('lets a read end well while its segment is dropped', async () => {
    const journal = await open({ segmentBytes: 2 * (HEADER_BYTES + 1) });
    await append(journal, 'a', 'b', 'c');
    const [read] = await Promise.all([journal.read(0, 2), journal.dropBefore(2)]);
    expect(read.map(({ number }) => number)).toEqual([0, 1]);
  });

  it('shares one write among appends made together', async () => {
    const journal = await open();
    const numbers = await append(journal, ...Array.from({ length: 2000 }, (_, index) => `${index}`));
    expect(numbers).toEqual(Array.from({ length: 2000 }, (_, index) => index));
    expect((await journal.read(1990, 1e6)).map(({ payload }) => text(payload))[9]).toBe('1999');
  });

  it('writes records that belong together under successive numbers', async () => {
    const journal = await open({ segmentBytes: 60 });
    const group = ['b', 'c', 'd'].map((each) => Buffer.from(each));
    const results = await Promise.all([append(journal, 'a'), journal.appendAll(group), append(journal, 'e')]);
    expect(results).toEqual([[0], { ok: true, value: 1 }, [4]]);
    expect((await readAll(journal)).map(([, each]) => each).join('')).toBe('abcde');
    expect(journal.oldestSegmentEnd).toBe(1);
  });

  it('refuses appends after it was closed', async () => {
    const journal = await open();
    await journal.close();
    expect(await append(journal, 'a')).toEqual(['journal.closed']);
  });

  it('waits for appends that are under way when it is closed', async () => {
    const journal = await open();
    const appended = append(journal, 'a', 'b');
    await journal.close();
    expect(await appended).toEqual([0, 1]);
  });

  it('reads a record that is longer than its chunk', async () => {
    const journal = await open();
    const long = 'x'.repeat(300_000);
    await append(journal, 'a', long, 'b');
    expect((await journal.read(1, 10))[0].payload.length).toBe(300_000);
    expect(await readAll(journal)).toHaveLength(3);
  });
});

describe('numbering', () => {
  it('jumps behind everything that was set aside where the journal was not closed', async () => {
    const journal = await open();
    await append(journal, 'a', 'b');
    const second = await open({ directory: crashedCopy() });
    expect(second.endRecord).toBe(NUMBER_STRIDE);
    expect(await append(second, 'c')).toEqual([NUMBER_STRIDE]);
    expect(await readAll(second)).toEqual([
      [0, 'a'],
      [1, 'b'],
      [NUMBER_STRIDE, 'c'],
    ]);
    expect([second.damage, second.firstRecord]).toEqual([0, 0]);
  });

  it('takes the jump for what it is and not for a loss', async () => {
    const damage: JournalDamage[] = [];
    const journal = await open();
    await append(journal, 'a');
    const copy = crashedCopy();
    const second = await open({ directory: copy });
    await append(second, 'b');
    await second.close();
    const third = await open({ directory: copy, onDamage: (each) => damage.push(each) });
    expect([damage, third.endRecord]).toEqual([[], NUMBER_STRIDE + 1]);
  });

  it.each([
    ['the newest segment is gone', (path: string) => rmSync(join(path, segmentsIn(path).at(-1)!))],
    ['the newest segment is cut between records', (path: string) => cut(path, HEADER_BYTES + 1)],
    ['the newest segment is empty', (path: string) => cut(path, 0)],
  ])('is never used again where %s', async (_, destroy) => {
    const journal = await open({ segmentBytes: 2 * (HEADER_BYTES + 1) });
    await append(journal, 'a', 'b', 'c', 'd');
    const copy = crashedCopy();
    destroy(copy);
    const second = await open({ directory: copy });
    expect((await append(second, 'e'))[0]).toBe(NUMBER_STRIDE);
    await journal.close();
    destroy(directory);
    const damage: JournalDamage[] = [];
    const third = await open({ onDamage: (each) => damage.push(each) });
    expect(third.endRecord).toBe(4);
    expect(damage.map(({ endNumber }) => endNumber)).toEqual([4]);
  });

  it('leaves room for what may have been used where the numbers are lost', async () => {
    const journal = await open();
    await append(journal, 'a');
    await journal.close();
    writeFileSync(join(directory, NUMBERS_FILE), 'TGJN 5 5 00000000\n');
    expect((await open()).endRecord).toBe(17 * NUMBER_STRIDE);
  });

  it('reports a segment that is gone from the middle', async () => {
    const journal = await open({ segmentBytes: 2 * (HEADER_BYTES + 1) });
    await append(journal, 'a', 'b', 'c', 'd', 'e');
    await journal.close();
    rmSync(join(directory, segmentsIn(directory)[1]));
    const damage: JournalDamage[] = [];
    const second = await open({ onDamage: (each) => damage.push(each) });
    expect(damage).toMatchObject([{ firstNumber: 2, endNumber: 4, bytes: 0 }]);
    expect((await readAll(second)).map(([number]) => number)).toEqual([0, 1, 4]);
  });
});

function cut(path: string, length: number): void {
  truncateSync(join(path, segmentsIn(path).at(-1)!), length);
}

describe('opening', () => {
  beforeEach(() => mkdirSync(directory));

  it('refuses a directory that is open already', async () => {
    await open();
    expect(await Journal.open({ directory })).toMatchObject({ ok: false, fault: { code: 'journal.locked' } });
  });

  it('refuses a directory that another process has', async () => {
    symlinkSync('1', join(directory, LOCK_LINK));
    expect(await Journal.open({ directory })).toMatchObject({ ok: false, fault: { code: 'journal.locked' } });
  });

  it.each([
    ['a process that is gone', '4194000'],
    ['an earlier process of our id', `${process.pid}-1-x`],
    ['an earlier process of the id of another', `${process.ppid}-1-x`],
    ['nobody', 'nonsense'],
  ])('takes over the lock of %s', async (_, holder) => {
    symlinkSync(holder, join(directory, LOCK_LINK));
    expect(await append(await open(), 'a')).toEqual([0]);
  });

  it('refuses a place that is no directory', async () => {
    writeFileSync(join(directory, 'file'), '');
    const result = await Journal.open({ directory: join(directory, 'file') });
    expect(result).toMatchObject({ ok: false, fault: { code: 'journal.directory' } });
  });

  it('passes over files of other names, and a directory that is named as a segment', async () => {
    writeFileSync(join(directory, 'readme.segment'), 'x');
    mkdirSync(join(directory, '0000000000000000-00000000.segment'));
    expect(await append(await open(), 'a')).toHaveLength(1);
  });
});
