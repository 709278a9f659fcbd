/** The coefficients of what is learned: a linear fit of an attribute to the terms of its template. */

import { formulaColumn, isGoodNumber, type ParameterValues, type TwinHistory } from '../replay/twinHistory.ts';
import type { TwinExpected, TwinTemplate } from '../twinTemplate.ts';
import { type LinearFit, linearFit } from './linearFit.ts';
import { robustly } from './robustScale.ts';

export interface LearnedFit extends LinearFit {
  /** The coefficients' names, in their order. */
  readonly names: readonly string[];
  /** The rows of the history that were used. */
  readonly rows: Uint32Array;
}

/** The moments at which the attribute is good and in a mode that counts are `rows`; those of them count at which all terms are good. */
export function learnedRows(
  template: TwinTemplate,
  { terms = [] }: TwinExpected,
  history: TwinHistory,
  parameters: ParameterValues,
  rows: Uint32Array,
): { readonly rows: Uint32Array; readonly columns: readonly Float64Array[] } {
  const columns = terms.map(({ formula }) => formulaColumn(template, formula, history, parameters));
  const good = rows.filter((row) => columns.every((column) => isGoodNumber(column, row)));
  return { rows: good, columns: columns.map(({ values }) => Float64Array.from(good, (row) => values[row])) };
}

export function learnedFit(
  { attribute, terms = [] }: TwinExpected,
  history: TwinHistory,
  rows: Uint32Array,
  columns: readonly Float64Array[],
  robust: boolean,
): LearnedFit {
  const { values } = history.attributes.get(attribute)!;
  const observed = Float64Array.from(rows, (row) => values[row]);
  const fitWith = (weights?: Float64Array) => linearFit(columns, observed, weights);
  const fit = robust ? robustly(fitWith) : fitWith();
  return { ...fit, names: terms.map(({ coefficient }) => coefficient), rows };
}
