/** A small net of neurons that tells one number from a row of columns: smooth where trees go in steps. */

/** Inputs are held within this many spreads of their mean: the net is not asked about what it has never seen. */
const FARTHEST_INPUT = 5;

/** One layer: every neuron has a bias and one weight an input. */
export interface NetLayer {
  readonly biases: Float64Array;
  /** The weights of the first neuron, then those of the second, ... */
  readonly weights: Float64Array;
}

export interface NeuralNet {
  /** Mean and spread of every column where the net was learned; a missing value counts as the mean. */
  readonly centre: Float64Array;
  readonly spread: Float64Array;
  /** All but the last, which is one neuron and linear, bend their sums by the hyperbolic tangent. */
  readonly layers: readonly NetLayer[];
  /** What one unit of the last neuron stands for. */
  readonly unit: number;
}

/** One number a row. */
export function predictNet(net: NeuralNet, columns: readonly Float64Array[]): Float64Array {
  const count = columns[0].length;
  const width = columns.length;
  const inputs = netInputs(net, columns);
  return Float64Array.from({ length: count }, (_, row) => {
    let values = inputs.subarray(row * width, (row + 1) * width);
    for (const [depth, layer] of net.layers.entries()) {
      const sums = layerSums(layer, values, new Float64Array(layer.biases.length));
      values = depth + 1 < net.layers.length ? sums.map(Math.tanh) : sums;
    }
    return net.unit * values[0];
  });
}

/** The columns as the net sees them, row by row. */
export function netInputs(
  { centre, spread }: Pick<NeuralNet, 'centre' | 'spread'>,
  columns: readonly Float64Array[],
): Float64Array {
  const width = columns.length;
  const inputs = new Float64Array(width * (columns[0]?.length ?? 0));
  for (const [c, column] of columns.entries()) {
    for (let row = 0; row < column.length; row++) {
      const score = (column[row] - centre[c]) / spread[c];
      if (!Number.isNaN(score)) inputs[row * width + c] = Math.max(-FARTHEST_INPUT, Math.min(FARTHEST_INPUT, score));
    }
  }
  return inputs;
}

/** The bias of every neuron plus its weights times the inputs, written into `sums`. */
export function layerSums({ biases, weights }: NetLayer, inputs: Float64Array, sums: Float64Array): Float64Array {
  const width = inputs.length;
  // Four sums side by side: no addition waits for the one before it.
  const inFours = width - (width % 4);
  for (let neuron = 0, at = 0; neuron < biases.length; neuron++) {
    let first = biases[neuron];
    let second = 0;
    let third = 0;
    let fourth = 0;
    for (let i = 0; i < inFours; i += 4, at += 4) {
      first += weights[at] * inputs[i];
      second += weights[at + 1] * inputs[i + 1];
      third += weights[at + 2] * inputs[i + 2];
      fourth += weights[at + 3] * inputs[i + 3];
    }
    for (let i = inFours; i < width; i++, at++) first += weights[at] * inputs[i];
    sums[neuron] = first + second + third + fourth;
  }
  return sums;
}

/** A net of so many columns read from JSON whose columns of numbers are plain arrays; undefined where it is none. */
export function readNet(json: unknown, width: number): NeuralNet | undefined {
  const given = json as { [K in keyof NeuralNet]?: unknown } | null;
  const centre = numbers(given?.centre);
  const spread = numbers(given?.spread);
  if (centre?.length !== width || spread?.length !== width || !spread.every((value) => value > 0)) return undefined;
  if (!Number.isFinite(given?.unit) || !Array.isArray(given?.layers) || given.layers.length === 0) return undefined;
  const layers: NetLayer[] = [];
  let inputs = width;
  for (const layer of given.layers as readonly ({ [K in keyof NetLayer]?: unknown } | null)[]) {
    const biases = numbers(layer?.biases);
    const weights = numbers(layer?.weights);
    if (!biases?.length || weights?.length !== biases.length * inputs) return undefined;
    layers.push({ biases, weights });
    inputs = biases.length;
  }
  return inputs === 1 ? { centre, spread, layers, unit: given.unit as number } : undefined;
}

function numbers(values: unknown): Float64Array | undefined {
  return Array.isArray(values) && values.every(Number.isFinite) ? Float64Array.from(values) : undefined;
}
