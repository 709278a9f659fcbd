/** How life left is learned, with defaults chosen on training units alone. */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import type { BoostOptions } from '../boost/boostOptions.ts';
import type { NetOptions } from './learnNeuralNet.ts';

export interface LifeOptions {
  /** Life left is told up to this many cycles; above it a unit counts as far from failure. */
  readonly cap: number;
  /** Cycles of the windows over which features are made, shortest first. */
  readonly windows: readonly number[];
  /** The chance with which intervals hold the life left of a unit never seen. */
  readonly coverage: number;
  /** Units are parted into so many folds; each has trees and nets that have not seen it, and all are averaged. */
  readonly folds: number;
  readonly seed: number;
  readonly boost: Partial<BoostOptions>;
  readonly net: NetOptions;
}

/** What is given of the options; what is not is a default. */
export type LifeOptionsGiven = Partial<Omit<LifeOptions, 'net'>> & { readonly net?: Partial<NetOptions> };

/**
 * Chosen by five-fold cross-validation by unit on the training parts of C-MAPSS FD001 and FD002, as the least error over
 * the cycles with 5 to 145 left. Error hardly depends on the shape of the trees, the rounds and the size of the net; it
 * depends on signals being freed of noise, on long windows together with the age, on the decay of the net's weights, and
 * on rows far from failure weighing little.
 */
export const LIFE_DEFAULTS: LifeOptions = {
  cap: 125,
  windows: [30, 120, 360],
  coverage: 0.9,
  folds: 5,
  seed: 1,
  boost: {
    trees: 250,
    learningRate: 0.05,
    leaves: 24,
    depth: 6,
    leafWeight: 15,
    l2: 5,
    rowShare: 0.6,
    featureShare: 0.2,
    bins: 64,
  },
  net: { hidden: [16, 8], rounds: 20, batch: 64, rate: 0.005, decay: 0.15 },
};

/** Fills in the defaults; `health.bad-data` names the option that cannot be. */
export function lifeOptions(given: LifeOptionsGiven): Result<LifeOptions> {
  const options = {
    ...LIFE_DEFAULTS,
    ...given,
    boost: { ...LIFE_DEFAULTS.boost, ...given.boost },
    net: { ...LIFE_DEFAULTS.net, ...given.net },
  };
  const { cap, windows, coverage, folds } = options;
  if (!(cap > 0 && cap < Infinity)) return failure('health.bad-data', `The cap is ${cap}; it must be above 0.`);
  if (windows.length === 0 || !windows.every((window) => Number.isInteger(window) && window >= 2))
    return failure('health.bad-data', `The windows are [${windows.join(', ')}]; each must be 2 or more whole cycles.`);
  if (!(coverage > 0 && coverage < 1))
    return failure('health.bad-data', `The coverage is ${coverage}; it must lie between 0 and 1.`);
  if (!(Number.isInteger(folds) && folds >= 2))
    return failure('health.bad-data', `There are ${folds} folds; 2 are the least.`);
  const wrong = judgeNet(options.net);
  return wrong ? failure('health.bad-data', wrong) : success(options);
}

function judgeNet({ hidden, rounds, batch, rate, decay }: NetOptions): string | undefined {
  const isCount = (value: number) => Number.isInteger(value) && value >= 1;
  if (!hidden.every(isCount)) return `The layers of the net are [${hidden.join(', ')}]; each has 1 neuron or more.`;
  if (!isCount(rounds) || !isCount(batch))
    return `The net has ${rounds} rounds of ${batch} rows; 1 is the least of both.`;
  if (!(rate > 0 && rate <= 1)) return `The rate of the net is ${rate}; it must be above 0 and at most 1.`;
  if (!(decay >= 0 && decay * rate < 1))
    return `The decay of the net is ${decay}; it must be 0 or more, and below 1 / rate.`;
  return undefined;
}
