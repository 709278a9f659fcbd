/** How far a row is from the normal rows nearest to it, exactly, among a bounded number of them. */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { drawFirst, seededRandom } from '../boost/seededRandom.ts';
import { type DetectorDocument, type DetectorStream, type LearnedDetector, scoreThroughStream } from './detector.ts';
import { medianScaling, type Scaling } from './scaling.ts';
import { type SignalTable, usableRows } from './signalTable.ts';

export interface NeighbourOptions {
  /** The score is the distance to the neighbour of this rank, in robust deviations per signal. */
  readonly neighbours: number;
  /** At most as many normal rows are kept, drawn evenly. */
  readonly references: number;
  readonly seed: number;
}

const DEFAULTS: NeighbourOptions = { neighbours: 5, references: 1000, seed: 1 };

/** `references[row * width + i]` are scaled normal rows. */
export class NearestNeighbours implements LearnedDetector {
  readonly names: readonly string[];
  readonly scaling: Scaling;
  readonly references: Float64Array;
  readonly neighbours: number;

  constructor(names: readonly string[], scaling: Scaling, references: Float64Array, neighbours: number) {
    this.names = names;
    this.scaling = scaling;
    this.references = references;
    this.neighbours = neighbours;
  }

  score(columns: readonly Float64Array[]): Float64Array {
    return scoreThroughStream(this, columns);
  }

  stream(): DetectorStream {
    return new NeighbourStream(this);
  }

  toJson(): DetectorDocument {
    return {
      kind: 'neighbours',
      names: [...this.names],
      centre: [...this.scaling.centre],
      spread: [...this.scaling.spread],
      references: [...this.references],
      neighbours: this.neighbours,
    };
  }
}

/** Ramaswamy, Rastogi and Shim (2000): the k-th nearest distance ranks outliers in any number of operating modes. */
export function learnNearestNeighbours(
  table: SignalTable,
  given: Partial<NeighbourOptions> = {},
): Result<NearestNeighbours> {
  const { neighbours, references, seed } = { ...DEFAULTS, ...given };
  if (!(Number.isInteger(neighbours) && neighbours >= 1 && references > neighbours)) {
    return failure('health.bad-data', `There is no neighbour of rank ${neighbours} among ${references}.`);
  }
  const rows = usableRows(table, Math.max(20, neighbours + 1));
  if (!rows.ok) return rows;
  const { count, width, values } = rows.value;
  const scaling = medianScaling(rows.value);
  const all = Int32Array.from({ length: count }, (_, row) => row);
  const drawn = drawFirst(all, Math.min(count, references), seededRandom(seed));
  const kept = new Float64Array(drawn.length * width);
  for (const [to, from] of drawn.entries()) {
    for (let i = 0; i < width; i++) {
      kept[to * width + i] = (values[from * width + i] - scaling.centre[i]) / scaling.spread[i];
    }
  }
  return success(new NearestNeighbours(table.names, scaling, kept, neighbours));
}

class NeighbourStream implements DetectorStream {
  readonly #detector: NearestNeighbours;
  readonly #scaled: Float64Array;
  readonly #nearest: Float64Array;
  readonly #contributions: Float64Array;
  #last = -1;

  constructor(detector: NearestNeighbours) {
    const width = detector.names.length;
    this.#detector = detector;
    this.#scaled = new Float64Array(width);
    this.#nearest = new Float64Array(detector.neighbours);
    this.#contributions = new Float64Array(width);
  }

  push(row: Float64Array): number {
    const { scaling, references, neighbours } = this.#detector;
    const width = row.length;
    this.#last = -1;
    for (let i = 0; i < width; i++) {
      if (!Number.isFinite(row[i])) return Number.NaN;
      this.#scaled[i] = (row[i] - scaling.centre[i]) / scaling.spread[i];
    }
    this.#nearest.fill(Number.POSITIVE_INFINITY);
    for (let start = 0; start < references.length; start += width) {
      const bound = this.#nearest[neighbours - 1];
      let square = 0;
      for (let i = 0; i < width && square < bound; i++) square += (this.#scaled[i] - references[start + i]) ** 2;
      if (square < bound) this.#insert(square, start);
    }
    return Math.sqrt(this.#nearest[neighbours - 1] / width);
  }

  #insert(square: number, start: number): void {
    let place = this.#nearest.length - 1;
    for (; place > 0 && this.#nearest[place - 1] > square; place--) this.#nearest[place] = this.#nearest[place - 1];
    this.#nearest[place] = square;
    if (place === 0) this.#last = start;
  }

  /** The squared distance to the very nearest normal row, signal by signal. */
  contributions(): Float64Array {
    if (this.#last < 0) return this.#contributions.fill(0);
    const { references } = this.#detector;
    for (let i = 0; i < this.#scaled.length; i++) {
      this.#contributions[i] = (this.#scaled[i] - references[this.#last + i]) ** 2;
    }
    return this.#contributions;
  }

  /** No row is remembered. */
  memory(): readonly Float64Array[] {
    return [];
  }
}
