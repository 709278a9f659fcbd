/** What a disk may hold after a power cut, from traces that are written here by hand. */

import { constants } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Random } from '../fuzz/random.ts';
import { Disk } from './disk.ts';
import type { NameOrder } from './tracedNames.ts';
import type { TraceRecord } from './traceRecord.ts';

const CREATE = constants.O_CREAT | constants.O_WRONLY;
const TRIALS = 200;

let place: string;

beforeEach(async () => {
  place = await mkdtemp(path.join(tmpdir(), 'disk-'));
  await mkdir(path.join(place, 'before'));
});

afterEach(() => rm(place, { recursive: true }));

const create = (fd: number, name: string): TraceRecord => ({ kind: 'open', fd, flags: CREATE, path: name });
const openDirectory = (fd: number, name = ''): TraceRecord => ({ kind: 'open', fd, flags: 0, path: name });
const write = (fd: number, offset: number, text: string): TraceRecord => {
  return { kind: 'write', fd, offset, bytes: Buffer.from(text) };
};
const sync = (fd: number): TraceRecord[] => [
  { kind: 'syncBegin', fd, sync: fd },
  { kind: 'syncEnd', sync: fd, succeeded: true },
];

/** Each different outcome as the names of the files with their contents; of a long content the length and its letters. */
async function outcomes(records: readonly TraceRecord[], order: NameOrder, survival = 0.5): Promise<Set<string>> {
  const disk = await Disk.of(path.join(place, 'before'));
  for (const record of records) disk.take(record);
  const random = new Random(7);
  const seen = new Set<string>();
  for (let trial = 0; trial < TRIALS; trial++) {
    const target = path.join(place, String(trial));
    await disk.writeAfterCut(target, { order, survival, random });
    seen.add(await contentsOf(target));
    await rm(target, { recursive: true });
  }
  return seen;
}

async function contentsOf(directory: string): Promise<string> {
  const entries = (await readdir(directory, { withFileTypes: true, recursive: true })).filter((entry) =>
    entry.isFile(),
  );
  const files = entries.map(async (entry) => {
    const file = path.join(entry.parentPath, entry.name);
    const text = (await readFile(file, 'latin1')).replaceAll('\0', '0');
    return `${path.relative(directory, file)}=${text.length > 20 ? `${text.length}${[...new Set(text)].sort()}` : text}`;
  });
  return (await Promise.all(files)).sort().join(' ');
}

describe('what a sync has covered', () => {
  it('is there, and what came behind its beginning may be lost, or of it only the length be there', async () => {
    const records = [
      ...[create(3, 'a'), write(3, 0, 'first'), openDirectory(4), ...sync(4)],
      { kind: 'syncBegin', fd: 3, sync: 9 } as const,
      write(3, 5, ' late'),
      { kind: 'syncEnd', sync: 9, succeeded: true } as const,
    ];
    expect(await outcomes(records, 'any')).toEqual(new Set(['a=first', 'a=first late', 'a=first00000']));
  });

  it('is nothing where the sync failed, or has not ended', async () => {
    const begun = [
      create(3, 'a'),
      openDirectory(4),
      ...sync(4),
      write(3, 0, 'x'),
      { kind: 'syncBegin', fd: 3, sync: 9 },
    ];
    const failed = [...begun, { kind: 'syncEnd', sync: 9, succeeded: false }];
    for (const records of [begun, failed]) {
      expect(await outcomes(records as TraceRecord[], 'any')).toEqual(new Set(['a=', 'a=x', 'a=0']));
    }
  });

  it('is what was there before the program began', async () => {
    await writeFile(path.join(place, 'before/old'), 'old');
    expect(await outcomes([{ kind: 'open', fd: 3, flags: CREATE, path: 'old' }, write(3, 0, 'new')], 'any')).toEqual(
      new Set(['old=old', 'old=new']),
    );
  });
});

it('a write is torn at sectors: each has the old bytes, the new ones, or zeros where it is new', async () => {
  await writeFile(path.join(place, 'before/a'), 'o'.repeat(1024));
  const seen = await outcomes(
    [{ kind: 'open', fd: 3, flags: CREATE, path: 'a' }, write(3, 512, 'n'.repeat(1024))],
    'any',
  );
  expect(seen).toEqual(new Set(['a=1024o', 'a=1024n,o', 'a=1536n,o', 'a=15360,o', 'a=15360,n,o']));
});

describe('names that no sync has covered', () => {
  const two = [
    { kind: 'makeDirectory', path: 'd' } as const,
    ...[create(3, 'd/1'), create(4, '2'), { kind: 'rename', path: 'd/1', to: 'd/3' } as const, create(5, '4')],
  ];

  it.each<[NameOrder, string[]]>([
    ['journal', ['', 'd/1=', '2= d/1=', '2= d/3=', '2= 4= d/3=']],
    ['directory', ['', 'd/1=', 'd/3=', '2= d/1=', '2= d/3=', '2= 4=', '2= 4= d/1=', '2= 4= d/3=', '2=']],
  ])('are lost from some place on (%s)', async (order, expected) => {
    const seen = await outcomes(two, order, 0.7);
    expect([...seen].filter((each) => !expected.includes(each))).toEqual([]);
    expect(seen.size).toBeGreaterThan(4);
  });

  it('are lost each by itself where nothing more is promised; a rename is whole', async () => {
    const seen = await outcomes(two, 'any');
    expect(seen).toContain('4= d/1=');
    expect([...seen].filter((each) => each.includes('d/1') && each.includes('d/3'))).toEqual([]);
  });

  it('are kept by a sync of their directory, with those that they build upon', async () => {
    const renamed = [
      ...[{ kind: 'makeDirectory', path: 'd' } as const, openDirectory(9), ...sync(9), create(3, 'd/1')],
      ...[{ kind: 'rename', path: 'd/1', to: '1' } as const, create(4, 'd/2'), ...sync(9)],
    ];
    for (const order of ['directory', 'any'] as const) {
      expect(await outcomes(renamed, order)).toEqual(new Set(['1=', '1= d/2=']));
    }
  });

  it('are all kept before one that a sync has covered, by a journal', async () => {
    const records = [create(3, 'a'), { kind: 'makeDirectory', path: 'd' } as const, create(4, 'd/b')];
    records.push(openDirectory(9, 'd'), ...sync(9));
    expect(await outcomes(records, 'journal')).toEqual(new Set(['a= d/b=']));
    expect(await outcomes(records, 'any')).toContain('');
  });
});

it('a trace that cannot be the whole truth is refused', async () => {
  const disk = await Disk.of(path.join(place, 'before'));
  expect(() => disk.take(write(3, 0, 'x'))).toThrow('never opened');
  expect(() => disk.take(openDirectory(3, 'nowhere'))).toThrow('nowhere made');
  expect(() => disk.take({ kind: 'unseen', what: 'a shared mapping' })).toThrow('a shared mapping');
  disk.take(create(3, 'a'));
  expect(await disk.differences(path.join(place, 'before'))).toEqual(['a']);
});
