/** Learning of a small net: steps down the squared error of a few rows at a time, weights held back from growing. */

import { drawFirst, seededRandom } from '../boost/seededRandom.ts';
import { layerSums, type NetLayer, type NeuralNet, netInputs } from './neuralNet.ts';

export interface NetOptions {
  /** Neurons of every layer but the last, which is one neuron. */
  readonly hidden: readonly number[];
  /** How often every row is gone through. */
  readonly rounds: number;
  /** Rows a step. */
  readonly batch: number;
  /** The length of the first steps; it falls to 0 along half a cosine. */
  readonly rate: number;
  /** The share of the rate by which every step shrinks all weights. */
  readonly decay: number;
}

export interface NetTable {
  readonly columns: readonly Float64Array[];
  /** One finite number a row. */
  readonly target: Float64Array;
  /** How much each row counts, 0 or more. */
  readonly weights: Float64Array;
  /** What is told in units of: about as large as the targets. */
  readonly unit: number;
}

/**
 * Adam (Kingma and Ba 2015) with decay of the weights apart from the slopes (Loshchilov and Hutter 2019, AdamW). A strong
 * decay is what lets a net learn from some tens of units, whose rows are all alike.
 */
export function learnNet(table: NetTable, options: NetOptions, seed: number): NeuralNet {
  const { columns, target, unit } = table;
  const usual = columns.map(meanAndSpread);
  const centre = Float64Array.from(usual, ({ mean }) => mean);
  const spread = Float64Array.from(usual, ({ spread }) => spread || 1);
  const random = seededRandom(seed);
  const descent = new Descent([columns.length, ...options.hidden, 1], options.decay, random);
  const inputs = netInputs({ centre, spread }, columns);
  const order = Int32Array.from(target, (_, row) => row);
  const steps = options.rounds * Math.ceil(order.length / options.batch);
  let step = 0;
  for (let round = 0; round < options.rounds; round++) {
    drawFirst(order, order.length, random);
    for (let begin = 0; begin < order.length; begin += options.batch) {
      const batch = order.subarray(begin, begin + options.batch);
      for (const row of batch) {
        const input = inputs.subarray(row * columns.length, (row + 1) * columns.length);
        descent.see(input, target[row] / unit, table.weights[row] / batch.length);
      }
      step++;
      descent.move(0.5 * options.rate * (1 + Math.cos((Math.PI * step) / steps)));
    }
  }
  return { centre, spread, layers: descent.layers, unit };
}

/** First and second moments of the slope of every number of a layer, as Adam keeps them. */
interface Moments {
  readonly slope: Float64Array;
  readonly first: Float64Array;
  readonly second: Float64Array;
}

const FIRST_KEEP = 0.9;
const SECOND_KEEP = 0.999;

class Descent {
  readonly layers: readonly NetLayer[];
  readonly #decay: number;
  readonly #weights: readonly Moments[];
  readonly #biases: readonly Moments[];
  /** What every neuron tells of the row at hand, and by how much the error changes with it. */
  readonly #told: readonly Float64Array[];
  readonly #blame: readonly Float64Array[];
  #steps = 0;

  constructor(sizes: readonly number[], decay: number, random: () => number) {
    const outputs = sizes.slice(1);
    // Sums of the inputs begin with a spread of about one (Glorot and Bengio 2010).
    const uniform = (inputs: number) => Math.sqrt(3 / inputs) * (2 * random() - 1);
    this.layers = outputs.map((size, depth) => ({
      biases: new Float64Array(size),
      weights: Float64Array.from({ length: size * sizes[depth] }, () => uniform(sizes[depth])),
    }));
    this.#decay = decay;
    this.#weights = this.layers.map(({ weights }) => momentsOf(weights.length));
    this.#biases = this.layers.map(({ biases }) => momentsOf(biases.length));
    this.#told = outputs.map((size) => new Float64Array(size));
    this.#blame = outputs.map((size) => new Float64Array(size));
  }

  /** Adds the slopes of one row. */
  see(input: Float64Array, target: number, weight: number): void {
    const last = this.layers.length - 1;
    for (let depth = 0; depth <= last; depth++) {
      const told = layerSums(this.layers[depth], depth === 0 ? input : this.#told[depth - 1], this.#told[depth]);
      if (depth < last) for (let neuron = 0; neuron < told.length; neuron++) told[neuron] = Math.tanh(told[neuron]);
    }
    this.#blame[last][0] = weight * (this.#told[last][0] - target);
    for (let depth = last; depth > 0; depth--) {
      this.#addSlopes(depth, this.#told[depth - 1]);
      this.#passBack(depth);
    }
    this.#addSlopes(0, input);
  }

  /** Moves all numbers against the slopes gathered since the last move, and forgets those. */
  move(rate: number): void {
    this.#steps++;
    const step = (rate * Math.sqrt(1 - SECOND_KEEP ** this.#steps)) / (1 - FIRST_KEEP ** this.#steps);
    for (const [depth, { weights, biases }] of this.layers.entries()) {
      moveAgainst(weights, this.#weights[depth], step, rate * this.#decay);
      moveAgainst(biases, this.#biases[depth], step, 0);
    }
  }

  #addSlopes(depth: number, inputs: Float64Array): void {
    const weights = this.#weights[depth].slope;
    const biases = this.#biases[depth].slope;
    const blame = this.#blame[depth];
    for (let neuron = 0, at = 0; neuron < blame.length; neuron++) {
      const share = blame[neuron];
      biases[neuron] += share;
      for (let i = 0; i < inputs.length; i++, at++) weights[at] += share * inputs[i];
    }
  }

  /** The blame of a layer upon the one below it, through the slope of the hyperbolic tangent. */
  #passBack(depth: number): void {
    const { weights } = this.layers[depth];
    const above = this.#blame[depth];
    const below = this.#blame[depth - 1].fill(0);
    const told = this.#told[depth - 1];
    for (let neuron = 0, at = 0; neuron < above.length; neuron++)
      for (let i = 0; i < below.length; i++, at++) below[i] += above[neuron] * weights[at];
    for (let i = 0; i < below.length; i++) below[i] *= 1 - told[i] * told[i];
  }
}

function moveAgainst(values: Float64Array, { slope, first, second }: Moments, step: number, shrink: number): void {
  for (let i = 0; i < values.length; i++) {
    first[i] += (1 - FIRST_KEEP) * (slope[i] - first[i]);
    second[i] += (1 - SECOND_KEEP) * (slope[i] * slope[i] - second[i]);
    values[i] -= (step * first[i]) / (Math.sqrt(second[i]) + 1e-8) + shrink * values[i];
    slope[i] = 0;
  }
}

function momentsOf(size: number): Moments {
  return { slope: new Float64Array(size), first: new Float64Array(size), second: new Float64Array(size) };
}

/** Mean and spread of the values that are there; 0 and 0 of none. */
function meanAndSpread(column: Float64Array): { mean: number; spread: number } {
  let sum = 0;
  let count = 0;
  for (const value of column) {
    if (!Number.isFinite(value)) continue;
    sum += value;
    count++;
  }
  const mean = sum / Math.max(1, count);
  let squares = 0;
  for (const value of column) if (Number.isFinite(value)) squares += (value - mean) ** 2;
  return { mean, spread: Math.sqrt(squares / Math.max(1, count)) };
}
