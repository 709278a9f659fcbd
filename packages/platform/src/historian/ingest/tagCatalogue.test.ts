import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SampleBlockBuilder } from '@tidegate/core/block/sampleBlockBuilder.ts';
import { type Result, success } from '@tidegate/core/fault/fault.ts';
import type { TagDefinition } from '@tidegate/core/sample/tag.ts';
import { describe, expect, onTestFinished, test } from 'vitest';
import { BlockAdmission } from './blockAdmission.ts';
import { MetadataDatabase } from './metadataDatabase.ts';
import { SERVER_STREAM, type StoredTag } from './storedTag.ts';
import { type NewTag, TagCatalogue } from './tagCatalogue.ts';
import { openMetadata } from './testbed/openMetadata.ts';

function tagOf(number: number, changes: Partial<TagDefinition> = {}): TagDefinition {
  const shape = { type: 'number', lane: 'operational', unit: 'bar', description: '', stepped: false } as const;
  return { ...shape, number, id: `tag-${number}`, path: `plant/tag-${number}`, aliases: [], ...changes };
}

function newTag(path: string): NewTag {
  const { number: _number, id: _id, ...tag } = tagOf(0, { path });
  return tag;
}

/** A catalogue whose clock ticks once for each thing that it records: at 1, 2, 3, ... */
function setUp(database = openMetadata(), from = 0) {
  let now = from;
  return new TagCatalogue(database, () => ++now);
}

function granted<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.fault.detail);
  return result.value;
}

function blockOf(...tags: number[]) {
  const builder = new SampleBlockBuilder();
  for (const tag of tags) builder.push(tag, 1, 1, 0);
  return builder;
}

describe('a definition that changes', () => {
  test('is kept in all its versions, with when and by whom', () => {
    const catalogue = setUp();
    catalogue.define('north', [tagOf(1), tagOf(2)]);
    catalogue.define('north', [tagOf(1), tagOf(2)]);
    catalogue.define('north', [tagOf(1, { unit: 'kPa' }), tagOf(2)]);
    expect(granted(catalogue.versions(0))).toEqual([
      { recordedAt: 1, by: 'north', definition: tagOf(1) },
      { recordedAt: 2, by: 'north', definition: tagOf(1, { unit: 'kPa' }) },
    ]);
    expect(granted(catalogue.versions(1))).toHaveLength(1);
    const unitAt = (time: number) => granted(catalogue.definitionAsOf(0, time))?.unit;
    expect([0, 1, 1.5, 2, 99].map(unitAt)).toEqual([undefined, 'bar', 'bar', 'kPa', 'kPa']);
    expect(catalogue.tags[0].unit).toBe('kPa');
  });

  test('of a placeholder begins with the first definition, not with the placeholder', () => {
    const catalogue = setUp();
    expect(granted(catalogue.resolve('north', blockOf(5)))).toEqual(Uint32Array.of(0));
    expect(granted(catalogue.versions(0))).toEqual([]);
    catalogue.define('north', [tagOf(5)]);
    expect(granted(catalogue.versions(0)).map(({ definition }) => definition)).toEqual([tagOf(5)]);
  });

  test('to another path keeps index and history, and both paths lead to the tag', () => {
    const catalogue = setUp();
    catalogue.define('north', [tagOf(1), tagOf(2)]);
    catalogue.define('north', [tagOf(1, { path: 'plant/new' }), tagOf(2)]);
    catalogue.define('north', [tagOf(1, { path: 'plant/newest' }), tagOf(2, { path: 'plant/tag-1' })]);
    expect(catalogue.tags.map(({ path }) => path)).toEqual(['plant/newest', 'plant/tag-1']);
    expect(granted(catalogue.formerPaths(0))).toEqual(['plant/tag-1', 'plant/new']);
    expect(granted(catalogue.formerPaths(1))).toEqual(['plant/tag-2']);
    expect(granted(catalogue.everAt('plant/tag-1'))).toEqual([0, 1]);
    expect(granted(catalogue.everAt('plant/newest'))).toEqual([0]);
    expect(granted(catalogue.everAt('plant/nothing'))).toEqual([]);
  });

  test('back to a path that it had is no former path any more', () => {
    const catalogue = setUp();
    for (const path of ['plant/a', 'plant/b', 'plant/a']) catalogue.define('north', [tagOf(1, { path })]);
    expect(granted(catalogue.formerPaths(0))).toEqual(['plant/b']);
    expect(granted(catalogue.versions(0))).toHaveLength(3);
  });

  test('survives a restart, and a number that went to another tag is no new version', () => {
    const directory = mkdtempSync(join(tmpdir(), 'catalogue-'));
    onTestFinished(() => rmSync(directory, { recursive: true }));
    const path = join(directory, 'metadata.sqlite');
    const first = openMetadata(path);
    const catalogue = setUp(first);
    catalogue.define('north', [tagOf(1), tagOf(2)]);
    catalogue.define('north', [tagOf(1, { id: 'other' })]);
    const tags = [...catalogue.tags];
    expect(tags.map(({ id }) => id)).toEqual(['tag-1', 'tag-2', 'other']);
    expect(first.lastRecordedAt()).toBe(2);
    first.close();
    const again = setUp(openMetadata(path), 10);
    expect(again.tags).toEqual(tags);
    again.define('north', [tagOf(1), tagOf(2), tagOf(3, { id: 'other' })]);
    expect(granted(again.versions(0))).toHaveLength(1);
    expect(granted(again.versions(2)).map(({ recordedAt }) => recordedAt)).toEqual([2, 11]);
  });
});

describe('the states of a digital tag', () => {
  const OLD = [{ code: 0, name: 'stopped' }];
  const NEW = [...OLD, { code: 1, name: 'running' }];

  test('have the names of their time, and the oldest ones before it', () => {
    const catalogue = setUp();
    catalogue.define('north', [tagOf(1, { states: OLD })]);
    catalogue.define('north', [tagOf(1, { states: OLD, unit: '1' })]);
    catalogue.define('north', [tagOf(1, { states: NEW.toReversed().map((state) => ({ ...state, name: 'x' })) })]);
    catalogue.define('north', [tagOf(1, { states: NEW })]);
    const names = granted(catalogue.stateNames(0));
    expect([-5, 1, 2, 3, 4].map((time) => names.nameOf(0, time))).toEqual([
      'stopped',
      'stopped',
      'stopped',
      'x',
      'stopped',
    ]);
    expect([1, 2, 3, 4].map((time) => names.nameOf(1, time))).toEqual([undefined, undefined, 'x', 'running']);
  });

  test('are none where the tag has none', () => {
    const catalogue = setUp();
    catalogue.define('north', [tagOf(1)]);
    expect(granted(catalogue.stateNames(0)).nameOf(0, 1)).toBeUndefined();
    expect(granted(catalogue.stateNames(7)).nameOf(0, 1)).toBeUndefined();
  });
});

describe('tags of the server itself', () => {
  test('are named by their index, as are all others, in its own stream', () => {
    const catalogue = setUp();
    catalogue.define('north', [tagOf(9)]);
    const [a, b] = granted(catalogue.create([newTag('lab/ph'), newTag('lab/iron')], 'mara'));
    expect([a, b]).toEqual<StoredTag[]>([
      { ...tagOf(1, { id: 'lab/ph', path: 'lab/ph' }), index: 1, gateway: SERVER_STREAM },
      { ...tagOf(2, { id: 'lab/iron', path: 'lab/iron' }), index: 2, gateway: SERVER_STREAM },
    ]);
    expect(catalogue.tags.slice(1)).toEqual([a, b]);
    expect(granted(catalogue.versions(1))).toMatchObject([{ by: 'mara', definition: { path: 'lab/ph' } }]);
    expect(catalogue.resolve(SERVER_STREAM, blockOf(2, 0, 1, 2))).toEqual(success(Uint32Array.of(2, 0, 1, 2)));
    expect(catalogue.resolve(SERVER_STREAM, blockOf(0, 3))).toMatchObject({ fault: { code: 'tag.unknown' } });
    expect(catalogue.tags).toHaveLength(3);
  });

  test.each<[string, string[], string]>([
    ['a path that another tag has', ['lab/ph', 'plant/tag-9'], 'tag.exists'],
    ['a path twice', ['lab/ph', 'lab/ph'], 'tag.invalid'],
    ['a path that is none', ['lab/ph', 'lab//iron'], 'tag.invalid'],
  ])('are not made with %s', (_what, paths, code) => {
    const catalogue = setUp();
    catalogue.define('north', [tagOf(9)]);
    expect(catalogue.create(paths.map(newTag), 'mara')).toMatchObject({ ok: false, fault: { code } });
    expect(catalogue.tags).toHaveLength(1);
  });
});

test('a database that cannot be written changes nothing', () => {
  const database = openMetadata();
  const catalogue = setUp(database);
  catalogue.define('north', [tagOf(1)]);
  granted(database.read(() => database.prepare('PRAGMA query_only = ON').get()));
  expect(catalogue.define('north', [tagOf(1, { path: 'plant/new' })])).toMatchObject({ ok: false });
  expect(catalogue.create([newTag('lab/ph')], 'mara')).toMatchObject({ fault: { code: 'archive.unwritable' } });
  expect(catalogue.tags).toMatchObject([{ path: 'plant/tag-1' }]);
  expect(catalogue.tags).toHaveLength(1);
});

test('a second process is kept out', () => {
  const directory = mkdtempSync(join(tmpdir(), 'catalogue-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  openMetadata(join(directory, 'metadata.sqlite'));
  expect(MetadataDatabase.open(join(directory, 'metadata.sqlite'))).toMatchObject({
    fault: { code: 'archive.in-use' },
  });
});

const MIB = 1024 * 1024;
const WIDE = { tags: 100, bytes: MIB, bytesPerDay: MIB };
const TOO_MANY = { ok: false, fault: { code: 'boundary.tags-limit' } };

test('SR 7.2: a gateway that names new tags without end is refused, and harms no other', () => {
  let now = 0;
  const catalogue = new TagCatalogue(openMetadata(), () => ++now, { limits: { ...WIDE, tags: 3 } });
  expect(catalogue.define('north', [tagOf(1), tagOf(2)])).toMatchObject({ ok: true });
  expect(catalogue.define('north', [tagOf(1, { id: 'a' }), tagOf(2, { id: 'b' })])).toMatchObject(TOO_MANY);
  expect(catalogue.resolve('north', blockOf(1, 7, 8))).toMatchObject(TOO_MANY);
  expect(granted(catalogue.resolve('north', blockOf(1, 7)))).toEqual(Uint32Array.of(0, 2));
  expect(catalogue.define('north', [tagOf(1, { unit: 'kPa' }), tagOf(2), tagOf(7)])).toMatchObject({ ok: true });
  expect(
    catalogue.define(
      'south',
      [4, 5, 6].map((number) => tagOf(number)),
    ),
  ).toMatchObject({ ok: true });
  expect(catalogue.tags).toHaveLength(6);
});

test('SR 7.2: definitions of a gateway take no more than its part of the memory', () => {
  const long = (number: number, description = 'x'.repeat(1_000)) => tagOf(number, { description });
  const database = openMetadata();
  const options = { limits: { ...WIDE, bytes: 4_000 } };
  const catalogue = new TagCatalogue(database, () => 1, options);
  expect(catalogue.define('north', [long(1), long(2), long(3)])).toMatchObject({ ok: true });
  expect(catalogue.define('north', [long(4)])).toMatchObject(TOO_MANY);
  const again = new TagCatalogue(database, () => 2, options);
  expect(again.define('north', [long(4)])).toMatchObject(TOO_MANY);
  expect(again.define('north', [long(1, ''), long(4)])).toMatchObject({ ok: true });
  expect(again.define('south', [long(5), long(6), long(7)])).toMatchObject({ ok: true });
});

test('SR 7.1: a gateway that defines its tags anew without end is refused, and may again when some time has passed', () => {
  const DAY_US = 86_400e6;
  let now = 0;
  const catalogue = new TagCatalogue(openMetadata(), () => ++now, { limits: { ...WIDE, bytesPerDay: 10_000 } });
  const rename = (change: number) => catalogue.define('north', [tagOf(1, { description: `${change}` })]);
  let changes = 0;
  while (rename(changes).ok) changes++;
  expect(changes).toBeGreaterThan(50);
  expect(changes).toBeLessThan(100);
  expect(rename(changes)).toMatchObject(TOO_MANY);
  expect(rename(changes - 1)).toMatchObject({ ok: true });
  expect(catalogue.define('south', [tagOf(2)])).toMatchObject({ ok: true });
  now += DAY_US / 10;
  expect(rename(changes)).toMatchObject({ ok: true });
  expect(catalogue.tags).toHaveLength(2);
});

describe('SR 2.1: a path belongs to one gateway', () => {
  test.each([
    ['what another gateway reports on itself', { path: 'south/_events/guard.refused' }],
    ['what the ledger of another rests on', { path: 'south/_ledger/operational', lane: 'audit' }],
    ['what the server reports on itself', { path: 'plant/_system/x' }],
  ] as const)('no gateway may define %s', (_what, changes) => {
    const catalogue = setUp();
    granted(catalogue.define('north', [tagOf(1, changes), tagOf(2)]));
    expect(catalogue.tags.map(({ path }) => path)).toEqual(['plant/tag-2']);
    const { block, leftOut } = new BlockAdmission(catalogue).admit(
      { gateway: 'north', lane: 'audit' },
      blockOf(1, 2, 1, 9),
    );
    expect([[...block.tags.subarray(0, block.count)], [...leftOut]]).toEqual([[2, 9], [[1, 2]]]);
    granted(catalogue.define('south', [tagOf(1, changes)]));
  });

  test('the first that defines it keeps it, over a restart too, until it names it no more', () => {
    const database = openMetadata();
    const catalogue = setUp(database);
    const [ours, theirs] = [tagOf(1, { path: 'plant/flow' }), tagOf(8, { path: 'plant/flow' })];
    granted(catalogue.define('north', [ours, tagOf(2)]));
    granted(catalogue.define('south', [theirs]));
    const again = setUp(database, 10);
    granted(again.define('south', [theirs]));
    expect(again.tags.map(({ gateway, path }) => `${gateway} ${path}`)).toEqual([
      'north plant/flow',
      'north plant/tag-2',
    ]);
    granted(again.define('north', [tagOf(2)]));
    granted(again.define('south', [theirs]));
    expect(again.tags.at(-1)).toMatchObject({ gateway: 'south', path: 'plant/flow' });
    granted(again.define('north', [ours, tagOf(2)]));
    expect(new BlockAdmission(again).admit({ gateway: 'north', lane: 'operational' }, blockOf(1, 2)).block.count).toBe(
      1,
    );
  });

  test('a rename to the path of another is refused, and takes nothing from either', () => {
    const catalogue = setUp();
    granted(catalogue.define('north', [tagOf(1, { path: 'plant/a' })]));
    granted(catalogue.define('south', [tagOf(1, { path: 'plant/b' })]));
    granted(catalogue.define('south', [tagOf(1, { path: 'plant/a' })]));
    expect(catalogue.tags.map(({ path }) => path)).toEqual(['plant/a', 'plant/b']);
    expect(new BlockAdmission(catalogue).admit({ gateway: 'south', lane: 'operational' }, blockOf(1)).block.count).toBe(
      0,
    );
  });

  test('where the configuration says so, several may have it', () => {
    const catalogue = new TagCatalogue(openMetadata(), () => 1, { isShared: (path) => path.startsWith('plant/') });
    granted(catalogue.define('north', [tagOf(1)]));
    granted(catalogue.define('south', [tagOf(1), tagOf(2, { path: 'north/_events/x' })]));
    expect(catalogue.tags.map(({ gateway }) => gateway)).toEqual(['north', 'south']);
  });
});
