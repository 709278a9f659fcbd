/** Edits against a plain model, for any history: what is visible, what was modified, and what was known at any time. */

import type { SampleValue } from '@tidegate/core/sample/sample.ts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { applyEdits } from './applyEdits.ts';
import type { EditRequest } from './edit.ts';
import { editedScan } from './editedScan.ts';
import { modifiedValues } from './modifiedValues.ts';
import { AUTHOR, EditedTag } from './testbed/editedTag.ts';
import { rowsOf, runOf } from './testbed/runRows.ts';
import { type Happening, knownAfter, type Row } from './testbed/slowHistory.ts';

/** Few times, so that things meet. */
const time = fc.integer({ min: -3, max: 9 });
const value: fc.Arbitrary<SampleValue> = fc.oneof(
  fc.constantFrom(null, 'run', 'stop', '', Number.NaN, -0, Number.POSITIVE_INFINITY),
  fc.integer({ min: 0, max: 5 }),
);
const status = fc.constantFrom(0, 0x80310000, 0x40900000, 0x0800, 0xffffffff);
const rows: fc.Arbitrary<Row[]> = fc.array(fc.tuple(time, value, status), { minLength: 1, maxLength: 5 });

type Unstamped = Happening extends infer H ? (H extends unknown ? Omit<H, 'at'> : never) : never;
const happening = fc.oneof(
  fc.record({ kind: fc.constant('arrive' as const), rows }),
  fc.record({ kind: fc.constantFrom('insert' as const, 'replace' as const, 'update' as const), rows }),
  fc.tuple(time, time).map(([a, b]) => ({ kind: 'delete' as const, start: Math.min(a, b), end: Math.max(a, b) })),
  fc.record({ kind: fc.constant('delete' as const), times: fc.array(time, { minLength: 1, maxLength: 4 }) }),
) as fc.Arbitrary<Unstamped>;

/** Happenings one after the other; each is stamped a little later than the one before. */
const history: fc.Arbitrary<Happening[]> = fc
  .array(happening, { minLength: 1, maxLength: 14 })
  .map((list) => list.map((unstamped, index) => ({ ...unstamped, at: 10 * (index + 1) }) as Happening));

function requestOf(edit: Happening): EditRequest {
  if (edit.kind === 'arrive') throw new RangeError('an arrival is no edit');
  if (edit.kind !== 'delete') return { ...AUTHOR, kind: edit.kind, samples: runOf(edit.rows) };
  if ('times' in edit) return { ...AUTHOR, kind: 'delete', times: Float64Array.from(edit.times) };
  return { ...AUTHOR, kind: 'delete', start: edit.start, end: edit.end };
}

/** Lets the history happen to a real tag, whose answers must be those of the model. */
async function happen(happenings: readonly Happening[], batchRows: number): Promise<EditedTag> {
  const tag = new EditedTag(batchRows);
  for (const [index, one] of happenings.entries()) {
    tag.now = one.at;
    if (one.kind === 'arrive') {
      // The archive keeps equal times in the order of arrival, as a stable sort does.
      tag.arrive(...one.rows);
      continue;
    }
    const outcome = await tag.log.apply(requestOf(one));
    if (!outcome.ok) throw new Error(outcome.fault.detail);
    const results = knownAfter(sortedWrites(happenings.slice(0, index + 1))).results;
    expect([...outcome.value.results].sort()).toEqual([...results].sort());
  }
  return tag;
}

/** The samples of one edit are written in order of time, whatever their order in the request. */
function sortedWrites(happenings: readonly Happening[]): Happening[] {
  return happenings.map((one) =>
    'rows' in one && one.kind !== 'arrive' ? { ...one, rows: one.rows.toSorted((a, b) => a[0] - b[0]) } : one,
  );
}

const question = fc.record({ knownAt: fc.integer({ min: 0, max: 160 }), from: time, to: time });

test('what is visible and what was modified is what the model says, at every time and in every range', async () => {
  await fc.assert(
    fc.asyncProperty(history, fc.array(question, { minLength: 1, maxLength: 5 }), async (happenings, questions) => {
      const tag = await happen(happenings, 3);
      for (const { knownAt, from, to } of [...questions, { knownAt: 1e9, from: -99, to: 99 }]) {
        const [start, end] = [Math.min(from, to), Math.max(from, to)];
        const isAsked = ([at]: readonly [number, ...unknown[]]) => at >= start && at < end;
        const model = knownAfter(sortedWrites(happenings.filter(({ at }) => at <= knownAt)));
        const [base, edits] = [tag.base(start, end), tag.edits(start, end)];
        expect(rowsOf(applyEdits(base, edits, knownAt))).toEqual(model.visible.filter(isAsked));
        const { samples, modifications } = modifiedValues(base, edits, knownAt);
        const modified = rowsOf(samples).map((row, at) => [...row, modifications[at].type, modifications[at].edit.at]);
        expect(modified).toEqual(model.modified.filter(isAsked));
      }
    }),
    { numRuns: 400 },
  );
});

test('a scan in batches gives the same as one in a piece, forwards and backwards', async () => {
  const options = fc.record({ batchRows: fc.integer({ min: 1, max: 4 }), knownAt: fc.integer({ min: 0, max: 160 }) });
  await fc.assert(
    fc.asyncProperty(history, options, time, time, async (happenings, { batchRows, knownAt }, a, b) => {
      const tag = await happen(happenings, batchRows);
      const [start, end] = [Math.min(a, b), Math.max(a, b)];
      const edits = tag.edits(start, end);
      const whole = rowsOf(applyEdits(tag.base(start, end), edits, knownAt));
      const scan = async (direction: 'forward' | 'backward') => {
        const batches = tag.batches(start, end, direction);
        return Array.fromAsync(editedScan(batches, edits, { start, end, direction, knownAt }), rowsOf);
      };
      expect((await scan('forward')).flat()).toEqual(whole);
      expect((await scan('backward')).reverse().flat()).toEqual(whole);
    }),
    { numRuns: 200 },
  );
});

test('nothing ever disappears: base samples and all edits can be told from each other and from what is visible', async () => {
  await fc.assert(
    fc.asyncProperty(history, async (happenings) => {
      const tag = await happen(happenings, 2);
      const everything = tag.edits();
      const arrived = happenings.flatMap((one) => (one.kind === 'arrive' ? one.rows : []));
      expect(rowsOf(tag.base())).toEqual(arrived.toSorted((x, y) => x[0] - y[0]));
      const { modified, visible } = knownAfter(sortedWrites(happenings));
      const replacedOrDeleted = modified.filter(([, , , type]) => type !== 'insert').length;
      // Each sample that came or was written is visible or hidden by exactly one edit.
      expect(arrived.length + everything.samples.times.length).toBe(visible.length + replacedOrDeleted);
      for (const [position, edit] of everything.edits.entries()) {
        const one = happenings.find(({ at }) => at === edit.at)!;
        expect(edit).toMatchObject({ tag: AUTHOR.tag, by: AUTHOR.by, reason: AUTHOR.reason, kind: one.kind });
        if (!('rows' in one)) continue;
        const samples = rowsOf(everything.samples).filter((_, row) => everything.sampleEdits[row] === position);
        expect(one.rows).toEqual(expect.arrayContaining(samples));
      }
    }),
    { numRuns: 200 },
  );
});
