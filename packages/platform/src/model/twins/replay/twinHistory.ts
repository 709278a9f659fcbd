/** What the formulas of a twin read, over a stretch of time: one column for each attribute, with one row for each moment. */

import { ValueKind } from '@tidegate/core/block/sampleBlock.ts';
import { STATUS } from '@tidegate/core/sample/statusCode.ts';
import { blankRun, type SampleRun } from '../../../historian/archive/sampleRun.ts';
import { evaluateExpression } from '../../../historian/query/expression/evaluateExpression.ts';
import type { Expression } from '../../../historian/query/expression/expressionNode.ts';
import { lookBackUs } from '../../../historian/query/expression/timeWindow.ts';
import { windowColumn } from '../../../historian/query/expression/windowColumn.ts';
import type { TwinFormula, TwinTemplate } from '../twinTemplate.ts';

export interface TwinHistory {
  /** Microseconds since 1970 UTC, strictly ascending. */
  readonly times: Float64Array;
  /** By the name that formulas have for it; a row for each of `times`. */
  readonly attributes: ReadonlyMap<string, SampleRun>;
  /** Attributes that are formulas over others: `recomputed` makes their columns; each stands behind those that it reads. */
  readonly derived?: readonly DerivedAttribute[];
}

/** An attribute that an asset has by a formula or a reference, so that what it reads can be changed, and it follows. */
export interface DerivedAttribute {
  readonly name: string;
  readonly expression: Expression;
  /** The names of the columns that stand for the tags of the expression, in their order. */
  readonly inputs: readonly string[];
}

/** Numbers of the model by name, fitted ones included. */
export type ParameterValues = ReadonlyMap<string, number>;

/** Columns of states that have been reckoned, by name. */
export type StateColumns = ReadonlyMap<string, SampleRun>;

export const UNCERTAIN = 0x40000000;
export const BAD = 0x80000000;

/**
 * What a formula comes to in every row, in its unit. A name that nothing is known of is BadNoData. Its time windows look back
 * over the rows of the history, unless they are given.
 */
export function formulaColumn(
  { maps }: Pick<TwinTemplate, 'maps'>,
  formula: TwinFormula,
  history: TwinHistory,
  parameters: ParameterValues,
  states: StateColumns = new Map(),
  windows: readonly SampleRun[] = windowColumns(formula, history, parameters, states),
): SampleRun {
  const columns = formula.expression.tags.map((name) => namedColumn(name, history, parameters, states));
  return evaluateExpression(formula.expression, columns, history.times, { maps, windows });
}

/** What the time windows of a formula come to, in its order. */
export function windowColumns(
  { expression }: TwinFormula,
  history: TwinHistory,
  parameters: ParameterValues,
  states: StateColumns = new Map(),
): readonly SampleRun[] {
  return expression.windows.map((window) =>
    windowColumn(namedColumn(expression.tags[window.tag], history, parameters, states), history.times, window),
  );
}

function namedColumn(
  name: string,
  { times, attributes }: TwinHistory,
  parameters: ParameterValues,
  states: StateColumns,
): SampleRun {
  const parameter = parameters.get(name);
  if (parameter !== undefined) return constantColumn(times, parameter);
  return states.get(name) ?? attributes.get(name) ?? absentColumn(times);
}

/** The history with the columns of derived attributes as they follow from the others; those in `fixed` stay as they are. */
export function recomputed(history: TwinHistory, fixed: ReadonlySet<string> = new Set()): TwinHistory {
  const { times, derived = [] } = history;
  if (derived.length === 0) return history;
  const attributes = new Map(history.attributes);
  for (const { name, expression, inputs } of derived) {
    if (fixed.has(name)) continue;
    const columns = inputs.map((input) => attributes.get(input) ?? absentColumn(times));
    const windows = expression.windows.map((window) => windowColumn(columns[window.tag], times, window));
    attributes.set(name, evaluateExpression(expression, columns, times, { windows }));
  }
  return { ...history, attributes };
}

export function constantColumn(times: Float64Array, value: number): SampleRun {
  const column = { ...blankRun(times.length), times };
  column.values.fill(value);
  column.kinds.fill(ValueKind.number);
  return column;
}

export function absentColumn(times: Float64Array): SampleRun {
  const column = { ...blankRun(times.length), times };
  column.statuses.fill(STATUS.BadNoData);
  return column;
}

/** Whether a row is a number with a good status. */
export function isGoodNumber({ kinds, statuses, values }: SampleRun, row: number): boolean {
  return kinds[row] === ValueKind.number && statuses[row] < UNCERTAIN && Number.isFinite(values[row]);
}

/** Whether a row is a number that is not bad. */
export function isNumber({ kinds, statuses, values }: SampleRun, row: number): boolean {
  return kinds[row] === ValueKind.number && statuses[row] < BAD && Number.isFinite(values[row]);
}

/** The attributes that the formulas of a template read, or expect, by the names that they have for them. */
export function attributesOf(template: TwinTemplate): ReadonlySet<string> {
  const read = formulasOf(template).flatMap(({ expression }) => expression.tags);
  const isAttribute = (name: string) => !template.parameters.has(name) && !template.states.has(name);
  return new Set([...template.expected.keys(), ...read.filter(isAttribute)]);
}

/** How far before the first moment a history must begin, in microseconds, so that all time windows are whole. */
export function lookBackOf(template: TwinTemplate): number {
  return Math.max(0, ...formulasOf(template).map(({ expression }) => lookBackUs(expression.windows)));
}

function formulasOf({ modes, expected, states }: TwinTemplate): readonly TwinFormula[] {
  return [
    ...modes.map(({ condition }) => condition),
    ...expected.values().map(({ formula }) => formula),
    ...states.values().flatMap(({ initial, rate }) => [initial, rate]),
  ];
}
