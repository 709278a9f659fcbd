/**
 * Overall equipment effectiveness and its losses, after ISO 22400-2:2014 (availability 9.4, effectiveness 9.5, quality
 * ratio 9.6, OEE index 9.7).
 */

import type { SampleValue } from '@tidegate/core/sample/sample.ts';
import type { StateEvents } from '../../historian/query/state/stateEvents.ts';

/** What a state of the machine is for the account. Time in none of the states that are named is `unknown`. */
export type TimeCategory = 'productive' | 'planned-stop' | 'unplanned-stop' | 'unknown';

/** What was made in the period. */
export interface PieceCount {
  readonly total: number;
  /** `undefined` where rejects are not counted; then quality is taken as 1, and `qualityMeasured` is false. */
  readonly rejected: number | undefined;
  /** What all of them would have taken at the ideal cycle time of their product, in seconds. */
  readonly idealSeconds: number;
}

export interface TimeLoss {
  readonly kind: 'availability' | 'performance' | 'quality';
  /** The state that the machine was in, for availability; else what the loss is. */
  readonly what: string;
  readonly seconds: number;
}

export interface Oee {
  /** Time that production was planned for: all but planned stops and what nothing is known of. */
  readonly plannedSeconds: number;
  readonly productiveSeconds: number;
  readonly plannedStopSeconds: number;
  /** Time without a state, with a bad one, or with one that is not named: it is in no ratio. */
  readonly unknownSeconds: number;
  /** Each from 0, and `undefined` where its divisor is 0. Performance above 1 says that the ideal cycle time is too long. */
  readonly availability: number | undefined;
  readonly performance: number | undefined;
  readonly quality: number | undefined;
  readonly oee: number | undefined;
  readonly qualityMeasured: boolean;
  /** The largest first; together with the ideal time of good pieces they make up the planned time. */
  readonly losses: readonly TimeLoss[];
}

const US_PER_SECOND = 1e6;

/**
 * `states` are those of the machine from `start` to `end` (µs); `categories` names what each of its values is.
 */
export function calculateOee(
  states: StateEvents,
  categories: ReadonlyMap<SampleValue, TimeCategory>,
  pieces: PieceCount,
  { start, end }: { readonly start: number; readonly end: number },
): Oee {
  const seconds = secondsByState(states);
  const inCategory = (wanted: TimeCategory) =>
    [...seconds].reduce((sum, [state, s]) => sum + (categories.get(state) === wanted ? s : 0), 0);
  const productiveSeconds = inCategory('productive');
  const unplannedSeconds = inCategory('unplanned-stop');
  const plannedStopSeconds = inCategory('planned-stop');
  const plannedSeconds = productiveSeconds + unplannedSeconds;
  const qualityMeasured = pieces.rejected !== undefined;
  const goodShare = ratio(pieces.total - (pieces.rejected ?? 0), pieces.total);
  const availability = ratio(productiveSeconds, plannedSeconds);
  const performance = ratio(pieces.idealSeconds, productiveSeconds);
  const idle = [...seconds].filter(([state]) => categories.get(state) === 'unplanned-stop');
  const losses: TimeLoss[] = [
    ...idle.map(([state, s]) => ({ kind: 'availability' as const, what: String(state), seconds: s })),
    { kind: 'performance', what: 'slower than ideal', seconds: productiveSeconds - pieces.idealSeconds },
    { kind: 'quality', what: 'rejected', seconds: pieces.idealSeconds * (1 - (goodShare ?? 1)) },
  ];
  return {
    ...{ plannedSeconds, productiveSeconds, plannedStopSeconds },
    unknownSeconds: (end - start) / US_PER_SECOND - plannedSeconds - plannedStopSeconds,
    ...{ availability, performance, quality: goodShare },
    oee: product([availability, performance, goodShare]),
    qualityMeasured,
    losses: losses.filter((loss) => loss.seconds !== 0).sort((a, b) => b.seconds - a.seconds),
  };
}

/** How long each state was, in seconds. */
export function secondsByState({ starts, ends, states, table }: StateEvents): Map<SampleValue, number> {
  const seconds = new Map<SampleValue, number>();
  for (let event = 0; event < starts.length; event++) {
    const state = table[states[event]];
    seconds.set(state, (seconds.get(state) ?? 0) + (ends[event] - starts[event]) / US_PER_SECOND);
  }
  return seconds;
}

function ratio(part: number, whole: number): number | undefined {
  return whole > 0 ? part / whole : undefined;
}

function product(factors: readonly (number | undefined)[]): number | undefined {
  return factors.reduce((so, factor) => (so === undefined || factor === undefined ? undefined : so * factor), 1);
}
