/**
 * A run of a twin with other inputs or parameters, in a sealed copy: it is a function of what it is given, and what it is given
 * are columns of history. Nothing here can reach the live side (held by `sealed.test.ts`).
 */

import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { lowerBound, type SampleRun, sliceRun } from '../../../historian/archive/sampleRun.ts';
import { expectedColumns, modeColumn } from '../replay/expectedColumns.ts';
import { isNumber, type ParameterValues, recomputed, type TwinHistory } from '../replay/twinHistory.ts';
import type { TwinFit, TwinTemplate } from '../twinTemplate.ts';
import { type AttributeChange, changedColumn, heldColumn } from './attributeChange.ts';
import { type BandColumns, bandColumns } from './expectedBand.ts';

export interface WhatIfQuestion {
  readonly template: TwinTemplate;
  readonly fit: TwinFit | undefined;
  /** What the parameters are for the asset, as of the moment that the run begins. */
  readonly parameters: ParameterValues;
  /**
   * What was recorded, at times a step apart from before `from` (as time windows look back) up to the end of the run. Rows
   * from `recordedUntil` on hold nothing: there, inputs keep what they were last.
   */
  readonly history: TwinHistory;
  readonly from: Timestamp;
  readonly recordedUntil: Timestamp;
  /** By attribute, what becomes of it behind `from`. */
  readonly changes: ReadonlyMap<string, AttributeChange>;
  readonly changedParameters: ParameterValues;
}

export interface WhatIfRun {
  /** From `from` to the end; the first row is as it was. */
  readonly times: Float64Array;
  /** In the order of the template. */
  readonly series: readonly WhatIfSeries[];
  /** The mode of each row by its place in the template, -1 where there is none. */
  readonly modes: Int16Array;
  /** How many rows lie in what was recorded. */
  readonly recorded: number;
  /** What the run took for granted, in words. */
  readonly assumptions: readonly string[];
}

/** All columns have a row for each time of the run, in `unit`. */
export interface WhatIfSeries {
  readonly attribute: string;
  readonly unit: string;
  /** With the changes. */
  readonly expected: SampleRun;
  /** Half the width of its band of 95 %; NaN where no spread is known. */
  readonly band: Float64Array;
  /** What would have been expected without the changes. */
  readonly unchanged: SampleRun;
  /** What was recorded. */
  readonly actual: SampleRun | undefined;
  readonly comparison: WhatIfComparison | undefined;
}

/** The run against what happened, over the rows in which both are known for good. */
export interface WhatIfComparison {
  readonly count: number;
  /** Of actual minus expected: mean, and root of the mean square. */
  readonly bias: number;
  readonly deviation: number;
  /** The share of the rows in which what happened lies in the band, from 0 to 1. */
  readonly withinBand: number;
}

/** Fault: `twin.whatif-refused`, with the name that is unknown. */
export function whatIf(question: WhatIfQuestion): Result<WhatIfRun> {
  const refused = unknownName(question);
  if (refused) return failure('twin.whatif-refused', refused);
  const { template, fit, history, from, recordedUntil, changedParameters } = question;
  const first = lowerBound(history.times, from);
  const known = lowerBound(history.times, recordedUntil);
  const attributes = [...history.attributes].map(([name, column]) => [name, heldColumn(column, known)] as const);
  const undisturbed: TwinHistory = { ...history, attributes: new Map(attributes) };
  const parameters = new Map([...question.parameters, ...changedParameters]);
  const before = expectedColumns(template, undisturbed, question.parameters);
  const disturbed = disturb(question, undisturbed, before, parameters, first);
  const modes = modeColumn(template, disturbed, parameters);
  const expectedAt = (values: ParameterValues) => expectedColumns(template, disturbed, values, modes);
  const fixed = new Set(changedParameters.keys());
  const band = bandColumns(template, fit, parameters, fixed, history.times.length, expectedAt);
  const columns = { expected: expectedAt(parameters), unchanged: before, actual: history.attributes };
  return success({
    times: history.times.slice(first),
    series: [...template.expected.keys()].map((name) => seriesOf(template, name, columns, band, first, known)),
    modes: modes.slice(first),
    recorded: Math.max(0, known - first),
    assumptions: assumptionsOf(question, known),
  });
}

/**
 * The history with the changes, and with what follows from them: an attribute that is expected moves by as much as its
 * expectation does, so that formulas that read it see it move. What was set stays as it was set.
 */
function disturb(
  { template, changes }: WhatIfQuestion,
  undisturbed: TwinHistory,
  before: ReadonlyMap<string, SampleRun>,
  parameters: ParameterValues,
  first: number,
): TwinHistory {
  const attributes = new Map(undisturbed.attributes);
  for (const [name, change] of changes) attributes.set(name, changedColumn(attributes.get(name)!, first, change));
  const fixed = new Set(changes.keys());
  let disturbed = recomputed({ ...undisturbed, attributes }, fixed);
  const read = new Set([
    ...template.expected.values().flatMap(({ formula }) => formula.expression.tags),
    ...(undisturbed.derived ?? []).flatMap(({ inputs }) => inputs),
  ]);
  const followers = [...template.expected.keys()].filter((name) => read.has(name) && !changes.has(name));
  // One pass for each link of the longest chain of expectations that there can be.
  for (let pass = 0; pass < followers.length; pass++) {
    const expected = expectedColumns(template, disturbed, parameters);
    for (const name of followers) {
      const recorded = undisturbed.attributes.get(name);
      if (recorded) attributes.set(name, moved(recorded, before.get(name)!, expected.get(name)!));
    }
    disturbed = recomputed({ ...undisturbed, attributes }, fixed);
  }
  return disturbed;
}

function moved(recorded: SampleRun, before: SampleRun, expected: SampleRun): SampleRun {
  const values = recorded.values.map((value, row) =>
    isNumber(before, row) && isNumber(expected, row) ? value + expected.values[row] - before.values[row] : value,
  );
  return { ...recorded, values };
}

interface Columns {
  readonly expected: ReadonlyMap<string, SampleRun>;
  readonly unchanged: ReadonlyMap<string, SampleRun>;
  readonly actual: ReadonlyMap<string, SampleRun>;
}

function seriesOf(
  template: TwinTemplate,
  attribute: string,
  columns: Columns,
  bands: BandColumns,
  first: number,
  known: number,
): WhatIfSeries {
  const behind = (column: SampleRun) => sliceRun(column, first, column.times.length);
  const expected = behind(columns.expected.get(attribute)!);
  const band = bands.get(attribute)!.subarray(first);
  const recorded = columns.actual.get(attribute);
  const actual = recorded && sliceRun(recorded, first, Math.max(first, known));
  return {
    ...{ attribute, unit: template.expected.get(attribute)!.formula.unit, expected, band },
    unchanged: behind(columns.unchanged.get(attribute)!),
    actual,
    comparison: actual && compare(expected, band, actual),
  };
}

function compare(expected: SampleRun, band: Float64Array, actual: SampleRun): WhatIfComparison | undefined {
  let [count, sum, squares, within] = [0, 0, 0, 0];
  for (let row = 0; row < actual.times.length; row++) {
    if (!isNumber(expected, row) || !isNumber(actual, row)) continue;
    const difference = actual.values[row] - expected.values[row];
    count++;
    sum += difference;
    squares += difference * difference;
    if (Math.abs(difference) <= band[row]) within++;
  }
  if (count === 0) return undefined;
  return { count, bias: sum / count, deviation: Math.sqrt(squares / count), withinBand: within / count };
}

function unknownName({ template, history, changes, changedParameters, from }: WhatIfQuestion): string | undefined {
  for (const [name, change] of changes) {
    if (!history.attributes.has(name)) {
      return `The model of the twin reads no attribute "${name}"; it reads ${[...history.attributes.keys()].sort().join(', ')}.`;
    }
    const column = history.attributes.get(name)!;
    const first = lowerBound(history.times, from);
    if (change.kind !== 'set' && !isNumber(column, first)) {
      return `"${name}" has no value at the beginning of the run that could be changed; set it.`;
    }
  }
  for (const name of changedParameters.keys()) {
    if (template.parameters.has(name)) continue;
    return `The twin has no parameter "${name}"; it has ${[...template.parameters.keys()].join(', ') || 'none'}.`;
  }
  return undefined;
}

function assumptionsOf({ template, fit, history, changes }: WhatIfQuestion, known: number): string[] {
  const assumptions: string[] = [];
  const derived = new Set(history.derived?.map(({ name }) => name));
  if (known < history.times.length) {
    const held = [...history.attributes.keys()].filter(
      (name) => !changes.has(name) && !template.expected.has(name) && !derived.has(name),
    );
    if (held.length > 0) assumptions.push(`Beyond what is recorded, ${held.join(', ')} stay as they were last.`);
  }
  for (const [name, change] of changes) {
    const range = fit?.inputs.get(name);
    const to = change.kind === 'set' || change.kind === 'ramp' ? change.value : undefined;
    if (range && to !== undefined && (to < range.low || to > range.high)) {
      assumptions.push(
        `${name} = ${to} lies outside of what the fit has seen, ${round(range.low)} to ${round(range.high)}: the model extrapolates.`,
      );
    }
  }
  if (!fit)
    assumptions.push('No fit is there: parameters are as they were written, and bands as wide as the template says.');
  return assumptions;
}

function round(value: number): string {
  return String(Number(value.toPrecision(4)));
}
