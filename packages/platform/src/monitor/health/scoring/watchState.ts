/** How a watch stands, in words: it learns, it scores, or it is blind, and why. */

import { US_PER_DAY, US_PER_S } from '@tidegate/core/clock/timestamp.ts';
import type { HealthWatch } from '../definition/healthWatch.ts';
import type { Learning } from '../models/modelTrainer.ts';
import { toldTime, type WatchHorizon } from '../models/watchTags.ts';
import type { ScoringState } from './scoringState.ts';
import type { BrokenShadow } from './watchModels.ts';
import type { LateSamples, WatchScorer } from './watchScorer.ts';
import type { WatchStanding } from './watchStanding.ts';

/** What is told of one watch to whoever asks. */
export interface ScoringStanding {
  readonly watch: HealthWatch;
  readonly state: ScoringState;
  /** What is learned or waited for, or why it is blind; `undefined` where it just scores. */
  readonly why: string | undefined;
  /** Number of the model that judges; `undefined` where none does. */
  readonly model: number | undefined;
  /** Numbers of those that have no voice. */
  readonly shadows: readonly number[];
  /** Those of them that do not judge until the server is started again or the models of the watch change, and why. */
  readonly brokenShadows: readonly BrokenShadow[];
  readonly latest: WatchStanding | undefined;
  /** Of learning, or of catching up, from 0 to 1; `undefined` where neither goes on. */
  readonly progress: number | undefined;
  /** Rows stay as they were judged; so many samples came later. */
  readonly late: Readonly<LateSamples>;
}

/** What the state comes from. */
export interface StateFacts {
  readonly scorer: WatchScorer;
  /** `undefined` before it was looked at. */
  readonly horizon: WatchHorizon | undefined;
  /** Rows can be judged up to here (µs). */
  readonly ready: number;
  /** Where catching up began (µs); `undefined` where it is not behind. */
  readonly behindSince: number | undefined;
  readonly learning: Learning | undefined;
  readonly now: number;
}

type Verdict = Pick<ScoringStanding, 'state' | 'why' | 'progress'>;

/** Data may be so much older than now, besides two intervals. */
const USUAL_DELAY_US = 900 * US_PER_S;

export function scoringStanding(facts: StateFacts): ScoringStanding {
  const { watch, models, latest, late } = facts.scorer;
  return {
    ...{ watch, latest, late, model: models.active?.number, shadows: models.shadowNumbers },
    brokenShadows: models.brokenShadows(),
    ...verdict(facts),
  };
}

function verdict(facts: StateFacts): Verdict {
  const { scorer, horizon } = facts;
  const { models, keepFault, readFault, modelFault } = scorer;
  if (!horizon) return { state: 'blind', why: 'It was not looked at yet.', progress: undefined };
  if (keepFault) return blind(`Scores cannot be kept, so nothing more is judged: ${keepFault.detail}`);
  if (scorer.crash !== undefined) return blind(`Tidegate broke down over it: ${scorer.crash}`);
  if (readFault) return blind(`Its data cannot be read: ${readFault.detail}`);
  if (models.fault) return blind(models.fault.detail);
  if (!models.active && scorer.watch.features.length > 0) return withoutModel(facts);
  if (modelFault) return blind(modelFault.detail);
  return whyUnseen(facts) ?? catchingUp(facts) ?? ofLatest(scorer);
}

function blind(why: string): Verdict {
  return { state: 'blind', why, progress: undefined };
}

function withoutModel({ scorer, learning, horizon }: StateFacts): Verdict {
  const { unfit, shadowNumbers } = scorer.models;
  const said: string[] = [];
  if (unfit !== undefined) said.push(`Model ${unfit} was learned with other features than the watch has now.`);
  if (shadowNumbers.length > 0) said.push(`No model has a voice; model ${shadowNumbers[0]} is a shadow.`);
  if (scorer.models.areRetired) said.push('All of its models are retired.');
  if (learning?.isUnderWay) said.push(`Learning: ${daysOf(learning)}.`);
  else if (learning?.refused) said.push(learning.refused.detail);
  if (said.length === 0) said.push('No model has been learned yet.');
  said.push(...scorer.fatigueFaults());
  if (horizon?.knownUntil === Number.NEGATIVE_INFINITY) return blind(said.join(' '));
  const found = learning && learning.neededUs > 0 ? Math.min(1, learning.foundUs / learning.neededUs) : undefined;
  return { state: 'learning', why: said.join(' '), progress: found };
}

/** "12 of 30 days". */
export function daysOf({ foundUs, neededUs }: Pick<Learning, 'foundUs' | 'neededUs'>): string {
  const [found, needed] = [foundUs, neededUs].map((us) => Number((us / US_PER_DAY).toPrecision(3)));
  return `${found} of ${needed} days of normal operation`;
}

function whyUnseen({ scorer, horizon, ready, now }: StateFacts): Verdict | undefined {
  const { rowsUntil, watch } = scorer;
  const { finalUntil = 0, knownUntil = Number.NEGATIVE_INFINITY, waitsFor } = horizon ?? {};
  if (knownUntil === Number.NEGATIVE_INFINITY) return blind('None of its tags has a sample.');
  if (rowsUntil !== undefined && now < rowsUntil - watch.intervalUs) return blind(whyAhead(scorer, rowsUntil, now));
  const delayUs = 2 * watch.intervalUs + USUAL_DELAY_US;
  const isBehind = rowsUntil !== undefined && ready - rowsUntil >= watch.intervalUs;
  if (isBehind || now - ready <= delayUs) return undefined;
  if (now - finalUntil <= delayUs) return blind(`There are no samples since ${toldTime(knownUntil)}.`);
  const heard = Number.isFinite(finalUntil) ? `heard of until ${toldTime(finalUntil)}` : 'of which nothing has come';
  return blind(`It waits for samples of the gateway ${waitsFor}, ${heard}.`);
}

function whyAhead({ models: { active } }: WatchScorer, rowsUntil: number, now: number): string {
  const shown = `The clock shows ${toldTime(now)}, and`;
  if (active?.learnedUntil !== rowsUntil) return `${shown} rows up to ${toldTime(rowsUntil)} have been judged already.`;
  return `${shown} model ${active.number} was learned from rows up to ${toldTime(rowsUntil)}: learn another, and promote it.`;
}

function catchingUp({ scorer, ready, behindSince }: StateFacts): Verdict | undefined {
  const { rowsUntil } = scorer;
  if (rowsUntil === undefined || behindSince === undefined || ready - rowsUntil < scorer.watch.intervalUs)
    return undefined;
  const progress = Math.max(0, Math.min(1, (rowsUntil - behindSince) / (ready - behindSince)));
  return { state: 'scoring', why: `It catches up: rows are judged up to ${toldTime(rowsUntil)}.`, progress };
}

function ofLatest({ lack, latest, models }: WatchScorer): Verdict {
  if (lack !== undefined) return blind(lack);
  const { unscored, strange, drifting, time = Number.NaN } = latest?.model ? latest.assessment : {};
  if (unscored === 'missing') return blind(`A feature had no value in the row of ${toldTime(time)}.`);
  if (unscored === 'doubtful') return blind(`The data behind the row of ${toldTime(time)} were doubtful.`);
  if (unscored)
    return { state: 'scoring', why: 'Too few rows came before the last one for a score.', progress: undefined };
  // A tag that stands still scores well, and so does what the model has not seen: only the model itself notices.
  const says = strange || drifting ? [] : (models.active?.health().says ?? []);
  const why = says.length > 0 ? says.join(' ') : undefined;
  return { state: 'scoring', why, progress: undefined };
}
