/** Proportional hazards: by what factor each covariate raises the risk of a unit at any age. */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { solvePositive } from './ridge.ts';

/** Failures a covariate needs to be told from chance (Peduzzi et al. 1995 want ten; half of it is the least in use). */
const FAILURES_PER_COVARIATE = 5;
const STEPS = 50;

export interface CoxHazards {
  readonly names: readonly string[];
  /** Logarithm of the factor by which one unit of the covariate raises the hazard, with its standard error. */
  readonly coefficients: Float64Array;
  readonly standardErrors: Float64Array;
  readonly means: Float64Array;
}

export interface CoxUnits {
  /** Age at failure or, where `failed` is 0, age reached alive; above 0. */
  readonly ages: Float64Array;
  readonly failed: Uint8Array;
  readonly names: readonly string[];
  /** One value a unit each. */
  readonly covariates: readonly Float64Array[];
}

/**
 * The likeliest coefficients by Newton's steps on Cox's partial likelihood, ties after Breslow, held back by a slight
 * ridge so that a covariate that separates failures perfectly stays finite. `health.too-little` below five failures a
 * covariate or for one that does not vary; `health.bad-data` where lengths differ or a value is missing.
 */
export function learnCox(units: CoxUnits): Result<CoxHazards> {
  const wrong = judgeUnits(units);
  if (wrong) return wrong;
  const { names, covariates } = units;
  const means = Float64Array.from(covariates, (column) => column.reduce((a, b) => a + b, 0) / column.length);
  const spreads = Float64Array.from(covariates, (column, c) =>
    Math.sqrt(column.reduce((sum, value) => sum + (value - means[c]) ** 2, 0) / column.length),
  );
  const idle = spreads.findIndex((spread, c) => !(spread > 1e-9 * Math.max(1e-9, Math.abs(means[c]))));
  if (idle >= 0) return failure('health.too-little', `The covariate ${names[idle]} does not vary.`);
  const scaled = covariates.map((column, c) => column.map((value) => (value - means[c]) / spreads[c]));
  const order = Int32Array.from(units.ages, (_, unit) => unit).sort((a, b) => units.ages[b] - units.ages[a]);
  let beta = new Float64Array(names.length);
  let slope = partialLikelihood(units, scaled, order, beta);
  for (let step = 0; step < STEPS; step++) {
    const move = solvePositive(slope.information, slope.gradient);
    let shrink = 1;
    let tried = slope;
    for (; shrink > 1e-6; shrink /= 2) {
      tried = partialLikelihood(
        units,
        scaled,
        order,
        beta.map((value, c) => value + shrink * move[c]),
      );
      if (tried.likelihood >= slope.likelihood) break;
    }
    beta = beta.map((value, c) => value + shrink * move[c]);
    const gained = tried.likelihood - slope.likelihood;
    slope = tried;
    if (gained < 1e-10) break;
  }
  const standardErrors = beta.map((_, c) => {
    const unit = new Float64Array(beta.length);
    unit[c] = 1;
    return Math.sqrt(solvePositive(slope.information, unit)[c]) / spreads[c];
  });
  return success({ names, coefficients: beta.map((value, c) => value / spreads[c]), standardErrors, means });
}

interface Likelihood {
  readonly likelihood: number;
  readonly gradient: Float64Array;
  /** Minus the second derivatives. */
  readonly information: Float64Array;
}

const RIDGE = 1e-3;

function partialLikelihood(
  { ages, failed }: CoxUnits,
  scaled: readonly Float64Array[],
  order: Int32Array,
  beta: Float64Array,
): Likelihood {
  const size = beta.length;
  const gradient = beta.map((value) => -RIDGE * value);
  const information = new Float64Array(size * size);
  for (let c = 0; c < size; c++) information[c * size + c] = RIDGE;
  let likelihood = -0.5 * RIDGE * beta.reduce((sum, value) => sum + value * value, 0);
  let risk = 0;
  const first = new Float64Array(size);
  const second = new Float64Array(size * size);
  const scoreOf = (unit: number) => beta.reduce((sum, value, c) => sum + value * scaled[c][unit], 0);
  for (let i = 0; i < order.length; ) {
    let next = i;
    // All of one age enter the risk set before any of them counts as failed.
    for (; next < order.length && ages[order[next]] === ages[order[i]]; next++) {
      const weight = Math.exp(Math.min(500, scoreOf(order[next])));
      risk += weight;
      for (let a = 0; a < size; a++) {
        first[a] += weight * scaled[a][order[next]];
        for (let b = 0; b < size; b++) second[a * size + b] += weight * scaled[a][order[next]] * scaled[b][order[next]];
      }
    }
    for (; i < next; i++) {
      if (failed[order[i]] !== 1) continue;
      likelihood += scoreOf(order[i]) - Math.log(risk);
      for (let a = 0; a < size; a++) {
        gradient[a] += scaled[a][order[i]] - first[a] / risk;
        for (let b = 0; b < size; b++)
          information[a * size + b] += second[a * size + b] / risk - (first[a] * first[b]) / risk ** 2;
      }
    }
  }
  return { likelihood, gradient, information };
}

function judgeUnits({ ages, failed, names, covariates }: CoxUnits) {
  if (names.length !== covariates.length)
    return failure('health.bad-data', `${names.length} names for ${covariates.length} covariates.`);
  for (const [what, column] of [['outcomes', failed] as const, ...covariates.map((c, i) => [names[i], c] as const)])
    if (column.length !== ages.length)
      return failure('health.bad-data', `${column.length} values of ${what} for ${ages.length} units.`);
  for (let unit = 0; unit < ages.length; unit++) {
    if (!(ages[unit] > 0 && ages[unit] < Infinity))
      return failure('health.bad-data', `The age of unit ${unit} is ${ages[unit]}; it must be above 0.`);
    const missing = covariates.findIndex((column) => !Number.isFinite(column[unit]));
    if (missing >= 0) return failure('health.bad-data', `Unit ${unit} has no value of ${names[missing]}.`);
  }
  const failures = failed.reduce((sum, one) => sum + one, 0);
  const needed = FAILURES_PER_COVARIATE * Math.max(1, covariates.length);
  if (failures < needed)
    return failure(
      'health.too-little',
      `${failures} failures for ${covariates.length} covariates; ${needed} are needed.`,
    );
  return undefined;
}
