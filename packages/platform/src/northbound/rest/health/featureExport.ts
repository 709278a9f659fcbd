/** Sets of features as they are asked for, put on the disk of the server. */

import { join } from 'node:path';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { type Result, success } from '@tidegate/core/fault/fault.ts';
import type { z } from 'zod';
import { labelsOf } from '../../../monitor/health/cases/labels.ts';
import type { FeatureLabel } from '../../../monitor/health/features/featureSetCard.ts';
import { exportFeatureSet } from '../../../monitor/health/features/featureSetExport.ts';
import type { FeatureExport, FeatureExportBody } from '../../contract/healthLedger.ts';
import { knownAtOf, rangeOf } from '../history/moments.ts';
import { answer, type Outcome, refusal } from '../outcome.ts';
import type { HealthDoor } from './healthDoor.ts';
import { longName, lookUpWatch } from './watchLookup.ts';

/** Ten years of a row each minute. */
const MAX_ROWS = 5_300_000;

/** Answered when the files are durable. */
export async function exportFeatures(
  door: HealthDoor,
  { watch: name, labels: isLabelled, by, ...query }: z.output<typeof FeatureExportBody>,
  now: Timestamp,
): Promise<Outcome<FeatureExport>> {
  const watch = lookUpWatch(door.watches, name);
  if (!watch.ok) return watch;
  const asked = { ...query, timeZone: 'UTC' };
  const range = rangeOf(asked, now);
  if (!range.ok) return range;
  const knownAt = knownAtOf(asked, now);
  if (!knownAt.ok) return knownAt;
  const { start, end } = range.value;
  if ((end - start) / watch.value.intervalUs > MAX_ROWS) {
    return refusal('history.too-much', `There would be more than ${MAX_ROWS} rows: ask for a shorter range.`);
  }
  const labels = isLabelled ? labelsOfWatch(door, watch.value.id) : success(undefined);
  if (!labels.ok) return { ...labels, extras: {} };
  const directory = join(door.exportDirectory, directoryName(longName(watch.value), now));
  const request = { watch: watch.value, start, end, by, at: now, directory };
  const known = knownAt.value === undefined ? {} : { knownAt: knownAt.value };
  const set = await exportFeatureSet(door.features, {
    ...request,
    ...known,
    ...(labels.value && { labels: labels.value }),
  });
  if (!set.ok) return { ...set, extras: {} };
  const { rows, parquet, card, cardText } = set.value;
  return answer({ watch: watch.value.id, start, end, rows, file: parquet, card, cardText });
}

/** Nothing was the matter where nothing was found. */
function labelsOfWatch({ cases }: HealthDoor, watch: string): Result<readonly FeatureLabel[]> {
  const own = cases.list({ watch });
  if (!own.ok) return own;
  return success(
    labelsOf(own.value).map(({ start, end, failure, case: number }) => {
      const isSound = failure === undefined;
      return { start, end, label: failure ?? 'sound', source: `case ${number}`, yields: isSound };
    }),
  );
}

/** No name leads out of the folder of exports. */
function directoryName(watch: string, now: Timestamp): string {
  const moment = new Date(now / 1_000).toISOString().replaceAll(/[-:.]/g, '');
  return `${watch.replaceAll(/[^\w-]+/g, '_')}-${moment}`;
}
