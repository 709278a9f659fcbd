import { STATUS, severityOf } from '@tidegate/core/sample/statusCode.ts';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { sliceRun } from '../../archive/sampleRun.ts';
import { runOf, type SampleRow, sampleRows } from '../testbed/sampleRuns.ts';
import { stateDurations } from './stateDurations.ts';
import { MAX_STATES, type StateEvents, type StateOptions, StateRecorder, stateEvents } from './stateEvents.ts';

const { Good, BadTimeout, BadSensorFailure, UncertainSubNormal } = STATUS;

function eventsOf(rows: readonly SampleRow[], start: number, end: number, options?: StateOptions): StateEvents {
  const events = stateEvents(runOf(rows), start, end, options);
  if (!events.ok) throw new Error(events.fault.detail);
  return events.value;
}

const listOf = ({ starts, ends, states, statuses, entered, table }: StateEvents) =>
  [...starts.keys()].map((at) => [starts[at], ends[at], table[states[at]], statuses[at], entered[at]]);

/** In the range from 0 to 100: start, end, state, status, entered. */
const CASES: [string, StateOptions, SampleRow[], unknown[][]][] = [
  [
    'texts',
    {},
    [
      [-9, 'off'],
      [10, 'on'],
      [15, 'on'],
      [40, 'off'],
    ],
    [
      [0, 10, 'off', Good, 0],
      [10, 40, 'on', Good, 1],
      [40, 100, 'off', Good, 1],
    ],
  ],
  [
    'numbers that begin late',
    {},
    [
      [30, 1],
      [60, 0],
    ],
    [
      [30, 60, 1, Good, 1],
      [60, 100, 0, Good, 1],
    ],
  ],
  [
    'a state that goes on over the start',
    {},
    [
      [-9, 1],
      [0, 1],
      [5, 2],
    ],
    [
      [0, 5, 1, Good, 0],
      [5, 100, 2, Good, 1],
    ],
  ],
  [
    'a state entered at the start',
    {},
    [
      [-9, 1],
      [0, 2],
    ],
    [[0, 100, 2, Good, 1]],
  ],
  [
    'states long before',
    {},
    [
      [-9, 1],
      [-5, 2],
      [-3, 3],
    ],
    [[0, 100, 3, Good, 0]],
  ],
  [
    'bad for two reasons',
    {},
    [
      [0, 'on'],
      [10, null, BadTimeout],
      [20, 'on', BadSensorFailure],
      [30, 'on'],
    ],
    [
      [0, 10, 'on', Good, 1],
      [10, 20, null, BadTimeout, 1],
      [20, 30, null, BadSensorFailure, 1],
      [30, 100, 'on', Good, 1],
    ],
  ],
  [
    'the worst status of an event',
    {},
    [
      [0, 1],
      [10, 1, UncertainSubNormal],
      [20, 1],
    ],
    [[0, 100, 1, UncertainSubNormal, 1]],
  ],
  [
    'uncertain as bad',
    { treatUncertainAsBad: true },
    [
      [0, 1],
      [10, 1, UncertainSubNormal],
    ],
    [
      [0, 10, 1, Good, 1],
      [10, 100, null, UncertainSubNormal, 1],
    ],
  ],
  [
    'the last of equal times',
    {},
    [
      [0, 1],
      [10, 2],
      [10, 3],
      [20, 4],
      [20, 3],
    ],
    [
      [0, 10, 1, Good, 1],
      [10, 100, 3, Good, 1],
    ],
  ],
  ['nothing in time', {}, [[100, 1]], []],
];

it.each(CASES)('%s', (_, options, rows, expected) => {
  expect(listOf(eventsOf(rows, 0, 100, options))).toEqual(expected);
});

it('durations, entries, longest and mean of each state by interval', () => {
  const rows: SampleRow[] = [
    [-9, 'off'],
    [10, 'on'],
    [20, 'off'],
    [30, 'on'],
    [60, null, BadTimeout],
    [70, null, BadSensorFailure],
    [80, 'on'],
  ];
  const { table, totalUs, entries, stays, longestUs, meanUs } = stateDurations(
    eventsOf(rows, 0, 100),
    Float64Array.of(0, 50, 100),
  );
  expect(table).toEqual(['off', 'on', null]);
  expect([...totalUs]).toEqual([20, 30, 0, 0, 30, 20]);
  expect([...entries]).toEqual([1, 2, 0, 0, 1, 1]);
  expect([...stays]).toEqual([2, 2, 0, 0, 2, 1]);
  expect([...longestUs]).toEqual([10, 20, 0, 0, 20, 20]);
  expect([...meanUs]).toEqual([10, 15, 0, 0, 15, 20]);
});

it('a measurement has no states', () => {
  const rows = Array.from({ length: MAX_STATES + 1 }, (_, at): SampleRow => [at, at / 7]);
  expect(stateEvents(runOf(rows), 0, 5_000)).toMatchObject({ ok: false, fault: { code: 'request.invalid' } });
  expect(stateEvents(runOf(rows.slice(1)), 0, 5_000).ok).toBe(true);
});

it('a tag is in every unit of time in the state of its last sample, however the samples come in', () => {
  const SPAN = 60;
  const state = fc.constantFrom<(number | string)[]>('on', 'off', 0, 1);
  const boundaries = fc
    .uniqueArray(fc.integer({ min: 0, max: SPAN }), { minLength: 2, maxLength: 6 })
    .map((times) => Float64Array.from(times).sort());
  fc.assert(
    fc.property(sampleRows(SPAN, state), boundaries, fc.integer({ min: 1, max: 9 }), (rows, edges, size) => {
      const run = runOf(rows);
      const recorder = new StateRecorder(0, SPAN);
      for (let row = 0; row < rows.length; row += size) {
        recorder.push(sliceRun(run, row, Math.min(rows.length, row + size)));
      }
      const events = recorder.finish();
      if (!events.ok) throw new Error(events.fault.detail);
      const got = stateDurations(events.value, edges);
      for (const [at, start] of got.starts.entries()) {
        const slow = new Map<unknown, number>();
        for (let tick = start; tick < got.ends[at]; tick++) {
          const [, value, status = Good] = rows.findLast(([time]) => time <= tick) ?? [];
          if (value === undefined) continue;
          const key = severityOf(status) === 'bad' ? null : value;
          slow.set(key, (slow.get(key) ?? 0) + 1);
        }
        const cells = got.table.map((key, column) => [key, got.totalUs[at * got.table.length + column]] as const);
        expect(new Map(cells.filter(([, us]) => us > 0))).toEqual(slow);
        for (const [column] of cells.entries()) {
          const cell = at * got.table.length + column;
          expect(got.entries[cell]).toBeLessThanOrEqual(got.stays[cell]);
          expect(got.longestUs[cell]).toBeLessThanOrEqual(got.totalUs[cell]);
        }
      }
    }),
    { numRuns: 500 },
  );
});
