/** Estimates as samples of tags: below the path of the asset `health/<life>/`, and then `left`, `lower` and `upper`, in days. */

import { STATUS } from '@tidegate/core/sample/statusCode.ts';
import { dataStatus } from '@tidegate/health/profile/assessmentStatus.ts';
import { runOf } from '../../../historian/archive/sampleRun.ts';
import type { ImportedSeries } from '../../../historian/query/historyImport.ts';
import type { FleetLifeEstimate } from './fleetLifeEstimate.ts';

const SAYS = { left: 'as likely more as less', lower: 'at the least', upper: 'at the most' } as const;

/** At the end of the last cycle; without a value, and bad, where nothing is told. */
export function lifeSeries({ life, assetPath, at, left, quality }: FleetLifeEstimate): readonly ImportedSeries[] {
  // Ages are no data of the plant, and are as good as what a person wrote down.
  const usable = Number.isNaN(quality) ? STATUS.Good : dataStatus(quality);
  const values = { left: left?.medianDays, lower: left?.lowDays, upper: left?.highDays };
  return (['left', 'lower', 'upper'] as const).map((name) => {
    const value = values[name] ?? null;
    const description = `${name} of ${life}: days that are left by the lives of the fleet, ${SAYS[name]}`;
    const run = runOf([{ time: at, value, status: value === null ? STATUS.BadNoData : usable }]);
    return { path: `${assetPath}/health/${life}/${name}`, type: 'number', unit: 'd', description, stepped: true, run };
  });
}
