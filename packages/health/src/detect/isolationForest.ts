/** How few random cuts set a row apart from the normal ones. */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { drawFirst, seededRandom } from '../boost/seededRandom.ts';
import { type DetectorDocument, type DetectorStream, type LearnedDetector, scoreThroughStream } from './detector.ts';
import { medianScaling } from './scaling.ts';
import { type SignalTable, type UsableRows, usableRows } from './signalTable.ts';

export interface ForestOptions {
  readonly trees: number;
  /** Rows drawn for each tree. */
  readonly sample: number;
  readonly seed: number;
}

/** Liu, Ting and Zhou 2008, 4.2. */
const DEFAULTS: ForestOptions = { trees: 100, sample: 256, seed: 1 };
/**
 * Cuts fall up to half a range beyond the rows at hand. Within them alone, as in the paper, which looks for strange rows among
 * those it learns from, a row far beyond all that is normal would be no easier to isolate than the outermost normal one.
 */
const BEYOND = 0.5;

/** A node has the signal it cuts (-1 for a leaf), the place of the cut, and the children `next` (below) and `next + 1`. */
export interface ForestNodes {
  readonly signal: Int32Array;
  /** The cut; at a leaf the depth with what the rows left there would add. */
  readonly value: Float64Array;
  readonly next: Int32Array;
  /** First node of each tree. */
  readonly roots: Int32Array;
}

/** Scores in (0, 1), 0.5 for a normal row of mean depth. */
export class IsolationForest implements LearnedDetector {
  readonly names: readonly string[];
  readonly centre: Float64Array;
  readonly nodes: ForestNodes;
  /** Of the normal rows, over all trees. */
  readonly meanDepth: number;

  constructor(names: readonly string[], centre: Float64Array, nodes: ForestNodes, meanDepth: number) {
    this.names = names;
    this.centre = centre;
    this.nodes = nodes;
    this.meanDepth = meanDepth;
  }

  score(columns: readonly Float64Array[]): Float64Array {
    return scoreThroughStream(this, columns);
  }

  stream(): DetectorStream {
    return new ForestStream(this);
  }

  toJson(): DetectorDocument {
    const { signal, value, next, roots } = this.nodes;
    const nodes = { signal: [...signal], value: [...value], next: [...next], roots: [...roots] };
    return { kind: 'forest', names: [...this.names], centre: [...this.centre], nodes, meanDepth: this.meanDepth };
  }
}

/** The same rows and seed give the same forest. */
export function learnIsolationForest(table: SignalTable, given: Partial<ForestOptions> = {}): Result<IsolationForest> {
  const { trees, sample, seed } = { ...DEFAULTS, ...given };
  if (!(trees >= 1 && sample >= 2)) {
    return failure('health.bad-data', `${trees} trees of ${sample} rows are no forest.`);
  }
  const rows = usableRows(table);
  if (!rows.ok) return rows;
  const random = seededRandom(seed);
  const drawnCount = Math.min(sample, rows.value.count);
  const all = Int32Array.from({ length: rows.value.count }, (_, row) => row);
  const grower = new ForestGrower(rows.value, random, Math.ceil(Math.log2(drawnCount)));
  for (let tree = 0; tree < trees; tree++) grower.grow(drawFirst(all, drawnCount, random));
  const { centre } = medianScaling(rows.value);
  const nodes = grower.nodes();
  return success(new IsolationForest(table.names, centre, nodes, meanDepthOf(rows.value, nodes)));
}

function meanDepthOf({ values, width, count }: UsableRows, nodes: ForestNodes): number {
  let depths = 0;
  for (let row = 0; row < count; row++) depths += depthIn(nodes, values.subarray(row * width, (row + 1) * width));
  return depths / count;
}

/** The mean over the trees of how many cuts it takes to isolate the row. */
function depthIn({ signal, value, next, roots }: ForestNodes, row: Float64Array): number {
  let depths = 0;
  for (let tree = 0; tree < roots.length; tree++) {
    let node = roots[tree];
    while (signal[node] >= 0) node = next[node] + (row[signal[node]] < value[node] ? 0 : 1);
    depths += value[node];
  }
  return depths / roots.length;
}

/** The mean depth of an unsuccessful search in a binary tree of `count` rows (Liu et al. 2008, equation 1). */
function depthOf(count: number): number {
  if (count <= 1) return 0;
  if (count === 2) return 1;
  return 2 * (Math.log(count - 1) + 0.5772156649015329) - (2 * (count - 1)) / count;
}

class ForestGrower {
  readonly #rows: UsableRows;
  readonly #random: () => number;
  readonly #mostDepth: number;
  readonly #signal: number[] = [];
  readonly #value: number[] = [];
  readonly #next: number[] = [];
  readonly #roots: number[] = [];

  constructor(rows: UsableRows, random: () => number, mostDepth: number) {
    this.#rows = rows;
    this.#random = random;
    this.#mostDepth = mostDepth;
  }

  grow(members: Int32Array): void {
    this.#roots.push(this.#addNodes(1));
    this.#split(this.#signal.length - 1, Int32Array.from(members), 0);
  }

  nodes(): ForestNodes {
    return {
      signal: Int32Array.from(this.#signal),
      value: Float64Array.from(this.#value),
      next: Int32Array.from(this.#next),
      roots: Int32Array.from(this.#roots),
    };
  }

  #addNodes(count: number): number {
    const first = this.#signal.length;
    for (let i = 0; i < count; i++) {
      this.#signal.push(-1);
      this.#value.push(0);
      this.#next.push(-1);
    }
    return first;
  }

  #split(node: number, members: Int32Array, depth: number): void {
    const { width, values } = this.#rows;
    const signal = Math.floor(this.#random() * width);
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    for (const row of members) {
      low = Math.min(low, values[row * width + signal]);
      high = Math.max(high, values[row * width + signal]);
    }
    if (depth >= this.#mostDepth || members.length < 2 || low === high) {
      this.#value[node] = depth + depthOf(members.length);
      return;
    }
    const cut = low + (this.#random() * (1 + 2 * BEYOND) - BEYOND) * (high - low);
    const first = this.#addNodes(2);
    this.#signal[node] = signal;
    this.#value[node] = cut;
    this.#next[node] = first;
    this.#split(
      first,
      members.filter((row) => values[row * width + signal] < cut),
      depth + 1,
    );
    this.#split(
      first + 1,
      members.filter((row) => values[row * width + signal] >= cut),
      depth + 1,
    );
  }
}

class ForestStream implements DetectorStream {
  readonly #forest: IsolationForest;
  readonly #row: Float64Array;
  readonly #contributions: Float64Array;
  #last = Number.NaN;

  constructor(forest: IsolationForest) {
    this.#forest = forest;
    this.#row = new Float64Array(forest.names.length);
    this.#contributions = new Float64Array(forest.names.length);
  }

  push(row: Float64Array): number {
    this.#last = Number.NaN;
    for (let i = 0; i < row.length; i++) {
      if (!Number.isFinite(row[i])) return Number.NaN;
      this.#row[i] = row[i];
    }
    this.#last = this.#isolation();
    return this.#last;
  }

  #isolation(): number {
    return 2 ** (-depthIn(this.#forest.nodes, this.#row) / this.#forest.meanDepth);
  }

  /** How much lower the score would be, were this signal alone at its median. */
  contributions(): Float64Array {
    if (Number.isNaN(this.#last)) return this.#contributions.fill(0);
    for (let i = 0; i < this.#row.length; i++) {
      const actual = this.#row[i];
      this.#row[i] = this.#forest.centre[i];
      this.#contributions[i] = Math.max(0, this.#last - this.#isolation());
      this.#row[i] = actual;
    }
    return this.#contributions;
  }

  /** No row is remembered. */
  memory(): readonly Float64Array[] {
    return [];
  }
}
