/** What one row came to, as samples of the tags of a profile: with a status that says how good the data behind it were. */

import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { STATUS, type StatusCode } from '@tidegate/core/sample/statusCode.ts';
import type { Assessment, Unscored } from '@tidegate/health/profile/assessment.ts';
import type { Readings } from '../../acquisition/readings.ts';

/** Numbers of the tags. */
export interface JudgementTags {
  readonly score: number;
  readonly alarming: number;
  readonly late: number;
}

/** A score over less good data than this is uncertain, as on the server. */
const GOOD_SHARE = 0.9;

/** Without a value there is a reason, as on the server. */
const STATUS_OF: Readonly<Record<Unscored, StatusCode>> = {
  missing: STATUS.BadNoData,
  doubtful: STATUS.BadAggregateInvalidInputs,
  'warming-up': STATUS.BadWaitingForInitialData,
};

export function writeJudgement(tags: JudgementTags, assessment: Assessment, readings: Readings): void {
  const { quality, score, unscored, strange, drifting } = assessment;
  const time = assessment.time as Timestamp;
  if (unscored !== undefined || !Number.isFinite(score)) {
    writeNone(tags, time, unscored === undefined ? STATUS.BadNoData : STATUS_OF[unscored], readings);
    return;
  }
  const status = quality < GOOD_SHARE ? STATUS.UncertainDataSubNormal : STATUS.Good;
  readings.number(tags.score, time, score, status);
  readings.number(tags.alarming, time, strange || drifting ? 1 : 0, status);
}

/** There is neither a score nor an answer. */
export function writeNone(tags: JudgementTags, time: Timestamp, status: StatusCode, readings: Readings): void {
  readings.none(tags.score, time, status);
  readings.none(tags.alarming, time, status);
}
