/** Learns the ways in which an equipment runs, and judges each row by what is normal in its own, so that a start-up is none. */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { seededRandom } from '../boost/seededRandom.ts';
import { clusterRows, nearestCentre } from './clusterRows.ts';
import {
  type DetectorDocument,
  type DetectorStream,
  type LearnDetector,
  type LearnedDetector,
  scoreThroughStream,
} from './detector.ts';
import { medianScaling, type Scaling } from './scaling.ts';
import { type SignalTable, usableRows } from './signalTable.ts';

export interface ModeOptions {
  readonly mostModes: number;
  /** A way of running that has fewer normal rows is part of another. */
  readonly fewestRows: number;
  readonly seed: number;
}

const DEFAULTS: ModeOptions = { mostModes: 6, fewestRows: 60, seed: 1 };

/** `centres[mode * width + i]`, scaled; a row belongs to the mode whose centre is nearest. */
export class OperatingModes implements LearnedDetector {
  readonly names: readonly string[];
  readonly scaling: Scaling;
  readonly centres: Float64Array;
  readonly modes: readonly LearnedDetector[];

  constructor(scaling: Scaling, centres: Float64Array, modes: readonly LearnedDetector[]) {
    this.names = modes[0].names;
    this.scaling = scaling;
    this.centres = centres;
    this.modes = modes;
  }

  score(columns: readonly Float64Array[]): Float64Array {
    return scoreThroughStream(this, columns);
  }

  /** The mode of each row, -1 where a value is missing. */
  modesOf(columns: readonly Float64Array[]): readonly number[] {
    return memberships(columns, this.scaling, this.centres);
  }

  stream(): OperatingModeStream {
    return new OperatingModeStream(this);
  }

  toJson(): DetectorDocument {
    return {
      kind: 'modes',
      centre: [...this.scaling.centre],
      spread: [...this.scaling.spread],
      centres: [...this.centres],
      modes: this.modes.map((mode) => mode.toJson()),
    };
  }
}

/**
 * The number of modes is the one that the rows speak for (see `clusterRows`); each learns with `learn` from its own rows,
 * the others being gaps. Give a `learn` whose scores are calibrated, so that one threshold fits all modes.
 */
export function learnOperatingModes(
  table: SignalTable,
  learn: LearnDetector,
  given: Partial<ModeOptions> = {},
): Result<OperatingModes> {
  const options = { ...DEFAULTS, ...given };
  if (!(options.mostModes >= 1)) return failure('health.bad-data', `At most ${options.mostModes} modes are none.`);
  const rows = usableRows(table, options.fewestRows);
  if (!rows.ok) return rows;
  const scaling = medianScaling(rows.value);
  const centres = clusterRows(rows.value, scaling, options, seededRandom(options.seed));
  const width = table.columns.length;
  const membership = memberships(table.columns, scaling, centres);
  const modes: LearnedDetector[] = [];
  for (let mode = 0; mode < centres.length / width; mode++) {
    const columns = table.columns.map((column) =>
      column.map((value, row) => (membership[row] === mode ? value : Number.NaN)),
    );
    const learned = learn({ names: table.names, columns });
    if (!learned.ok) {
      const where = centres.length > width ? `In operating mode ${mode + 1}: ` : '';
      return failure(learned.fault.code, `${where}${learned.fault.detail}`);
    }
    modes.push(learned.value);
  }
  return success(new OperatingModes(scaling, centres, modes));
}

/** The mode of each row, -1 where a value is missing. */
function memberships(columns: readonly Float64Array[], scaling: Scaling, centres: Float64Array): readonly number[] {
  const scaled = new Float64Array(columns.length);
  return Array.from(columns[0], (_, row) => {
    for (let i = 0; i < scaled.length; i++) {
      scaled[i] = (columns[i][row] - scaling.centre[i]) / scaling.spread[i];
      if (!Number.isFinite(scaled[i])) return -1;
    }
    return nearestCentre(scaled, 0, centres, scaled.length);
  });
}

export class OperatingModeStream implements DetectorStream {
  readonly #detector: OperatingModes;
  readonly #streams: readonly DetectorStream[];
  readonly #scaled: Float64Array;
  readonly #nothing: Float64Array;
  readonly #gap: Float64Array;
  readonly #mode = Float64Array.of(-1);

  constructor(detector: OperatingModes) {
    this.#detector = detector;
    this.#streams = detector.modes.map((mode) => mode.stream());
    this.#scaled = new Float64Array(detector.names.length);
    this.#nothing = new Float64Array(detector.names.length);
    this.#gap = new Float64Array(detector.names.length).fill(Number.NaN);
  }

  /** The mode of the row pushed last; -1 where a value was missing. */
  get mode(): number {
    return this.#mode[0];
  }

  /** Only the mode that the row belongs to sees it; to the one that is left it is a gap, as it was when that was learned. */
  push(row: Float64Array): number {
    const before = this.mode;
    const mode = this.#modeOf(row);
    this.#mode[0] = mode;
    if (before >= 0 && before !== mode) this.#streams[before].push(this.#gap);
    return mode < 0 ? Number.NaN : this.#streams[mode].push(row);
  }

  #modeOf(row: Float64Array): number {
    const { scaling, centres } = this.#detector;
    for (let i = 0; i < row.length; i++) {
      this.#scaled[i] = (row[i] - scaling.centre[i]) / scaling.spread[i];
      if (!Number.isFinite(this.#scaled[i])) return -1;
    }
    return nearestCentre(this.#scaled, 0, centres, row.length);
  }

  memory(): readonly Float64Array[] {
    return [this.#mode, ...this.#streams.flatMap((stream) => stream.memory())];
  }

  contributions(): Float64Array {
    return this.mode < 0 ? this.#nothing.fill(0) : this.#streams[this.mode].contributions();
  }
}
