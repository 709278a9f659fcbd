/** What was judged, as samples of tags of the watch: scores are history like any other. */

import { ValueKind } from '@tidegate/core/block/sampleBlock.ts';
import { STATUS } from '@tidegate/core/sample/statusCode.ts';
import type { TagType } from '@tidegate/core/sample/tag.ts';
import type { Assessment } from '@tidegate/health/profile/assessment.ts';
import { dataStatus, scoreStatus } from '@tidegate/health/profile/assessmentStatus.ts';
import { blankRun } from '../../../historian/archive/sampleRun.ts';
import type { ImportedSeries } from '../../../historian/query/historyImport.ts';
import type { HealthWatch } from '../definition/healthWatch.ts';
import { scorePaths } from './scorePaths.ts';

interface Column {
  readonly tag: Omit<ImportedSeries, 'run'>;
  readonly times: number[];
  readonly values: number[];
  readonly statuses: number[];
}

/** Below the path of the asset: `health/<watch>/`, and then `score`, `alarm`, `<feature>/value` and so on. */
export class ScoreSeries {
  readonly #watch: HealthWatch;
  readonly #columns = new Map<string, Column>();
  #count = 0;

  constructor(watch: HealthWatch) {
    this.#watch = watch;
  }

  /** Samples of all tags. */
  get count(): number {
    return this.#count;
  }

  /** One row as the active model judged it. */
  addRow(assessment: Assessment, row: Float64Array): void {
    const { time, score, strange, drifting, drifts } = assessment;
    const usable = dataStatus(assessment.quality);
    const status = scoreStatus(assessment);
    this.#add(
      'score',
      'number',
      '1',
      'how strange the row is: -log10 of its probability in normal data',
      time,
      score,
      status,
    );
    const alarm = Number(strange || drifting);
    this.#add('alarm', 'boolean', '', 'whether rows are strange or features drift', time, alarm, status);
    for (const [at, { name, unit }] of this.#watch.features.entries()) {
      this.#add(`${name}/value`, 'number', unit, 'in the interval that ends here', time, row[at], usable);
      const level = drifts[at]?.level ?? Number.NaN;
      this.#add(`${name}/level`, 'number', unit, 'smoothed', time, level, usable);
    }
  }

  /** Miner's sum at a time. */
  addDamage(fatigue: string, time: number, damage: number): void {
    this.#add(`${fatigue}/damage`, 'number', '1', "Miner's sum: 1 is the life", time, damage, STATUS.Good);
  }

  series(): readonly ImportedSeries[] {
    return [...this.#columns.values()].map(({ tag, times, values, statuses }) => {
      const run = blankRun(times.length);
      for (const [row, value] of values.entries()) {
        run.times[row] = times[row];
        run.values[row] = value;
        run.statuses[row] = statuses[row];
        run.kinds[row] = statuses[row] >= STATUS.Bad ? ValueKind.none : ValueKind.number;
      }
      return { ...tag, run };
    });
  }

  /** What is no number has no value, whatever else it is. */
  #add(name: string, type: TagType, unit: string, says: string, time: number, value: number, status: number): void {
    let column = this.#columns.get(name);
    if (!column) {
      const [path] = scorePaths(this.#watch, name);
      const tag = {
        path,
        type,
        unit,
        description: `${name} of ${this.#watch.name}: ${says}`,
        stepped: type === 'boolean',
      };
      column = { tag, times: [], values: [], statuses: [] };
      this.#columns.set(name, column);
    }
    const isUsable = Number.isFinite(value) && status < STATUS.Bad;
    this.#count++;
    column.times.push(time);
    column.values.push(isUsable ? value : 0);
    column.statuses.push(isUsable || status >= STATUS.Bad ? status : STATUS.BadNoData);
  }
}
