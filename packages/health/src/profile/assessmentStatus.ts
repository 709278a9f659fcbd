/** How good the data behind a judgement were, as the status of its samples: the same in the gateway and on the server. */

import { STATUS, type StatusCode } from '@tidegate/core/sample/statusCode.ts';
import type { Assessment, Unscored } from './assessment.ts';

/** What comes of less good data than this is uncertain. */
const GOOD_SHARE = 0.9;

/** Without a score there is a reason. */
const STATUS_OF: Readonly<Record<Unscored, StatusCode>> = {
  missing: STATUS.BadNoData,
  doubtful: STATUS.BadAggregateInvalidInputs,
  'warming-up': STATUS.BadWaitingForInitialData,
};

/** OPC UA Part 4, 7.39. `quality` is the share of good data, 0 to 1. */
export function dataStatus(quality: number): StatusCode {
  return quality < GOOD_SHARE ? STATUS.UncertainDataSubNormal : STATUS.Good;
}

/** Of the score: a bad one where the row has none. */
export function scoreStatus({ quality, unscored }: Pick<Assessment, 'quality' | 'unscored'>): StatusCode {
  return unscored ? STATUS_OF[unscored] : dataStatus(quality);
}
