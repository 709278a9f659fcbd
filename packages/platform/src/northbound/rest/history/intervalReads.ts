/** Summaries, counters and states of many tags by interval. */

import { ValueKind } from '@tidegate/core/block/sampleBlock.ts';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import type { SampleValue } from '@tidegate/core/sample/sample.ts';
import { blankRun, type SampleRun } from '../../../historian/archive/sampleRun.ts';
import type { Question } from '../../../historian/query/answer/question.ts';
import { totalUnit } from '../../../historian/query/counter/totalUnit.ts';
import type { StateDurations } from '../../../historian/query/state/stateDurations.ts';
import type { StateEvents } from '../../../historian/query/state/stateEvents.ts';
import type { CounterQuery, StatesQuery, SummaryQuery } from '../../contract/historyQuestion.ts';
import type { AnswerColumn, AnswerSeries, ColumnAnswer } from '../../encoding/columns/columnAnswer.ts';
import type { NorthboundHistorian } from '../../encoding/northboundHistorian.ts';
import { answer, type Outcome } from '../outcome.ts';
import { askAll, askedRange, tooMany } from './ask.ts';
import { boundariesOf, type Range, untilNow } from './moments.ts';
import { finalFacts, finalsColumn, labelsOf, stateNameColumn, tagFacts } from './seriesFacts.ts';

type AskedIntervals = Parameters<typeof askedRange>[1] & { readonly interval?: string | undefined };

interface Intervals {
  readonly questions: readonly Question[];
  readonly range: Range;
  readonly boundaries: Float64Array;
  readonly warnings: readonly string[];
}

/** What is held or summed up ends at the present, wherever the range ends. */
function askedIntervals(historian: NorthboundHistorian, query: AskedIntervals, now: Timestamp): Outcome<Intervals> {
  const asked = askedRange(historian, query, now);
  if (!asked.ok) return asked;
  const range = untilNow(asked.value.range, now);
  const boundaries = boundariesOf(range, query.interval, query.timeZone);
  if (!boundaries.ok) return boundaries;
  const { questions, warnings } = asked.value;
  const tooMuch = tooMany(questions.length * (boundaries.value.length - 1));
  return tooMuch ?? answer({ questions, range, boundaries: boundaries.value, warnings });
}

export async function readSummary(
  historian: NorthboundHistorian,
  query: SummaryQuery,
  now: Timestamp,
): Promise<Outcome<ColumnAnswer>> {
  const asked = askedIntervals(historian, query, now);
  if (!asked.ok) return asked;
  const { questions, range, boundaries, warnings } = asked.value;
  const { basis: calculationBasis, deviation, timeUnit } = query;
  const isByTime = calculationBasis === 'timeWeighted';
  const totals = questions.map(({ tag, unit }) => totalUnit(unit ?? tag.unit, timeUnit));
  const answers = await askAll([...questions.keys()], (at) => {
    const timeUnitUs = totals[at]?.timeUnitUs;
    const summary = { calculationBasis, deviation, ...(timeUnitUs !== undefined && { timeUnitUs }) };
    return historian.queries.summary({ ...questions[at], boundaries, summary });
  });
  if (!answers.ok) return answers;
  const series = answers.value.map(({ columns, finals, finalUntil }, at): AnswerSeries => {
    const facts = tagFacts(questions[at]);
    return {
      facts: { ...facts, totalUnit: isByTime ? (totals[at]?.unit ?? null) : facts.unit, ...finalFacts(finalUntil) },
      labels: labelsOf(questions[at].tag),
      rows: columns.starts.length,
      columns: [
        ...spanColumns(columns),
        number('total', 'totals', columns.totals),
        number('average', 'averages', columns.averages),
        number('minimum', 'minimums', columns.minimums),
        number('maximum', 'maximums', columns.maximums),
        { name: 'minimumTime', many: 'minimumTimes', kind: 'time', values: columns.minimumTimes },
        { name: 'maximumTime', many: 'maximumTimes', kind: 'time', values: columns.maximumTimes },
        number('range', 'ranges', columns.ranges),
        number('standardDeviation', 'standardDeviations', columns.standardDeviations),
        number('count', 'counts', columns.counts),
        number('usableUs', 'usableUs', columns.usableUs),
        number('percentGood', 'percentGood', columns.percentGood),
        { name: 'status', many: 'statuses', kind: 'status', values: columns.statuses },
        finalsColumn(finals),
      ],
    };
  });
  return answer({ ...range, series, next: null, warnings });
}

export async function readCounter(
  historian: NorthboundHistorian,
  query: CounterQuery,
  now: Timestamp,
): Promise<Outcome<ColumnAnswer>> {
  const asked = askedIntervals(historian, query, now);
  if (!asked.ok) return asked;
  const { questions, range, boundaries, warnings } = asked.value;
  const { rollover, maximumPerSecond, bridgeBad, timeUnit = 's' } = query;
  const timeUnitUs = totalUnit('1', timeUnit)?.timeUnitUs;
  const options = { rollover, maximumPerSecond, bridgeBad, timeUnitUs };
  const counter = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  const answers = await askAll(questions, (question) =>
    historian.queries.counter({ ...question, boundaries, counter }),
  );
  if (!answers.ok) return answers;
  const series = answers.value.map(
    ({ columns, finals, finalUntil }, at): AnswerSeries => ({
      facts: { ...tagFacts(questions[at]), rateTimeUnit: timeUnit, ...finalFacts(finalUntil) },
      labels: labelsOf(questions[at].tag),
      rows: columns.starts.length,
      columns: [
        ...spanColumns(columns),
        number('increase', 'increases', columns.increases),
        number('rate', 'rates', columns.rates),
        number('coveredUs', 'coveredUs', columns.coveredUs),
        { name: 'rollovers', many: 'rollovers', kind: 'count', values: columns.rollovers },
        { name: 'resets', many: 'resets', kind: 'count', values: columns.resets },
        { name: 'status', many: 'statuses', kind: 'status', values: columns.statuses },
        finalsColumn(finals),
      ],
    }),
  );
  return answer({ ...range, series, next: null, warnings });
}

export async function readStates(
  historian: NorthboundHistorian,
  query: StatesQuery,
  now: Timestamp,
): Promise<Outcome<ColumnAnswer>> {
  const asked = askedIntervals(historian, query, now);
  if (!asked.ok) return asked;
  const { questions, range, boundaries, warnings } = asked.value;
  const answers = await askAll(questions, (question) => historian.queries.states({ ...question, boundaries }));
  if (!answers.ok) return answers;
  let rows = 0;
  const series = answers.value.map(({ columns, events, finals, finalUntil }, at): AnswerSeries => {
    const { tag } = questions[at];
    const table = query.interval === undefined ? eventTable(events) : durationTable(columns, finals);
    rows += table.states.times.length;
    const names = query.stateNames ? stateNameColumn(historian, tag, table.states) : [];
    return {
      facts: { ...tagFacts(questions[at]), ...finalFacts(finalUntil) },
      labels: labelsOf(tag),
      rows: table.states.times.length,
      columns: [...table.columns, ...names],
    };
  });
  return tooMany(rows) ?? answer({ ...range, series, next: null, warnings });
}

interface StateTable {
  /** The states with their starts in the place of times. */
  readonly states: SampleRun;
  readonly columns: readonly AnswerColumn[];
}

function eventTable({ starts, ends, states, statuses, entered, table }: StateEvents): StateTable {
  const run = stateRun(starts, (row) => table[states[row]]);
  return {
    states: run,
    columns: [
      ...spanColumns({ starts, ends }),
      { name: 'value', many: 'values', kind: 'value', values: run },
      { name: 'status', many: 'statuses', kind: 'status', values: statuses },
      { name: 'entered', many: 'entered', kind: 'flag', values: entered },
    ],
  };
}

/** One row for each state that occurred in an interval. */
function durationTable(durations: StateDurations, finals: Uint8Array): StateTable {
  const { table, totalUs, entries, stays, longestUs, meanUs } = durations;
  const cells: number[] = [];
  for (const [cell, count] of stays.entries()) if (count > 0) cells.push(cell);
  const intervalOf = (cell: number) => Math.floor(cell / table.length);
  const column = (values: Float64Array) => Float64Array.from(cells, (cell) => values[cell]);
  const count = (values: Uint32Array) => Uint32Array.from(cells, (cell) => values[cell]);
  const starts = Float64Array.from(cells, (cell) => durations.starts[intervalOf(cell)]);
  const ends = Float64Array.from(cells, (cell) => durations.ends[intervalOf(cell)]);
  const run = stateRun(starts, (row) => table[cells[row] % table.length]);
  return {
    states: run,
    columns: [
      ...spanColumns({ starts, ends }),
      { name: 'value', many: 'values', kind: 'value', values: run },
      number('totalUs', 'totalUs', column(totalUs)),
      { name: 'entries', many: 'entries', kind: 'count', values: count(entries) },
      { name: 'stays', many: 'stays', kind: 'count', values: count(stays) },
      number('longestUs', 'longestUs', column(longestUs)),
      number('meanUs', 'meanUs', column(meanUs)),
      finalsColumn(Uint8Array.from(cells, (cell) => finals[intervalOf(cell)])),
    ],
  };
}

function stateRun(starts: Float64Array, stateAt: (row: number) => SampleValue): SampleRun {
  const strings: string[] = [];
  const run = blankRun(starts.length, strings);
  run.times.set(starts);
  for (let row = 0; row < starts.length; row++) {
    const state = stateAt(row);
    if (state === null) continue;
    run.kinds[row] = typeof state === 'string' ? ValueKind.string : ValueKind.number;
    run.values[row] = typeof state === 'string' ? strings.push(state) - 1 : state;
  }
  return run;
}

function spanColumns({ starts, ends }: { readonly starts: Float64Array; readonly ends: Float64Array }): AnswerColumn[] {
  return [
    { name: 'start', many: 'starts', kind: 'time', values: starts },
    { name: 'end', many: 'ends', kind: 'time', values: ends },
  ];
}

function number(name: string, many: string, values: Float64Array): AnswerColumn {
  return { name, many, kind: 'number', values };
}
