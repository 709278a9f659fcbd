/** The residuals of a twin and the signatures of what may be behind them, averaged over short stretches of time. */

import { differences, type Equation, limitedTo } from '../fit/jointFit.ts';
import { constantColumn, type ParameterValues, recomputed, type TwinHistory } from '../replay/twinHistory.ts';
import type { TwinTemplate } from '../twinTemplate.ts';
import type { Suspect } from './suspect.ts';

/**
 * Cells, one for each expected attribute and bin of time: attribute by attribute, each in order of time. Values are residuals
 * over the noise of their cell, and 0 where a cell has no samples, so that it counts for nothing.
 */
export interface ResidualBins {
  /** Middle of each bin, in microseconds; `end` is that of the last. */
  readonly times: Float64Array;
  readonly start: number;
  readonly end: number;
  readonly residuals: Float64Array;
  /** Of each suspect, what one unit of it adds to each cell. */
  readonly signatures: readonly Float64Array[];
  /** Sum of the squares of the residuals: about one for each cell of a sound machine. */
  readonly squares: number;
  /** Cells with samples. */
  readonly count: number;
  /** By attribute. */
  readonly summaries: readonly ResidualSummary[];
  /** The residuals that are left where suspects have changed by so much, reckoned with the model itself. */
  without(changes: readonly SuspectChange[]): Float64Array;
}

/** How much a suspect has changed, by time: in its unit. */
export interface SuspectChange {
  readonly suspect: number;
  sizeAt(time: number): number;
}

export interface ResidualSummary {
  readonly attribute: string;
  /** Mean of actual minus expected over the last quarter of the time, and the standard deviation of that mean. */
  readonly mean: number;
  readonly noise: number;
}

const MOST_BINS = 96;
const FEWEST_ROWS_PER_BIN = 5;
/** No model is right to a smaller share of the spread of its residual than this, however long one averages. */
const MODEL_FLOOR = 0.3;
/** The larger a change, the more of it is what no model of a machine has: so much. */
const UNMODELLED_SHARE = 0.02;
/** An offset that is small against what it is added to, and large against the precision of a double. */
const RELATIVE_REACH = 1e-4;

/** `sigmas` are those of the residuals, by attribute, in the units of the attributes. */
export function residualBins(
  template: TwinTemplate,
  history: TwinHistory,
  parameters: ParameterValues,
  equations: readonly Equation[],
  sigmas: ReadonlyMap<string, number>,
  suspects: readonly Suspect[],
): ResidualBins {
  const needed = limitedTo(template, equations);
  const scaled = (columns: readonly Float64Array[]) =>
    columns.map((column, at) => column.map((value) => value / sigmas.get(equations[at].attribute)!));
  const bins = new Bins(history.times, equations);
  const residuals = bins.average(scaled(differences(needed, history, parameters, equations)));
  const noise = bins.noise(residuals);
  const signatures = suspects.map((suspect) =>
    bins
      .average(scaled(slopesOf(needed, history, parameters, equations, suspect)))
      .map((value, cell) => value / noise[cell]),
  );
  const normalised = residuals.map((value, cell) => value / noise[cell]);
  return {
    ...{ times: bins.middles, start: bins.start, end: bins.end },
    ...{ residuals: normalised, signatures },
    squares: normalised.reduce((sum, residual) => sum + residual * residual, 0),
    count: noise.reduce((count, value) => count + (Number.isFinite(value) ? 1 : 0), 0),
    summaries: bins.summaries(residuals, noise, sigmas),
    without(changes) {
      const corrected = changes.reduce((moved, change) => correct(moved, suspects[change.suspect], change), {
        history,
        parameters,
      });
      const left = differences(needed, recomputed(corrected.history), corrected.parameters, equations);
      return bins.average(scaled(left)).map((value, cell) => value / noise[cell]);
    },
  };
}

interface Situation {
  readonly history: TwinHistory;
  readonly parameters: ParameterValues;
}

/** As it would be read without the offset of an instrument; or a machine whose parameter changes as time goes on. */
function correct({ history, parameters }: Situation, { kind, name }: Suspect, { sizeAt }: SuspectChange): Situation {
  const sizes = history.times.map(sizeAt);
  const attributes = new Map(history.attributes);
  if (kind === 'sensor') {
    const column = attributes.get(name)!;
    attributes.set(name, { ...column, values: column.values.map((value, row) => value - sizes[row]) });
    return { history: { ...history, attributes }, parameters };
  }
  // A name that is no parameter any more is looked for among the attributes.
  const others = new Map(parameters);
  others.delete(name);
  const fitted = constantColumn(history.times, parameters.get(name)!);
  attributes.set(name, { ...fitted, values: fitted.values.map((value, row) => value + sizes[row]) });
  return { history: { ...history, attributes }, parameters: others };
}

/** What one unit of a suspect does to the residuals, by central differences at the operating points as they were. */
function slopesOf(
  template: TwinTemplate,
  history: TwinHistory,
  parameters: ParameterValues,
  equations: readonly Equation[],
  { kind, name }: Suspect,
): readonly Float64Array[] {
  if (kind === 'machine') {
    const value = parameters.get(name)!;
    const reach = RELATIVE_REACH * (Math.abs(value) || 1);
    const [above, below] = [reach, -reach].map((by) =>
      differences(template, history, new Map(parameters).set(name, value + by), equations),
    );
    // A machine whose parameter is larger gives more than a model with the old one expects.
    return above.map((column, at) => column.map((difference, row) => (below[at][row] - difference) / (2 * reach)));
  }
  const column = history.attributes.get(name)!;
  const reach = RELATIVE_REACH * (Math.abs(column.values[column.values.length >> 1]) || 1);
  const [above, below] = [reach, -reach].map((by) => {
    const shifted = { ...column, values: column.values.map((value) => value + by) };
    const moved = recomputed({ ...history, attributes: new Map(history.attributes).set(name, shifted) });
    return differences(template, moved, parameters, equations);
  });
  return above.map((each, at) => each.map((difference, row) => (difference - below[at][row]) / (2 * reach)));
}

class Bins {
  readonly start: number;
  readonly end: number;
  readonly middles: Float64Array;
  readonly #equations: readonly Equation[];
  /** Of each equation, the bin of each of its rows. */
  readonly #places: readonly Uint16Array[];
  readonly #counts: Float64Array;

  constructor(times: Float64Array, equations: readonly Equation[]) {
    const longest = Math.max(...equations.map(({ rows }) => rows.length));
    const count = Math.max(1, Math.min(MOST_BINS, Math.floor(longest / FEWEST_ROWS_PER_BIN)));
    this.start = Math.min(...equations.map(({ rows }) => times[rows[0]]));
    this.end = Math.max(...equations.map(({ rows }) => times[rows[rows.length - 1]]));
    const width = (this.end - this.start) / count;
    this.middles = Float64Array.from({ length: count }, (_, bin) => this.start + (bin + 0.5) * width);
    this.#equations = equations;
    this.#places = equations.map(({ rows }) =>
      Uint16Array.from(rows, (row) => Math.min(count - 1, Math.floor((times[row] - this.start) / width))),
    );
    this.#counts = new Float64Array(count * equations.length);
    for (const [equation, places] of this.#places.entries()) {
      for (const bin of places) this.#counts[equation * count + bin]++;
    }
  }

  average(columns: readonly Float64Array[]): Float64Array {
    const means = new Float64Array(this.#counts.length);
    for (const [equation, column] of columns.entries()) {
      const base = equation * this.middles.length;
      for (let row = 0; row < column.length; row++) means[base + this.#places[equation][row]] += column[row];
    }
    return means.map((sum, cell) => (this.#counts[cell] > 0 ? sum / this.#counts[cell] : 0));
  }

  /**
   * The standard deviation of each cell: from the differences of neighbours, which a slow change leaves alone (von Neumann 1941),
   * and never better than that of independent samples. Infinite where a cell has none.
   */
  noise(means: Float64Array): Float64Array {
    const count = this.middles.length;
    const noise = new Float64Array(means.length).fill(Number.POSITIVE_INFINITY);
    for (let equation = 0; equation < this.#equations.length; equation++) {
      const cells = Array.from({ length: count }, (_, bin) => equation * count + bin).filter(
        (cell) => this.#counts[cell] > 0,
      );
      let squares = 0;
      // Each difference holds the noise of two cells; by their counts it is brought to that of a single sample.
      for (let at = 1; at < cells.length; at++) {
        const [a, b] = [cells[at - 1], cells[at]];
        squares += (means[b] - means[a]) ** 2 / (1 / this.#counts[a] + 1 / this.#counts[b]);
      }
      const single = Math.max(1, cells.length > 1 ? Math.sqrt(squares / (cells.length - 1)) : 1);
      for (const cell of cells) {
        noise[cell] = Math.hypot(single / Math.sqrt(this.#counts[cell]), MODEL_FLOOR, UNMODELLED_SHARE * means[cell]);
      }
    }
    return noise;
  }

  summaries(means: Float64Array, noise: Float64Array, sigmas: ReadonlyMap<string, number>): ResidualSummary[] {
    const count = this.middles.length;
    return this.#equations.map(({ attribute }, equation) => {
      let [weights, sum] = [0, 0];
      for (let bin = Math.floor(0.75 * count); bin < count; bin++) {
        const weight = 1 / noise[equation * count + bin] ** 2;
        weights += weight;
        sum += weight * means[equation * count + bin];
      }
      const sigma = sigmas.get(attribute)!;
      return { attribute, mean: (sigma * sum) / weights, noise: sigma / Math.sqrt(weights) };
    });
  }
}
