/** The parameters that the formulas of a twin share, fitted to all that is expected by them at once. */

import type { SampleRun } from '../../../historian/archive/sampleRun.ts';
import { expectedColumns } from '../replay/expectedColumns.ts';
import { isNumber, type ParameterValues, type TwinHistory } from '../replay/twinHistory.ts';
import type { TwinTemplate } from '../twinTemplate.ts';
import { type NonlinearFit, nonlinearFit } from './nonlinearFit.ts';
import { plainSigma, robustly, robustSigma } from './robustScale.ts';

/** One expectation, and the rows in which it is compared. */
export interface Equation {
  readonly attribute: string;
  readonly rows: Uint32Array;
}

export interface JointFit extends NonlinearFit {
  /** The names of the parameters, in the order of those of the fit. */
  readonly names: readonly string[];
  /** By attribute, actual minus expected in its unit, for the rows of its equation. */
  readonly differences: ReadonlyMap<string, Float64Array>;
}

/** Each expectation counts by its own spread, which is known only when it is fitted: so often the two take turns. */
const MOST_TURNS = 6;
const SETTLED = 0.01;

/** `names` are parameters of the template, which start from `parameters`; the template's ranges bound them. */
export function jointFit(
  template: TwinTemplate,
  history: TwinHistory,
  parameters: ParameterValues,
  names: readonly string[],
  equations: readonly Equation[],
  robust: boolean,
): JointFit {
  const needed = limitedTo(template, equations);
  const differencesAt = (values: ParameterValues) => differences(needed, history, values, equations);
  const withValues = (values: ArrayLike<number>) => {
    const all = new Map(parameters);
    for (const [at, name] of names.entries()) all.set(name, values[at]);
    return all;
  };
  const start = Float64Array.from(names, (name) => parameters.get(name) ?? middleOf(template, name));
  let fit = undefined as NonlinearFit | undefined;
  let scales = scalesOf(differencesAt(withValues(start)), robust);
  for (let turn = 0; turn < MOST_TURNS; turn++) {
    const from = fit?.parameters ?? start;
    // Residuals are actual minus expected over their spread: what is observed is 0, and what is predicted is minus that.
    const predict = (values: Float64Array) => stacked(differencesAt(withValues(values)), scales).map((value) => -value);
    const observed = new Float64Array(equations.reduce((sum, { rows }) => sum + rows.length, 0));
    const ranges = names.map((name, at) => ({ ...boundsOf(template, name), start: from[at] }));
    const fitWith = (weights?: Float64Array) => nonlinearFit({ parameters: ranges, observed, weights, predict });
    fit = robust ? robustly(fitWith) : fitWith();
    const next = scalesOf(differencesAt(withValues(fit.parameters)), robust);
    const change = Math.max(...next.map((scale, at) => Math.abs(scale / scales[at] - 1)));
    if (change < SETTLED) break;
    scales = next;
  }
  const found = differencesAt(withValues(fit!.parameters));
  return { ...fit!, names, differences: new Map(equations.map(({ attribute }, at) => [attribute, found[at]])) };
}

/** Actual minus expected of each equation, in the unit of its attribute; NaN where nothing can be expected. */
export function differences(
  template: TwinTemplate,
  history: TwinHistory,
  parameters: ParameterValues,
  equations: readonly Equation[],
): readonly Float64Array[] {
  const expected = expectedColumns(template, history, parameters);
  return equations.map(({ attribute, rows }) => {
    const column = expected.get(attribute)!;
    const actual = history.attributes.get(attribute)!.values;
    return Float64Array.from(rows, (row) => actual[row] - valueIn(column, row));
  });
}

/** The template with what the equations need, and no more: everything else would be reckoned for nothing. */
export function limitedTo(template: TwinTemplate, equations: readonly Equation[]): TwinTemplate {
  const wanted = new Set(equations.map(({ attribute }) => attribute));
  return { ...template, expected: new Map([...template.expected].filter(([attribute]) => wanted.has(attribute))) };
}

function valueIn(column: SampleRun, row: number): number {
  return isNumber(column, row) ? column.values[row] : Number.NaN;
}

function scalesOf(residuals: readonly Float64Array[], robust: boolean): number[] {
  return residuals.map((each) => (robust ? robustSigma(each) : plainSigma(each, each.length)) || 1);
}

function stacked(residuals: readonly Float64Array[], scales: readonly number[]): Float64Array {
  const all = new Float64Array(residuals.reduce((sum, each) => sum + each.length, 0));
  let at = 0;
  for (const [equation, each] of residuals.entries()) {
    for (const residual of each) all[at++] = residual / scales[equation];
  }
  return all;
}

function boundsOf(template: TwinTemplate, name: string) {
  const { low, high } = template.parameters.get(name)!;
  return { low, high };
}

/** Where a parameter starts that nobody has given a value. */
function middleOf(template: TwinTemplate, name: string): number {
  const { low, high } = boundsOf(template, name);
  return low !== undefined && high !== undefined ? (low + high) / 2 : (low ?? high ?? 1);
}
