/** What scoring has written of a watch into history, as columns of a plot. */

import { ValueKind } from '@tidegate/core/block/sampleBlock.ts';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { STATUS } from '@tidegate/core/sample/statusCode.ts';
import type { HistorianReader } from '../../../historian/query/historianReader.ts';
import type { HealthWatch } from '../../../monitor/health/definition/healthWatch.ts';
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
    const path = `${this.#watch.assetPath}/health/${this.#watch.name}/${name}`;
    const tag = this.#historian.tags().find((one) => one.path === path);
    if (!tag) return new Array(this.#plan.count).fill(null);
    const { first, pointUs, count, intervalUs } = this.#plan;
    const [start, end] = [first, first + pointUs * count + intervalUs + 1].map((time) => time as Timestamp);
    const { times, values, kinds, statuses } = await this.#historian.raw(tag.index, start, end, MAX_SAMPLES);
    const usable = values.map((value, row) =>
      kinds[row] === ValueKind.number && statuses[row] < STATUS.Bad ? value : Number.NaN,
    );
    return columnJson(reduced(this.#plan, times, usable, reduction));
  }
}
