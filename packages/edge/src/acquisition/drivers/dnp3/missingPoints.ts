/**
 * The points that do not come when everything is asked for. Those that are in no class are left out of the answer to that and
 * are asked for by group and index; what does not come then either is not there.
 */

import { type PointRun, requestsOf } from './pointRuns.ts';
import type { DatabasePoint, PointTable } from './pointTable.ts';

/** How many missing points a message names. */
const NAMED_POINTS = 5;

export class MissingPoints {
  readonly #table: PointTable;
  /** Still to be asked for. */
  #requests: (readonly PointRun[])[] = [];
  #names = '';

  constructor(table: PointTable) {
    this.#table = table;
  }

  /** Everything is asked for. */
  begin(): void {
    for (const point of this.#table.database) point.seen = false;
  }

  /** Everything has come that is in a class. */
  seek(): void {
    this.#requests = requestsOf(this.#unseen);
  }

  /** What the next request asks for; empty where nothing is left to be asked. */
  get next(): readonly PointRun[] {
    return this.#requests[0] ?? [];
  }

  /** The next request was answered. Some outstations refuse the whole of it for one point that they do not have. */
  asked(refused: boolean): void {
    const [asked, ...others] = this.#requests;
    this.#requests = refused && asked.length > 1 ? [...apart(asked), ...others] : others;
  }

  /** Everything has been asked for: what has no value now will not get one by itself. Those of whom nothing has been told yet. */
  settle(): readonly DatabasePoint[] {
    const missing = this.#unseen;
    const names = missing.slice(0, NAMED_POINTS).map(({ address }) => address);
    const more = missing.length - names.length;
    this.#names = more > 0 ? `${names.join(', ')} and ${more} more` : names.join(', ');
    return missing.filter(({ told }) => !told);
  }

  get defect(): string | undefined {
    if (this.#names === '') return undefined;
    return `the outstation has no ${this.#names}: compare kind and index with its point list; indices begin with 0`;
  }

  get #unseen(): readonly DatabasePoint[] {
    return this.#table.database.filter(({ seen }) => !seen);
  }
}

function apart(runs: readonly PointRun[]): (readonly PointRun[])[] {
  return runs.filter((run) => run.some(({ seen }) => !seen)).map((run) => [run]);
}
