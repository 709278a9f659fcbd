/** How much longer units live by the ages of others like them, with intervals that hold what they promise on few failures. */

import { type Result, success } from '@tidegate/core/fault/fault.ts';
import { learnWeibull, type Weibull } from './weibull.ts';

export interface AgedUnits {
  /** Age at failure or, where `failed` is 0, age reached alive; above 0. */
  readonly ages: Float64Array;
  readonly failed: Uint8Array;
  /** By what factor each is at greater risk than others of its age; 1 for all where it is left out. */
  readonly risks?: Float64Array;
}

/** Quantiles of the life that is left, in the unit of the ages. */
export interface ForecastLife {
  readonly median: number;
  readonly lower: number;
  readonly upper: number;
}

/** Shapes that are weighed, about the likeliest. */
const SHAPES = 240;
const LEAST_SHAPE = 1 / 20;
const MOST_SHAPE = 6;
/** Gauss-Hermite, five points: a risk that is known only so well. */
const NODES = [-2.856970013872806, -1.355626179974266, 0, 1.355626179974266, 2.856970013872806];
const NODE_WEIGHTS = [0.011257411327721, 0.222075922005613, 0.533333333333333, 0.222075922005613, 0.011257411327721];

/**
 * Lives that follow a Weibull law whose shape and scale are known only as well as the units tell: all laws count, each by how
 * likely it makes the units (right-invariant prior, by which intervals of a new unit hold exactly what they promise where no
 * unit is alive; Severini, Mukerjee and Ghosh 2002). The scale is integrated in closed form, the shape on a grid.
 */
export class WeibullForecast {
  /** The likeliest law, of a unit at risk 1. */
  readonly law: Weibull;
  readonly #longest: number;
  readonly #failures: number;
  /** Each with its weight, and the hazards gathered by all units, but for the scale. */
  readonly #shapes: Float64Array;
  readonly #weights: Float64Array;
  readonly #gathered: Float64Array;

  private constructor(law: Weibull, { ages, failed, risks }: AgedUnits) {
    this.law = law;
    this.#longest = ages.reduce((most, age) => Math.max(most, age), 0);
    this.#failures = failed.reduce((sum, one) => sum + one, 0);
    const step = Math.log(MOST_SHAPE / LEAST_SHAPE) / (SHAPES - 1);
    this.#shapes = Float64Array.from({ length: SHAPES }, (_, i) => law.shape * LEAST_SHAPE * Math.exp(i * step));
    this.#gathered = this.#shapes.map((shape) =>
      ages.reduce((sum, age, unit) => sum + (risks?.[unit] ?? 1) * (age / this.#longest) ** shape, 0),
    );
    const logs = ages.reduce((sum, age, unit) => sum + failed[unit] * Math.log(age / this.#longest), 0);
    // The grid is even in the logarithm of the shape, which takes one power off k^(d-2).
    const likelihoods = this.#shapes.map(
      (shape, i) =>
        (this.#failures - 1) * Math.log(shape) + shape * logs - this.#failures * Math.log(this.#gathered[i]),
    );
    const most = likelihoods.reduce((a, b) => Math.max(a, b));
    const weights = likelihoods.map((likelihood) => Math.exp(likelihood - most));
    const total = weights.reduce((a, b) => a + b, 0);
    this.#weights = weights.map((weight) => weight / total);
  }

  /** Faults as `learnWeibull`. */
  static of(units: AgedUnits): Result<WeibullForecast> {
    const law = learnWeibull(units.ages, units.failed);
    return law.ok ? success(new WeibullForecast(law.value, units)) : law;
  }

  /**
   * What is left of one of the units, which is alive at `age`. `risk` is its own, `riskError` the standard error of its
   * logarithm.
   */
  left(age: number, coverage: number, { risk = 1, riskError = 0 } = {}): ForecastLife {
    const at = (chance: number) => this.#quantile(age, chance, risk, riskError);
    return { median: at(0.5), lower: at((1 + coverage) / 2), upper: at((1 - coverage) / 2) };
  }

  /** The chance that it lives on for `more`. */
  survival(age: number, more: number, risk = 1, riskError = 0): number {
    const [begin, end] = [age, age + more].map((time) => time / this.#longest);
    const factors = riskError > 0 ? NODES.map((node) => risk * Math.exp(riskError * node)) : [risk];
    const shares = riskError > 0 ? NODE_WEIGHTS : [1];
    let chance = 0;
    for (let i = 0; i < SHAPES; i++) {
      const ahead = (end ** this.#shapes[i] - begin ** this.#shapes[i]) / this.#gathered[i];
      for (const [node, factor] of factors.entries())
        chance += this.#weights[i] * shares[node] * (1 + factor * ahead) ** -this.#failures;
    }
    return chance;
  }

  /** How much longer it lives with a chance; by bisection of the logarithm. */
  #quantile(age: number, chance: number, risk: number, riskError: number): number {
    let low = 1e-9 * this.#longest;
    let high = 1e6 * this.#longest;
    while (high - low > 1e-6 * high) {
      const middle = Math.sqrt(low * high);
      if (this.survival(age, middle, risk, riskError) > chance) low = middle;
      else high = middle;
    }
    return Math.sqrt(low * high);
  }
}
