/** Linear least squares: the coefficients of columns, with their covariance, as far as the data determine them. */

import { type Collinearity, collinearity } from './collinearity.ts';
import { dampedSystem, inverseNormal, solveTriangle, triangularSystem } from './triangularSystem.ts';

export interface LinearFit {
  readonly coefficients: Float64Array;
  /** Row by row, in products of the units of the coefficients. */
  readonly covariance: Float64Array;
  /** Observed minus fitted. */
  readonly residuals: Float64Array;
  /** Standard deviation of the residuals over the degrees of freedom. */
  readonly sigma: number;
  readonly freedom: number;
  readonly collinearity: Collinearity;
  /** Ridge in units of squared lengths of the scaled columns; 0 where none was needed. */
  readonly ridge: number;
}

/**
 * Beyond it half of the digits of a double are gone, and no sensor has the other half: what the fit says of such a combination
 * of columns is made up. A ridge brings the condition down to this, and no further.
 */
const MOST_CONDITION = 1e6;

/**
 * Fits `observed` by a sum of `columns` with coefficients; rows count by `weights`, 1 where none are given. There are more rows
 * than columns. Columns are scaled to length 1 before a Householder QR; a ridge on the scaled columns is added only where their
 * condition is above 10^6 (Hoerl and Kennard 1970).
 */
export function linearFit(columns: readonly Float64Array[], observed: Float64Array, weights?: Float64Array): LinearFit {
  const roots = weights?.map(Math.sqrt);
  const weigh = (column: Float64Array) => (roots ? column.map((value, row) => value * roots[row]) : column);
  const lengths = columns.map((column) => lengthOf(weigh(column)) || 1);
  const scaled = columns.map((column, at) => weigh(column).map((value) => value / lengths[at]));
  const plain = triangularSystem(scaled, weigh(observed));
  const told = collinearity(plain);
  const ridge = told.condition > MOST_CONDITION ? columns.length / MOST_CONDITION ** 2 : 0;
  const system = ridge > 0 ? dampedSystem(plain, new Float64Array(columns.length).fill(1), ridge) : plain;
  const coefficients = solveTriangle(system, system.rightSide).map((value, at) => value / lengths[at]);
  const residuals = residualsOf(columns, coefficients, observed);
  const freedom = observed.length - columns.length;
  const sigma = Math.sqrt(weightedSquares(residuals, weights) / freedom);
  const covariance = inverseNormal(system).map(
    (value, at) => (value * sigma * sigma) / (lengths[Math.floor(at / columns.length)] * lengths[at % columns.length]),
  );
  return { coefficients, covariance, residuals, sigma, freedom, collinearity: told, ridge };
}

function residualsOf(columns: readonly Float64Array[], coefficients: Float64Array, observed: Float64Array) {
  const residuals = observed.slice();
  for (const [at, column] of columns.entries()) {
    for (let row = 0; row < residuals.length; row++) residuals[row] -= coefficients[at] * column[row];
  }
  return residuals;
}

export function weightedSquares(residuals: Float64Array, weights: Float64Array | undefined): number {
  let sum = 0;
  for (let row = 0; row < residuals.length; row++)
    sum += residuals[row] * residuals[row] * (weights ? weights[row] : 1);
  return sum;
}

function lengthOf(column: Float64Array): number {
  return Math.sqrt(weightedSquares(column, undefined));
}
