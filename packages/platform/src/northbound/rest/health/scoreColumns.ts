/** What scoring has written of a watch into history, as columns of a plot. */

import { ValueKind } from '@tidegate/core/block/sampleBlock.ts';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { STATUS } from '@tidegate/core/sample/statusCode.ts';
import type { SampleRun } from '../../../historian/archive/sampleRun.ts';
import type { HistorianReader } from '../../../historian/query/historianReader.ts';
import type { HealthWatch } from '../../../monitor/health/definition/healthWatch.ts';
import { scorePaths } from '../../../monitor/health/scoring/scorePaths.ts';
import { type PointPlan, type Reduction, reduced } from './evidencePoints.ts';
import { columnJson } from './healthNumbers.ts';

/** Scores are of one row each; of more than twice as many samples as rows the oldest are shown. */
const MAX_SAMPLES = 600_000;

export class ScoreColumns {
  readonly #historian: HistorianReader;
  readonly #watch: HealthWatch;
  readonly #plan: PointPlan;

  constructor(historian: HistorianReader, watch: HealthWatch, plan: PointPlan) {
    this.#historian = historian;
    this.#watch = watch;
    this.#plan = plan;
  }

  /** One value for each point, null where there is none; what came of bad data is none. */
  async read(name: string, reduction: Reduction): Promise<(number | null)[]> {
    const { first, pointUs, count, intervalUs } = this.#plan;
    const [start, end] = [first, first + pointUs * count + intervalUs + 1].map((time) => time as Timestamp);
    const tags = new Map(this.#historian.tags().map(({ path, index }) => [path, index]));
    const parts: SampleRun[] = [];
    for (const path of scorePaths(this.#watch, name).toReversed()) {
      const index = tags.get(path);
      if (index !== undefined) parts.push(await this.#historian.raw(index, start, end, MAX_SAMPLES));
    }
    const times = Float64Array.from(parts.flatMap((part) => Array.from(part.times)));
    const values = Float64Array.from(parts.flatMap(usable));
    return columnJson(reduced(this.#plan, times, values, reduction));
  }
}

function usable({ values, kinds, statuses }: SampleRun): number[] {
  return Array.from(values, (value, row) =>
    kinds[row] === ValueKind.number && statuses[row] < STATUS.Bad ? value : Number.NaN,
  );
}
