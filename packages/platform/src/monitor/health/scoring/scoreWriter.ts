/**
 * Writes scores into the historian, each once: after a start, or after a write that may have been done in part, what is there
 * already is looked up first.
 */

import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { type Fault, type Result, success } from '@tidegate/core/fault/fault.ts';
import { blankRun, type SampleRun } from '../../../historian/archive/sampleRun.ts';
import type { Historian } from '../../../historian/query/historian.ts';
import type { ImportedSeries } from '../../../historian/query/historyImport.ts';

export type ScoreHistorian = Pick<Historian, 'importSamples' | 'raw' | 'tags' | 'tagRevision'>;

/** What one watch has to write. */
export interface ScoreLoad {
  readonly series: readonly ImportedSeries[];
  /** Some of it may be there already. */
  readonly isRepeated: boolean;
}

/** Who writes scores. */
const AUTHOR = 'equipment health';

export class ScoreWriter {
  readonly #historian: ScoreHistorian;
  #indexes = new Map<string, number>();
  #revision = Number.NaN;

  constructor(historian: ScoreHistorian) {
    this.#historian = historian;
  }

  /**
   * Writes all loads at once, or each by itself where one of them is refused: then only that one fails. Gives the fault of each
   * load, `undefined` where it is durable. Faults as `Historian.importSamples`.
   */
  async write(loads: readonly ScoreLoad[]): Promise<readonly (Fault | undefined)[]> {
    const fresh: (readonly ImportedSeries[])[] = [];
    for (const { series, isRepeated } of loads) fresh.push(isRepeated ? await this.#missing(series) : series);
    const all = fresh.flat();
    const written = all.length > 0 ? await this.#historian.importSamples(all, AUTHOR) : success([]);
    if (written.ok) return loads.map(() => undefined);
    if (loads.length === 1) return [written.fault];
    const faults: (Fault | undefined)[] = [];
    for (const series of fresh) faults.push(faultOf(await this.#writeAnew(series)));
    return faults;
  }

  async #writeAnew(series: readonly ImportedSeries[]): Promise<Result<unknown>> {
    const missing = await this.#missing(series);
    return missing.length > 0 ? this.#historian.importSamples(missing, AUTHOR) : success(undefined);
  }

  /** Without the samples that have a time at which the tag has one. */
  async #missing(series: readonly ImportedSeries[]): Promise<readonly ImportedSeries[]> {
    const missing: ImportedSeries[] = [];
    for (const one of series) {
      const index = this.#indexOf(one.path);
      const { times } = one.run;
      if (index === undefined || times.length === 0) {
        missing.push(one);
        continue;
      }
      const [first, last] = [times[0], times[times.length - 1] + 1];
      const there = await this.#historian.raw(index, first as Timestamp, last as Timestamp, 2 * times.length);
      const known = new Set(there.times);
      const run = rowsWhere(one.run, (time) => !known.has(time));
      if (run.times.length > 0) missing.push({ ...one, run });
    }
    return missing;
  }

  #indexOf(path: string): number | undefined {
    if (this.#historian.tagRevision !== this.#revision) {
      this.#revision = this.#historian.tagRevision;
      this.#indexes = new Map(this.#historian.tags().map((tag) => [tag.path, tag.index]));
    }
    return this.#indexes.get(path);
  }
}

function rowsWhere(run: SampleRun, isWanted: (time: number) => boolean): SampleRun {
  const rows = [...run.times.keys()].filter((row) => isWanted(run.times[row]));
  const kept = blankRun(rows.length, run.strings);
  for (const [at, row] of rows.entries()) {
    kept.times[at] = run.times[row];
    kept.values[at] = run.values[row];
    kept.kinds[at] = run.kinds[row];
    kept.statuses[at] = run.statuses[row];
  }
  return kept;
}

function faultOf(result: Result<unknown>): Fault | undefined {
  return result.ok ? undefined : result.fault;
}
