/** What a watch has measured of vibrations, as it was judged: to go through the signals again for a plot would take minutes. */

import { ValueKind } from '@tidegate/core/block/sampleBlock.ts';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { STATUS } from '@tidegate/core/sample/statusCode.ts';
import type { HistorianReader } from '../../../historian/query/historianReader.ts';
import type { HealthWatch } from '../../../monitor/health/definition/healthWatch.ts';
import type { FeatureTable } from '../../../monitor/health/features/featureTable.ts';

/** The rows with those values in their places, where a row was judged; what came of bad data is none. */
export async function withJudgedVibration(
  historian: Pick<HistorianReader, 'tags' | 'raw'>,
  { assetPath, name, features }: Pick<HealthWatch, 'assetPath' | 'name' | 'features'>,
  table: FeatureTable,
): Promise<FeatureTable> {
  const { times } = table;
  const columns = [...table.columns];
  for (const [at, feature] of features.entries()) {
    if (!feature.vibration || times.length === 0) continue;
    const path = `${assetPath}/health/${name}/${feature.name}/value`;
    const tag = historian.tags().find((one) => one.path === path);
    if (!tag) continue;
    const [start, end] = [times[0], times[times.length - 1] + 1].map((time) => time as Timestamp);
    const judged = await historian.raw(tag.index, start, end, Number.POSITIVE_INFINITY);
    const values = new Map<number, number>();
    for (const [row, time] of judged.times.entries()) {
      const isUsable = judged.kinds[row] === ValueKind.number && judged.statuses[row] < STATUS.Bad;
      values.set(time, isUsable ? judged.values[row] : Number.NaN);
    }
    columns[at] = times.map((time) => values.get(time) ?? Number.NaN);
  }
  return { ...table, columns };
}
