import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { statusName } from '@tidegate/core/sample/statusCode.ts';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { openMetadata } from '../../ingest/testbed/openMetadata.ts';
import { blankRun } from '../sampleRun.ts';
import { applyEdits } from './applyEdits.ts';
import type { EditRequest } from './edit.ts';
import { AUTHOR, EditedTag, TAG } from './testbed/editedTag.ts';
import { rowsOf, runOf } from './testbed/runRows.ts';
import type { Row } from './testbed/slowHistory.ts';

const MODIFIED = 0x0408;
const at = (time: number, value: Row[1]): Row => [time, value, 0];

let tag: EditedTag;
beforeEach(() => {
  tag = new EditedTag();
  tag.arrive(at(10, 1), at(20, 2), at(30, 3));
  tag.now = 100;
});

async function edit(request: Partial<EditRequest>, on = tag) {
  const outcome = await on.log.apply({ ...AUTHOR, ...request } as EditRequest);
  if (!outcome.ok) throw new Error(outcome.fault.detail);
  return { ...outcome.value, results: Array.from(outcome.value.results, statusName) };
}

function visible(knownAt?: number, on = tag): Row[] {
  return rowsOf(applyEdits(on.base(), on.edits(), knownAt));
}

describe('each sample is answered for itself, in the order of the request', () => {
  const samples = runOf([at(40, 4), at(20, 22), at(15, 5), at(40, 44)]);

  test.each<[kind: 'insert' | 'replace' | 'update', results: string[], values: Row[1][]]>([
    ['insert', ['GoodEntryInserted', 'BadEntryExists', 'GoodEntryInserted', 'BadEntryExists'], [1, 5, 2, 3, 4]],
    ['replace', ['BadNoEntryExists', 'GoodEntryReplaced', 'BadNoEntryExists', 'BadNoEntryExists'], [1, 22, 3]],
    ['update', ['GoodEntryInserted', 'GoodEntryReplaced', 'GoodEntryInserted', 'GoodEntryReplaced'], [1, 5, 22, 3, 44]],
  ])('%s', async (kind, results, values) => {
    expect(await edit({ kind, samples })).toMatchObject({ results, edit: { kind, at: 100, by: 'mara' } });
    expect(visible().map(([, value]) => value)).toEqual(values);
  });

  test('delete at times', async () => {
    const { results } = await edit({ kind: 'delete', times: Float64Array.of(30, 11, 10, 30) });
    expect(results).toEqual(['Good', 'BadNoEntryExists', 'Good', 'Good']);
    expect(visible()).toEqual([at(20, 2)]);
  });

  test.each([
    ['up to but not including its end', 10, 30, 'Good', [30]],
    ['at its start, where it has no length', 20, 20, 'Good', [10, 30]],
    ['without end', Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, 'Good', []],
    ['in which there is nothing', 11, 20, 'BadNoData', [10, 20, 30]],
  ])('delete a range %s', async (_what, start, end, result, times) => {
    expect((await edit({ kind: 'delete', start, end })).results).toEqual([result]);
    expect(visible().map(([time]) => time)).toEqual(times);
  });
});

test('what changes nothing is not recorded', async () => {
  expect((await edit({ kind: 'delete', start: 50, end: 60 })).edit).toBeUndefined();
  expect((await edit({ kind: 'replace', samples: runOf([at(15, 1)]) })).edit).toBeUndefined();
  expect((await edit({ kind: 'update', samples: blankRun(0) })).edit).toBeUndefined();
  expect(tag.edits().edits).toEqual([]);
});

test('what arrives later than a deletion is visible, and says that there is more behind it', async () => {
  await edit({ kind: 'delete', start: 0, end: 100 });
  tag.now = 200;
  tag.arrive(at(20, 22), at(25, 25));
  expect(visible()).toEqual([
    [20, 22, MODIFIED],
    [25, 25, 0],
  ]);
  expect(visible(150)).toEqual([]);
  expect(visible(99)).toEqual([at(10, 1), at(20, 2), at(30, 3)]);
  expect((await edit({ kind: 'insert', samples: runOf([at(30, 33), at(25, 26)]) })).results).toEqual([
    'GoodEntryInserted',
    'BadEntryExists',
  ]);
});

test('what arrived at the very moment of an edit counts as earlier', async () => {
  tag.arrive(at(50, 5));
  await edit({ kind: 'delete', start: 40, end: 60 });
  expect(visible().map(([time]) => time)).toEqual([10, 20, 30]);
});

test('an edit sees what those before it did, also where they were asked for in one go', async () => {
  const insert = () => edit({ kind: 'insert', samples: runOf([at(15, 5)]) });
  const [first, second] = await Promise.all([insert(), insert()]);
  expect([first.results, second.results]).toEqual([['GoodEntryInserted'], ['BadEntryExists']]);
});

test('the bits of a status beside its info type are kept', async () => {
  await edit({ kind: 'update', samples: runOf([[10, 1, 0x80ab0c80]]) });
  expect(visible()[0]).toEqual([10, 1, 0x80ab0488]);
});

test('without edits nothing is copied', async () => {
  const base = tag.base();
  expect(applyEdits(base, tag.edits())).toBe(base);
  expect(applyEdits(base, tag.edits(), 100)).toBe(base);
});

test('an edit touches its own range of its own tag', async () => {
  const touched = () => [TAG, TAG + 1].map((index) => tag.log.touches(index, 15, 16));
  expect(touched()).toEqual([false, false]);
  await edit({ kind: 'insert', samples: runOf([at(12, 1), at(40, 1)]) });
  expect(touched()).toEqual([true, false]);
  expect([tag.log.touches(TAG, 0, 12), tag.log.touches(TAG, 0, 13)]).toEqual([false, true]);
  expect([tag.log.touches(TAG, 41, 50), tag.log.touches(TAG, 40, 50)]).toEqual([false, true]);
  await edit({ kind: 'delete', start: 50, end: 60 });
  expect(tag.log.touches(TAG, 50, 60)).toBe(false);
  tag.arrive(at(50, 1));
  await edit({ kind: 'delete', start: 48, end: 60 });
  expect(tag.log.touches(TAG, 55, 56)).toBe(true);
  expect(tag.log.touches(TAG, 45, 48)).toBe(false);
});

test('an edit that was answered is there when the database is opened again', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'edits-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const path = join(directory, 'metadata.sqlite');
  const before = openMetadata(path);
  const first = new EditedTag(3, before);
  first.arrive(at(10, 1), at(20, 2));
  first.now = 50;
  const replaced = await edit({ kind: 'replace', samples: runOf([at(10, 'text'), at(20, Number.NaN)]) }, first);
  first.now = 60;
  await edit({ kind: 'delete', times: Float64Array.of(20) }, first);
  const edits = first.edits();
  before.close();
  const after = openMetadata(path);
  const second = new EditedTag(3, after);
  expect(second.edits()).toEqual(edits);
  expect(second.log.touches(TAG, 10, 11)).toBe(true);
  expect(after.lastRecordedAt()).toBe(60);
  expect(second.log.since(50)).toMatchObject({ value: [{ edit: { kind: 'delete' }, first: 20, last: 21 }] });
  expect(second.log.since(0)).toMatchObject({ value: [{ edit: replaced.edit }, {}] });
});

describe('refused, with nothing changed:', () => {
  const samples = runOf([at(10, 2)]);
  test.each<[what: string, request: Partial<EditRequest>, detail: RegExp]>([
    ['no author', { kind: 'update', samples, by: '' }, /who/],
    ['no reason', { kind: 'update', samples, reason: ' \n' }, /why/],
    ['a time with a fraction', { kind: 'update', samples: runOf([at(0.5, 1)]) }, /0\.5 is no time/],
    ['a time that is none', { kind: 'delete', times: Float64Array.of(1, Number.NaN) }, /NaN is no time/],
    ['half a character', { kind: 'update', samples: runOf([at(1, '\ud800')]) }, /no Unicode/],
    ['a text that is not there', { kind: 'update', samples: { ...runOf([at(1, 'a')]), strings: [] } }, /no text/],
    ['a range that ends before it begins', { kind: 'delete', start: 5, end: 4 }, /ends before/],
    ['a range without a start', { kind: 'delete', start: Number.NaN, end: 4 }, /ends before/],
  ])('%s', async (_what, request, detail) => {
    const outcome = await tag.log.apply({ ...AUTHOR, ...request } as EditRequest);
    expect(outcome).toMatchObject({
      ok: false,
      fault: { code: 'edit.invalid', detail: expect.stringMatching(detail) },
    });
    expect(tag.edits().edits).toEqual([]);
  });

  test('a disk that refuses, and the next edit is taken again', async () => {
    const database = openMetadata();
    const other = new EditedTag(3, database);
    database.prepare('PRAGMA query_only = ON').get();
    const refused = await other.log.apply({ ...AUTHOR, kind: 'update', samples });
    expect(refused).toMatchObject({ ok: false, fault: { code: 'archive.unwritable' } });
    expect(other.log.touches(TAG, 0, 99)).toBe(false);
    database.prepare('PRAGMA query_only = OFF').get();
    expect((await edit({ kind: 'update', samples }, other)).results).toEqual(['GoodEntryInserted']);
  });
});

test('a hundred thousand samples are one edit, and each comes back', async () => {
  const count = 100_000;
  const samples = blankRun(count);
  for (let row = 0; row < count; row++) {
    samples.times[row] = row * 7;
    samples.values[row] = row / 3;
    samples.kinds[row] = 1;
  }
  const { edit: recorded, results } = await edit({ kind: 'update', samples });
  expect(new Set(results)).toEqual(new Set(['GoodEntryInserted']));
  const { edits, samples: read } = tag.edits();
  expect(edits).toEqual([recorded]);
  expect(read).toEqual(samples);
});
