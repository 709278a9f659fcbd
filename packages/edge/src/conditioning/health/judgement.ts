/** What one row came to, as samples of the tags of a profile: with a status that says how good the data behind it were. */

import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { STATUS, type StatusCode } from '@tidegate/core/sample/statusCode.ts';
import type { Assessment } from '@tidegate/health/profile/assessment.ts';
import { scoreStatus } from '@tidegate/health/profile/assessmentStatus.ts';
import type { Readings } from '../../acquisition/readings.ts';

/** Numbers of the tags. */
export interface JudgementTags {
  readonly score: number;
  readonly alarming: number;
  readonly late: number;
}

export function writeJudgement(tags: JudgementTags, assessment: Assessment, readings: Readings): void {
  const { score, unscored, strange, drifting } = assessment;
  const time = assessment.time as Timestamp;
  const status = scoreStatus(assessment);
  if (unscored !== undefined || !Number.isFinite(score)) {
    writeNone(tags, time, unscored === undefined ? STATUS.BadNoData : status, readings);
    return;
  }
  readings.number(tags.score, time, score, status);
  readings.number(tags.alarming, time, strange || drifting ? 1 : 0, status);
}

/** There is neither a score nor an answer. */
export function writeNone(tags: JudgementTags, time: Timestamp, status: StatusCode, readings: Readings): void {
  readings.none(tags.score, time, status);
  readings.none(tags.alarming, time, status);
}
