import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Journal } from './journal.ts';
import type { JournalDamage } from './journalDamage.ts';
import { LOCK_LINK } from './journalFiles.ts';
import { HEADER_BYTES } from './recordLayout.ts';

/** Bytes to spoil, as fractions of the file they are in, so that any file can be hit anywhere. */
interface Blow {
  readonly kind: 'flip' | 'zeros' | 'noise' | 'cut';
  readonly file: number;
  readonly at: number;
  readonly length: number;
}

interface Written {
  readonly number: number;
  readonly payload: Buffer;
  readonly file: string;
  readonly offset: number;
}

const RECORDS = 60;
const SEGMENT_BYTES = 700;
const blow: fc.Arbitrary<Blow> = fc.record({
  kind: fc.constantFrom('flip', 'zeros', 'noise', 'cut'),
  file: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  length: fc.integer({ min: 1, max: 150 }),
});

let root: string;
let written: Written[];
let trial = 0;

async function opened(directory: string, damage: JournalDamage[] = [], told: [number, Buffer][] = []) {
  const result = await Journal.open({
    directory,
    segmentBytes: SEGMENT_BYTES,
    onDamage: (each) => damage.push(each),
    onRecord: (number, payload) => told.push([number, Buffer.from(payload)]),
  });
  if (!result.ok) throw new Error(result.fault.detail);
  return result.value;
}

const copyTo = (from: string, to: string) =>
  cpSync(from, to, { recursive: true, filter: (path) => !path.endsWith(LOCK_LINK) });

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'journal-'));
  const directory = join(root, 'closed');
  const journal = await opened(directory);
  const payloads: Buffer[] = [];
  for (let number = 0; number < RECORDS; number++) {
    // Some payloads look like records: the magic alone, and whole segments of this very journal.
    const segments = readdirSync(directory).filter((name) => name.endsWith('.segment'));
    const lookalike =
      segments.length > 0 ? readFileSync(join(directory, segments[0])).subarray(0, 200) : Buffer.alloc(9);
    const choices = [Buffer.from(`TGJ1 ${number} TGJ1`), Buffer.alloc(number * 3, number), lookalike, Buffer.alloc(0)];
    payloads.push(choices[number % choices.length]);
    await journal.append(payloads[number]);
  }
  copyTo(directory, join(root, 'crashed'));
  await journal.close();

  let number = 0;
  written = [];
  for (const file of readdirSync(directory).filter((name) => name.endsWith('.segment'))) {
    expect(number).toBe(Number(file.slice(0, 16)));
    const size = readFileSync(join(directory, file)).length;
    for (let offset = 0; offset < size; number++) {
      written.push({ number, payload: payloads[number], file, offset });
      offset += HEADER_BYTES + payloads[number].length;
    }
  }
  expect(number).toBe(RECORDS);
});

afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Spoils the files; gives the numbers of the records that were not touched. */
function strike(directory: string, blows: readonly Blow[]): Set<number> {
  const intact = new Set(written.map(({ number }) => number));
  const files = [...new Set(written.map(({ file }) => file))];
  for (const { kind, file, at, length } of blows) {
    const name = files[Math.floor(file * files.length)];
    const bytes = readFileSync(join(directory, name));
    const start = Math.floor(at * bytes.length);
    const end = kind === 'cut' ? Number.POSITIVE_INFINITY : kind === 'flip' ? start + 1 : start + length;
    if (kind === 'flip' && start < bytes.length) bytes[start] ^= 1 << (length % 8);
    if (kind === 'zeros') bytes.fill(0, start, Math.min(end, bytes.length));
    if (kind === 'noise')
      for (let each = start; each < Math.min(end, bytes.length); each++) bytes[each] = each * 31 + 7;
    writeFileSync(join(directory, name), kind === 'cut' ? bytes.subarray(0, start) : bytes);
    for (const record of written) {
      const recordEnd = record.offset + HEADER_BYTES + record.payload.length;
      if (record.file === name && record.offset < end && recordEnd > start) intact.delete(record.number);
    }
  }
  return intact;
}

async function readAll(journal: Journal): Promise<[number, Buffer][]> {
  const found: [number, Buffer][] = [];
  for (let from = 0; ; from = found[found.length - 1][0] + 1) {
    const records = await journal.read(from, 300);
    if (records.length === 0) return found;
    for (const { number, payload } of records) found.push([number, Buffer.from(payload)]);
  }
}

function expectTrue(found: readonly (readonly [number, Buffer])[], intact: ReadonlySet<number>): void {
  const numbers = found.map(([number]) => number);
  expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
  for (const [number, payload] of found) expect(payload.equals(written[number].payload), `record ${number}`).toBe(true);
  const missing = [...intact].filter((number) => !numbers.includes(number));
  expect(missing).toEqual([]);
}

const isNamed = (damage: readonly JournalDamage[], number: number) =>
  damage.some(({ firstNumber, endNumber }) => firstNumber <= number && number < endNumber);

describe('damage to segment files', () => {
  it.each(['closed', 'crashed'])('costs the damaged records only, in a journal that was %s', async (state) => {
    await fc.assert(
      fc.asyncProperty(fc.array(blow, { minLength: 1, maxLength: 6 }), async (blows) => {
        const directory = join(root, `trial-${trial++}`);
        copyTo(join(root, state), directory);
        const intact = strike(directory, blows);
        const damage: JournalDamage[] = [];
        const told: [number, Buffer][] = [];
        const journal = await opened(directory, damage, told);
        expectTrue(told, intact);
        expect(await readAll(journal)).toEqual(told);
        expect(journal.damage).toBe(damage.length);
        const lost = written.filter(({ number }) => !told.some(([each]) => each === number));
        // Where a journal was closed it is known how far it went; otherwise the remains of its last write tell nothing.
        if (state === 'closed') expect(lost.filter(({ number }) => !isNamed(damage, number))).toEqual([]);

        const next = await journal.append(Buffer.from('next'));
        expect(next.ok && next.value >= RECORDS).toBe(true);
        await journal.close();
        const again: [number, Buffer][] = [];
        const reopened = await opened(directory, [], again);
        expect(again.map(([number]) => number)).toEqual([...told.map(([number]) => number), next.ok && next.value]);
        await reopened.close();
        rmSync(directory, { recursive: true });
      }),
      { numRuns: 80 },
    );
  });

  it('is met by a read as well, once, and costs the same', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(blow, { minLength: 1, maxLength: 4 }), async (blows) => {
        const directory = join(root, `trial-${trial++}`);
        copyTo(join(root, 'closed'), directory);
        const damage: JournalDamage[] = [];
        const journal = await opened(directory, damage);
        expect(damage).toEqual([]);
        const intact = strike(directory, blows);
        const found = await readAll(journal);
        expectTrue(found, intact);
        const lost = written.filter(({ number }) => !found.some(([each]) => each === number));
        expect(lost.filter(({ number }) => !isNamed(damage, number))).toEqual([]);
        const reports = damage.length;
        expect(await readAll(journal)).toEqual(found);
        expect(damage.length).toBe(reports);
        await journal.close();
        rmSync(directory, { recursive: true });
      }),
      { numRuns: 60 },
    );
  });

  it.each([1, HEADER_BYTES - 1, HEADER_BYTES, HEADER_BYTES + 3].map((kept) => [kept] as const))(
    'does not call it damage where a write was interrupted after %d bytes',
    async (kept) => {
      const directory = join(root, `trial-${trial++}`);
      copyTo(join(root, 'crashed'), directory);
      const last = written[RECORDS - 2];
      const file = join(directory, last.file);
      writeFileSync(file, readFileSync(file).subarray(0, last.offset + kept));
      const damage: JournalDamage[] = [];
      const told: [number, Buffer][] = [];
      const journal = await opened(directory, damage, told);
      expect([damage, journal.tornBytes, told.at(-1)?.[0]]).toEqual([[], kept, RECORDS - 3]);
      await journal.append(Buffer.from('next'));
      await journal.close();
      await (await opened(directory, damage)).close();
      expect(damage).toEqual([]);
    },
  );

  it('takes zeros behind the last record for space that was never filled', async () => {
    const directory = join(root, `trial-${trial++}`);
    copyTo(join(root, 'crashed'), directory);
    const file = join(directory, written[RECORDS - 1].file);
    writeFileSync(file, Buffer.concat([readFileSync(file), Buffer.alloc(5000)]));
    const damage: JournalDamage[] = [];
    const journal = await opened(directory, damage);
    expect([damage, journal.tornBytes]).toEqual([[], 5000]);
    await journal.close();
  });
});

describe('a write of several records', () => {
  const GROUPS = [4, 6, 5];
  /** Where the first record of each group stands, each of 40 bytes. */
  const RECORD_BYTES = HEADER_BYTES + 40;

  /** A journal of three groups that was not closed, with `records` of it replaced by zeros. */
  async function spoiled(records: readonly number[]): Promise<string> {
    const directory = join(root, `trial-${trial++}`);
    const result = await Journal.open({ directory: `${directory}-open` });
    if (!result.ok) throw new Error(result.fault.detail);
    for (const count of GROUPS) await result.value.appendAll(Array.from({ length: count }, () => Buffer.alloc(40, 1)));
    copyTo(`${directory}-open`, directory);
    await result.value.close();
    const file = join(directory, readdirSync(directory).find((name) => name.endsWith('.segment'))!);
    const bytes = readFileSync(file);
    for (const record of records) bytes.fill(0, record * RECORD_BYTES, (record + 1) * RECORD_BYTES);
    writeFileSync(file, bytes);
    return directory;
  }

  it.each([
    ['the first of the last write', [10], 10, []],
    ['one amid the last write', [12], 12, []],
    ['all but one of the last write', [10, 11, 13, 14], 10, []],
    ['one of an earlier write', [5], 15, [5]],
    ['one of an earlier write, and one of the last', [2, 13], 13, [2]],
  ])('of which a power cut has spared a part ends before what is missing: %s', async (_, missing, end, named) => {
    const directory = await spoiled(missing);
    const expected = Array.from({ length: end }, (_each, number) => number).filter((number) => !named.includes(number));
    for (const opening of ['first', 'second']) {
      const damage: JournalDamage[] = [];
      const told: [number, Buffer][] = [];
      const journal = await opened(directory, damage, told);
      expect([opening, told.map(([number]) => number)]).toEqual([opening, expected]);
      expect(damage.map(({ firstNumber, endNumber }) => [firstNumber, endNumber])).toEqual(
        named.map((number) => [number, number + 1]),
      );
      await journal.close();
    }
  });
});
