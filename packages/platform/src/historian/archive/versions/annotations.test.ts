import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import type { Result } from '@tidegate/core/fault/fault.ts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openMetadata } from '../../ingest/testbed/openMetadata.ts';
import { Annotations } from './annotations.ts';

const TAG = 3;

/** Annotations whose clock ticks once for each thing that it records: at 1, 2, 3, ... */
function setUp(database = openMetadata(), from = 0) {
  let now = from;
  return new Annotations(database, () => ++now as Timestamp);
}

function granted<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.fault.detail);
  return result.value;
}

const note = (time: number, text: string) => ({ tag: TAG, time: time as Timestamp, text, by: 'mara' });

test('a note is changed and removed, and each version is still known', () => {
  const annotations = setUp();
  const { id } = granted(annotations.add(note(100, 'probe in air')));
  granted(annotations.change(id, 'probe dry', 'ola'));
  granted(annotations.remove(id, 'mara'));
  const textsAt = (knownAt?: number) => granted(annotations.within(TAG, 0, 200, knownAt)).map(({ text }) => text);
  expect([0, 1, 2, 3].map(textsAt)).toEqual([[], ['probe in air'], ['probe dry'], []]);
  expect(textsAt()).toEqual([]);
  expect(granted(annotations.versions(id))).toEqual([
    { id, tag: TAG, time: 100, text: 'probe in air', by: 'mara', at: 1 },
    { id, tag: TAG, time: 100, text: 'probe dry', by: 'ola', at: 2 },
    { id, tag: TAG, time: 100, text: undefined, by: 'mara', at: 3 },
  ]);
});

test('notes are found by tag and range, several at one time, in order', () => {
  const annotations = setUp();
  for (const time of [30, 10, 20, 10]) granted(annotations.add(note(time, `at ${time}`)));
  granted(annotations.add({ ...note(15, 'of another tag'), tag: TAG + 1 }));
  expect(granted(annotations.within(TAG, 10, 30)).map(({ id, time }) => [id, time])).toEqual([
    [2, 10],
    [4, 10],
    [3, 20],
  ]);
  expect(granted(annotations.times(TAG, 10, 31))).toEqual(Float64Array.of(10, 10, 20, 30));
  expect(granted(annotations.within(TAG, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY))).toHaveLength(4);
});

test.each<[what: string, act: (annotations: Annotations) => Result<unknown>, code: string]>([
  ['no text', (annotations) => annotations.add(note(1, ' ')), 'edit.invalid'],
  ['no author', (annotations) => annotations.add({ ...note(1, 'a'), by: '' }), 'edit.invalid'],
  ['half a microsecond', (annotations) => annotations.add(note(0.5, 'a')), 'edit.invalid'],
  ['a change to nothing', (annotations) => annotations.change(1, '', 'mara'), 'edit.invalid'],
  ['a note that is not there', (annotations) => annotations.change(9, 'a', 'mara'), 'annotation.unknown'],
  ['a note that was removed', (annotations) => annotations.remove(2, 'mara'), 'annotation.unknown'],
])('refused: %s', (_what, act, code) => {
  const annotations = setUp();
  for (const time of [1, 2]) granted(annotations.add(note(time, 'a')));
  granted(annotations.remove(2, 'mara'));
  expect(act(annotations)).toMatchObject({ ok: false, fault: { code } });
  expect(granted(annotations.within(TAG, 0, 9))).toHaveLength(1);
});

test('numbers go on behind the last one after a restart', () => {
  const database = openMetadata();
  granted(setUp(database).add(note(1, 'a')));
  expect(granted(setUp(database, 50).add(note(2, 'b')))).toMatchObject({ id: 2, at: 51 });
  expect(database.lastRecordedAt()).toBe(51);
});

test('at every time the notes are those of a plain list', () => {
  const act = fc.oneof(
    fc.record({ kind: fc.constant('add' as const), time: fc.integer({ min: 0, max: 5 }) }),
    fc.record({ kind: fc.constantFrom('change' as const, 'remove' as const), pick: fc.nat(5) }),
  );
  fc.assert(
    fc.property(fc.array(act, { maxLength: 12 }), (acts) => {
      const annotations = setUp();
      let now = 0;
      let ids = 0;
      let list: { id: number; time: number; text: string }[] = [];
      const known = [list];
      for (const one of acts) {
        if (one.kind === 'add') {
          list = [...list, { id: ++ids, time: one.time, text: `added ${++now}` }];
          granted(annotations.add(note(one.time, `added ${now}`)));
        } else {
          const picked = list.at(one.pick);
          if (!picked) continue;
          const text = `changed ${++now}`;
          if (one.kind === 'change') granted(annotations.change(picked.id, text, 'ola'));
          else granted(annotations.remove(picked.id, 'ola'));
          list = list.flatMap((entry) =>
            entry !== picked ? [entry] : one.kind === 'change' ? [{ ...entry, text }] : [],
          );
        }
        known.push(list);
      }
      for (const [knownAt, expected] of known.entries()) {
        const found = granted(annotations.within(TAG, 1, 5, knownAt)).map(({ id, time, text }) => ({ id, time, text }));
        const inRange = expected.filter(({ time }) => time >= 1 && time < 5);
        expect(found).toEqual(inRange.toSorted((a, b) => a.time - b.time || a.id - b.id));
        expect(Array.from(granted(annotations.times(TAG, 1, 5, knownAt)))).toEqual(found.map(({ time }) => time));
      }
    }),
    { numRuns: 60 },
  );
});
