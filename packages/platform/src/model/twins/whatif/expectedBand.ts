/** How far reality may lie from what a twin expects: the spread of its residual, and what its parameters leave open. */

import type { SampleRun } from '../../../historian/archive/sampleRun.ts';
import { isNumber, type ParameterValues } from '../replay/twinHistory.ts';
import type { TwinFit, TwinTemplate } from '../twinTemplate.ts';

/** 95 of 100 values of a normal distribution lie within so many standard deviations. */
export const BAND_CONFIDENCE = 0.95;
const BAND_REACH = 1.959964;

/** Half the width of the band in each row, in the unit of the attribute; NaN where nothing is known of it. */
export type BandColumns = ReadonlyMap<string, Float64Array>;

/**
 * First-order propagation (GUM, JCGM 100:2008, 5.2.2): the variance is that of the residual, and `g' C g` with the slopes `g` of
 * the expectation in each fitted parameter, by central differences of one standard uncertainty, and their covariance `C`.
 *
 * Parameters in `fixed` are what somebody asked for, and certain.
 */
export function bandColumns(
  template: TwinTemplate,
  fit: TwinFit | undefined,
  parameters: ParameterValues,
  fixed: ReadonlySet<string>,
  rows: number,
  expectedAt: (parameters: ParameterValues) => ReadonlyMap<string, SampleRun>,
): BandColumns {
  const learned = new Set(
    [...template.expected.values()].flatMap(({ terms = [] }) => terms.map((term) => term.coefficient)),
  );
  // Coefficients of what is learned go together so closely that rounded correlations say nothing; the residual on history that
  // the fit had not seen holds what they leave open.
  const open = [...(fit?.parameters ?? [])].filter(
    ([name, { uncertainty }]) => uncertainty > 0 && !fixed.has(name) && !learned.has(name),
  );
  const slopes = open.map(([name, { uncertainty }]) => {
    const value = parameters.get(name) ?? 0;
    const [above, below] = [uncertainty, -uncertainty].map((by) =>
      expectedAt(new Map(parameters).set(name, value + by)),
    );
    return { name, above, below };
  });
  const bands = new Map<string, Float64Array>();
  for (const attribute of template.expected.keys()) {
    const sigma = sigmaOf(template, fit, attribute);
    const columns = slopes.map(({ above, below }) => halfDifference(above.get(attribute)!, below.get(attribute)!));
    const band = new Float64Array(rows);
    for (let row = 0; row < rows; row++) {
      let variance = sigma * sigma;
      for (const [a, { name }] of slopes.entries()) {
        variance += columns[a][row] ** 2;
        for (let b = 0; b < a; b++) {
          variance += 2 * columns[a][row] * columns[b][row] * correlationOf(fit!, slopes[b].name, name);
        }
      }
      band[row] = BAND_REACH * Math.sqrt(Math.max(variance, sigma * sigma));
    }
    bands.set(attribute, band);
  }
  return bands;
}

/** The wider of what the fit left and what it left on history that it had not seen; NaN where neither fit nor template says. */
export function sigmaOf(template: TwinTemplate, fit: TwinFit | undefined, attribute: string): number {
  const fitted = fit?.residuals.get(attribute);
  if (fitted) return Math.max(fitted.sigma, fitted.heldOutSigma ?? 0);
  return template.expected.get(attribute)?.sigma ?? Number.NaN;
}

function halfDifference(above: SampleRun, below: SampleRun): Float64Array {
  return above.values.map((value, row) =>
    isNumber(above, row) && isNumber(below, row) ? (value - below.values[row]) / 2 : 0,
  );
}

function correlationOf({ correlations }: TwinFit, first: string, second: string): number {
  const isPair = (a: string, b: string) => (a === first && b === second) || (a === second && b === first);
  return correlations.find(({ a, b }) => isPair(a, b))?.value ?? 0;
}
