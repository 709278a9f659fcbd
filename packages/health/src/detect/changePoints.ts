/** How unlikely it is that no signal has changed its level or spread within the last rows, weighed anew with every row. */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { type DetectorDocument, type DetectorStream, type LearnedDetector, scoreThroughStream } from './detector.ts';
import { rareBySignal } from './rareBySignal.ts';
import { medianScaling, type Scaling } from './scaling.ts';
import { type SignalTable, usableRows } from './signalTable.ts';

export interface ChangeOptions {
  /** Rows between two changes on average, as far as is known beforehand. */
  readonly rowsBetween: number;
  /** A change counts as recent for so many rows. */
  readonly recentRows: number;
}

const DEFAULTS: ChangeOptions = { rowsBetween: 1000, recentRows: 10 };
/** That a signal has changed is no news as long as it is less likely than not. */
const LEAST_RARE = Math.log10(2);
/** Runs longer than this are one: their estimates hardly move any more. */
export const LONGEST_RUN = 200;

export class ChangePoints implements LearnedDetector {
  readonly names: readonly string[];
  readonly scaling: Scaling;
  readonly options: ChangeOptions;
  /** Score of each signal by itself that is rare in normal data. */
  readonly rare: Float64Array;

  constructor(names: readonly string[], scaling: Scaling, options: ChangeOptions, rare: Float64Array) {
    this.names = names;
    this.scaling = scaling;
    this.options = options;
    this.rare = rare;
  }

  score(columns: readonly Float64Array[]): Float64Array {
    return scoreThroughStream(this, columns);
  }

  stream(): DetectorStream {
    return new ChangeStream(this);
  }

  toJson(): DetectorDocument {
    const { centre, spread } = this.scaling;
    const { names, options, rare } = this;
    return {
      ...{ kind: 'change-points', names: [...names], centre: [...centre], spread: [...spread] },
      ...{ options, rare: [...rare] },
    };
  }
}

/**
 * Bayesian online change points (Adams and MacKay 2007). The score is that of the signal whose change is the greatest news: -log10 of
 * the probability that it has not changed, over what is rare of it.
 */
export function learnChangePoints(table: SignalTable, given: Partial<ChangeOptions> = {}): Result<ChangePoints> {
  const options = { ...DEFAULTS, ...given };
  if (!(options.rowsBetween > 1 && options.recentRows >= 1 && options.recentRows < LONGEST_RUN)) {
    return failure(
      'health.bad-data',
      `Changes every ${options.rowsBetween} rows cannot be recent for ${options.recentRows}.`,
    );
  }
  const rows = usableRows(table);
  if (!rows.ok) return rows;
  const scaling = medianScaling(rows.value);
  const each = new ChangePoints(table.names, scaling, options, new Float64Array(table.names.length).fill(1));
  return success(new ChangePoints(table.names, scaling, options, rareBySignal(each, table.columns, LEAST_RARE)));
}

class ChangeStream implements DetectorStream {
  readonly #detector: ChangePoints;
  readonly #runs: readonly RunLengths[];
  readonly #scores: Float64Array;

  constructor(detector: ChangePoints) {
    this.#detector = detector;
    this.#runs = detector.names.map(() => new RunLengths(detector.options));
    this.#scores = new Float64Array(detector.names.length);
  }

  push(row: Float64Array): number {
    const { scaling, rare } = this.#detector;
    let most = 0;
    let missing = false;
    for (let i = 0; i < row.length; i++) {
      if (Number.isFinite(row[i]))
        this.#scores[i] = this.#runs[i].push((row[i] - scaling.centre[i]) / scaling.spread[i]) / rare[i];
      else missing = true;
      if (this.#scores[i] > most) most = this.#scores[i];
    }
    if (missing) this.#scores.fill(0);
    return missing ? Number.NaN : most;
  }

  contributions(): Float64Array {
    return this.#scores;
  }

  memory(): readonly Float64Array[] {
    return this.#runs.flatMap((runs) => runs.memory());
  }
}

/** The probability of each length of the present run, with normal-inverse-gamma estimates (Murphy 2007) for each. */
class RunLengths {
  readonly #options: ChangeOptions;
  readonly #chance = new Float64Array(LONGEST_RUN + 1);
  readonly #mean = new Float64Array(LONGEST_RUN + 1);
  readonly #scatter = new Float64Array(LONGEST_RUN + 1);
  /** Of the longest run, and that came at all. */
  readonly #rows = new Float64Array(2);

  constructor(options: ChangeOptions) {
    this.#options = options;
    this.#chance[0] = 1;
    this.#scatter[0] = 1;
  }

  memory(): readonly Float64Array[] {
    return [this.#chance, this.#mean, this.#scatter, this.#rows];
  }

  /** A run of `r` rows has seen one row's worth before it began: mean 0, spread 1. */
  push(value: number): number {
    const change = 1 / this.#options.rowsBetween;
    const longest = Math.min(this.#rows[0], LONGEST_RUN);
    let sum = 0;
    let begun = 0;
    for (let run = longest; run >= 0; run--) {
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
    this.#rows[0] = Math.min(longest + 1, LONGEST_RUN);
    this.#rows[1]++;
    return this.#surprise(sum);
  }

  #surprise(sum: number): number {
    const { recentRows } = this.#options;
    if (!(sum > 0)) {
      this.#chance.fill(0);
      this.#chance[0] = 1;
      this.#rows[0] = 0;
    } else for (let run = 0; run <= this.#rows[0]; run++) this.#chance[run] /= sum;
    if (this.#rows[1] <= recentRows) return 0;
    let unchanged = 0;
    for (let run = recentRows + 1; run <= this.#rows[0]; run++) unchanged += this.#chance[run];
    return -Math.log10(Math.min(1, Math.max(unchanged, Number.MIN_VALUE)));
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
