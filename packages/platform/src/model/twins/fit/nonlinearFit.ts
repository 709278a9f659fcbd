/** Nonlinear least squares by Levenberg and Marquardt, within bounds. */

import { type Collinearity, collinearity } from './collinearity.ts';
import { weightedSquares } from './linearFit.ts';
import {
  dampedSystem,
  inverseNormal,
  solveTriangle,
  type TriangularSystem,
  triangularSystem,
} from './triangularSystem.ts';

export interface ParameterRange {
  readonly start: number;
  /** Absent where there is no bound. */
  readonly low?: number | undefined;
  readonly high?: number | undefined;
}

export interface NonlinearProblem {
  readonly parameters: readonly ParameterRange[];
  readonly observed: Float64Array;
  /** How much the square of each residual counts; 1 where it is absent. */
  readonly weights?: Float64Array | undefined;
  /** What the model says for each row of `observed`; NaN where it says nothing, and then those parameters are not taken. */
  predict(parameters: Float64Array): Float64Array;
}

export interface NonlinearFit {
  readonly parameters: Float64Array;
  /** Row by row; rows and columns of parameters at a bound are 0. */
  readonly covariance: Float64Array;
  /** Observed minus predicted. */
  readonly residuals: Float64Array;
  /** Standard deviation of the residuals over the degrees of freedom. */
  readonly sigma: number;
  readonly freedom: number;
  /** Parameters that the data would move beyond a bound, by index. */
  readonly atBound: readonly number[];
  readonly collinearity: Collinearity;
  /** Whether nothing better was to be had nearby; else the best that was found in so many iterations. */
  readonly converged: boolean;
  readonly iterations: number;
}

const MOST_ITERATIONS = 300;
const FIRST_DAMPING = 1e-3;
const MOST_DAMPING = 1e12;
const STEP_PRECISION = 1e-11;
const SQUARES_PRECISION = 1e-14;

/** Nielsen's rule for the damping (Madsen, Nielsen and Tingleff, Methods for Non-Linear Least Squares, 2004, algorithm 3.16). */
export function nonlinearFit(problem: NonlinearProblem): NonlinearFit {
  const search = new Search(problem);
  let [damping, growth] = [FIRST_DAMPING, 2];
  let [iterations, converged] = [0, false];
  while (iterations < MOST_ITERATIONS && !converged) {
    iterations++;
    const linear = search.linearise();
    if (linear.free.length === 0) converged = true;
    while (!converged) {
      const outcome = search.attempt(linear, damping);
      if (outcome.isTaken) {
        damping *= Math.max(1 / 3, 1 - (2 * outcome.gain - 1) ** 3);
        growth = 2;
        converged = outcome.isSmall;
        break;
      }
      converged = outcome.isSmall || damping > MOST_DAMPING;
      damping *= growth;
      growth *= 2;
    }
  }
  return search.conclude(converged, iterations);
}

interface Linearised {
  /** Parameters that may move, by index. */
  readonly free: readonly number[];
  readonly system: TriangularSystem;
  readonly lengths: Float64Array;
}

interface Attempt {
  readonly isTaken: boolean;
  /** How much of the improvement that was promised came true. */
  readonly gain: number;
  readonly isSmall: boolean;
}

class Search {
  readonly #problem: NonlinearProblem;
  readonly #roots: Float64Array | undefined;
  readonly #scales: Float64Array;
  #parameters: Float64Array;
  #residuals: Float64Array;
  #squares: number;

  constructor(problem: NonlinearProblem) {
    this.#problem = problem;
    this.#roots = problem.weights?.map(Math.sqrt);
    this.#parameters = Float64Array.from(problem.parameters, (range) => within(range.start, range));
    this.#scales = Float64Array.from(problem.parameters, ({ start, low, high }) => {
      const width = low === undefined || high === undefined ? 0 : (high - low) / 2;
      return Math.abs(start) || width || 1;
    });
    this.#residuals = this.#residualsAt(this.#parameters);
    this.#squares = weightedSquares(this.#residuals, problem.weights);
  }

  /** The triangular system of the steps that lead to the least squares of the tangent. */
  linearise(): Linearised {
    const right = this.#weigh(this.#residuals);
    const all = this.#problem.parameters.map((_, at) => this.#weigh(this.#slope(at)));
    const free = all
      .keys()
      .filter((at) => !this.#isHeld(at, all[at], right))
      .toArray();
    const columns = free.map((at) => all[at]);
    const lengths = Float64Array.from(columns, (column) => Math.sqrt(weightedSquares(column, undefined)) || 1);
    return { free, system: triangularSystem(columns, right), lengths };
  }

  attempt({ free, system, lengths }: Linearised, damping: number): Attempt {
    const damped = dampedSystem(system, lengths, damping);
    const step = solveTriangle(damped, damped.rightSide);
    const next = this.#parameters.slice();
    for (const [at, parameter] of free.entries()) {
      next[parameter] = within(next[parameter] + step[at], this.#problem.parameters[parameter]);
    }
    const isSmall = free.every(
      (at) =>
        Math.abs(next[at] - this.#parameters[at]) <= STEP_PRECISION * (Math.abs(next[at]) + 1e-3 * this.#scales[at]),
    );
    const promised = this.#squares - damped.residualSquares;
    if (promised <= SQUARES_PRECISION * this.#squares) return { isTaken: false, gain: 0, isSmall: true };
    const residuals = this.#residualsAt(next);
    const squares = weightedSquares(residuals, this.#problem.weights);
    if (!(squares < this.#squares)) return { isTaken: false, gain: 0, isSmall };
    const gain = Math.min(1, (this.#squares - squares) / promised);
    const isFlat = this.#squares - squares <= SQUARES_PRECISION * this.#squares;
    this.#parameters = next;
    this.#residuals = residuals;
    this.#squares = squares;
    return { isTaken: true, gain, isSmall: isSmall || (isFlat && gain > 0.25) };
  }

  conclude(converged: boolean, iterations: number): NonlinearFit {
    const { parameters } = this.#problem;
    const { free, system } = this.linearise();
    const freedom = this.#residuals.length - free.length;
    const sigma = Math.sqrt(this.#squares / freedom);
    const inverse = inverseNormal(system);
    const covariance = new Float64Array(parameters.length ** 2);
    for (const [row, a] of free.entries()) {
      for (const [column, b] of free.entries()) {
        covariance[a * parameters.length + b] = inverse[row * free.length + column] * sigma * sigma;
      }
    }
    const { condition, together } = collinearity(system);
    return {
      parameters: this.#parameters,
      covariance,
      residuals: this.#residuals,
      sigma,
      freedom,
      atBound: [...parameters.keys()].filter((at) => !free.includes(at)),
      collinearity: { condition, together: together.map((at) => free[at]) },
      converged,
      iterations,
    };
  }

  #residualsAt(parameters: Float64Array): Float64Array {
    const predicted = this.#problem.predict(parameters);
    return this.#problem.observed.map((value, row) => value - predicted[row]);
  }

  /** By central differences, whose error is least at about the cube root of the precision. */
  #slope(at: number): Float64Array {
    const range = this.#problem.parameters[at];
    const reach = Math.cbrt(Number.EPSILON) * Math.max(Math.abs(this.#parameters[at]), 1e-3 * this.#scales[at]);
    const [above, below] = [this.#parameters.slice(), this.#parameters.slice()];
    above[at] = within(above[at] + reach, range);
    below[at] = within(below[at] - reach, range);
    const [high, low] = [this.#problem.predict(above), this.#problem.predict(below)];
    const width = above[at] - below[at];
    return high.map((value, row) => (value - low[row]) / width);
  }

  /** A parameter at a bound is held where the squares would fall beyond it. */
  #isHeld(at: number, slope: Float64Array, residuals: Float64Array): boolean {
    const { low, high } = this.#problem.parameters[at];
    const value = this.#parameters[at];
    if (value !== low && value !== high) return false;
    let descent = 0;
    for (let row = 0; row < slope.length; row++) descent += slope[row] * residuals[row];
    return value === low ? descent <= 0 : descent >= 0;
  }

  #weigh(column: Float64Array): Float64Array {
    const roots = this.#roots;
    return roots ? column.map((value, row) => value * roots[row]) : column;
  }
}

function within(value: number, { low = Number.NEGATIVE_INFINITY, high = Number.POSITIVE_INFINITY }: ParameterRange) {
  return Math.min(high, Math.max(low, value));
}
