/** How likely it is that a signal has changed its level or spread within the last rows, weighed anew with every row. */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { type DetectorDocument, type DetectorStream, type LearnedDetector, scoreThroughStream } from './detector.ts';
import { medianScaling, type Scaling } from './scaling.ts';
import { type SignalTable, usableRows } from './signalTable.ts';

export interface ChangeOptions {
  /** Rows between two changes on average, as far as is known beforehand. */
  readonly rowsBetween: number;
  /** A change counts as recent for so many rows. */
  readonly recentRows: number;
}

const DEFAULTS: ChangeOptions = { rowsBetween: 1000, recentRows: 10 };
/** Runs longer than this are one: their estimates hardly move any more. */
export const LONGEST_RUN = 200;

export class ChangePoints implements LearnedDetector {
  readonly names: readonly string[];
  readonly scaling: Scaling;
  readonly options: ChangeOptions;

  constructor(names: readonly string[], scaling: Scaling, options: ChangeOptions) {
    this.names = names;
    this.scaling = scaling;
    this.options = options;
  }

  score(columns: readonly Float64Array[]): Float64Array {
    return scoreThroughStream(this, columns);
  }

  stream(): DetectorStream {
    return new ChangeStream(this);
  }

  toJson(): DetectorDocument {
    const { centre, spread } = this.scaling;
    return { kind: 'changes', names: [...this.names], centre: [...centre], spread: [...spread], options: this.options };
  }
}

/** Bayesian online change points (Adams and MacKay 2007): the score in [0, 1] is that of the signal likeliest to have changed. */
export function learnChangePoints(table: SignalTable, given: Partial<ChangeOptions> = {}): Result<ChangePoints> {
  const options = { ...DEFAULTS, ...given };
  if (!(options.rowsBetween > 1 && options.recentRows >= 1 && options.recentRows < LONGEST_RUN)) {
    return failure(
      'health.bad-data',
      `Changes every ${options.rowsBetween} rows cannot be recent for ${options.recentRows}.`,
    );
  }
  const rows = usableRows(table);
  return rows.ok ? success(new ChangePoints(table.names, medianScaling(rows.value), options)) : rows;
}

class ChangeStream implements DetectorStream {
  readonly #detector: ChangePoints;
  readonly #runs: readonly RunLengths[];
  readonly #chances: Float64Array;

  constructor(detector: ChangePoints) {
    this.#detector = detector;
    this.#runs = detector.names.map(() => new RunLengths(detector.options));
    this.#chances = new Float64Array(detector.names.length);
  }

  push(row: Float64Array): number {
    const { scaling } = this.#detector;
    let most = 0;
    let missing = false;
    for (let i = 0; i < row.length; i++) {
      if (Number.isFinite(row[i]))
        this.#chances[i] = this.#runs[i].push((row[i] - scaling.centre[i]) / scaling.spread[i]);
      else missing = true;
      if (this.#chances[i] > most) most = this.#chances[i];
    }
    if (missing) this.#chances.fill(0);
    return missing ? Number.NaN : most;
  }

  contributions(): Float64Array {
    return this.#chances;
  }
}

/** The probability of each length of the present run, with normal-inverse-gamma estimates (Murphy 2007) for each. */
class RunLengths {
  readonly #options: ChangeOptions;
  #chance = new Float64Array(LONGEST_RUN + 1);
  #mean = new Float64Array(LONGEST_RUN + 1);
  #scatter = new Float64Array(LONGEST_RUN + 1);
  #count = 1;
  #rows = 0;

  constructor(options: ChangeOptions) {
    this.#options = options;
    this.#chance[0] = 1;
    this.#scatter[0] = 1;
  }

  /** A run of `r` rows has seen one row's worth before it began: mean 0, spread 1. */
  push(value: number): number {
    const change = 1 / this.#options.rowsBetween;
    let sum = 0;
    let begun = 0;
    for (let run = this.#count - 1; run >= 0; run--) {
      const joint = this.#chance[run] * predictive(value, run, this.#mean[run], this.#scatter[run]);
      begun += joint * change;
      sum += joint;
      const to = Math.min(run + 1, LONGEST_RUN);
      const grown = joint * (1 - change);
      this.#chance[to] = run === LONGEST_RUN - 1 ? this.#chance[to] + grown : grown;
      const weight = run + 1;
      const difference = value - this.#mean[run];
      this.#mean[to] = this.#mean[run] + difference / (weight + 1);
      this.#scatter[to] = this.#scatter[run] + (difference * difference * weight) / (2 * (weight + 1));
    }
    this.#chance[0] = begun;
    this.#mean[0] = 0;
    this.#scatter[0] = 1;
    this.#count = Math.min(this.#count + 1, LONGEST_RUN + 1);
    this.#rows++;
    return this.#recent(sum);
  }

  #recent(sum: number): number {
    if (!(sum > 0)) {
      this.#chance.fill(0);
      this.#chance[0] = 1;
      this.#count = 1;
      return 1;
    }
    let recent = 0;
    for (let run = 0; run < this.#count; run++) {
      this.#chance[run] /= sum;
      if (run <= this.#options.recentRows) recent += this.#chance[run];
    }
    return this.#rows <= this.#options.recentRows ? 0 : recent;
  }
}

/** Density, but for a factor common to all runs, of Student's t with the estimates of a run (two degrees more than rows). */
function predictive(value: number, run: number, mean: number, scatter: number): number {
  const weight = run + 1;
  const shape = 1 + run / 2;
  const square = (scatter * (weight + 1)) / (shape * weight);
  const far = (value - mean) ** 2 / (2 * shape * square);
  return (GAMMA_RATIO[run] / Math.sqrt(2 * shape * square)) * (1 + far) ** (-shape - 0.5);
}

/** Gamma(a + 1/2) / Gamma(a) for a = 1 + run / 2, by its recursion from a = 1 and a = 3/2. */
const GAMMA_RATIO = gammaRatios(LONGEST_RUN + 1);

function gammaRatios(count: number): Float64Array {
  const ratios = new Float64Array(count);
  ratios[0] = Math.sqrt(Math.PI) / 2;
  for (let run = 1; run < count; run++) ratios[run] = (1 + (run - 1) / 2) / ratios[run - 1];
  return ratios;
}
