/** How watches stand, in words. */

import type { HealthWatch, HealthWatchList } from '@tidegate/platform/northbound/contract/healthWatch.ts';
import { formatCount } from '../../reading/number.ts';

type Standing = Pick<HealthWatch, 'state' | 'strange' | 'drifting' | 'unscored'>;

/** What a mark says: all is well, somebody has to look, or nothing is known. */
export function standingOf({ state, strange, drifting, unscored }: Standing): {
  readonly state: 'well' | 'attention' | 'unknown';
  readonly text: string;
} {
  if (state !== 'scoring') return { state: 'unknown', text: state };
  if (strange || drifting) {
    return { state: 'attention', text: strange && drifting ? 'strange, drifts' : strange ? 'strange' : 'drifts' };
  }
  if (unscored !== null) return { state: 'unknown', text: UNSCORED_WORDS[unscored] };
  return { state: 'well', text: 'as learned' };
}

const UNSCORED_WORDS: Readonly<Record<NonNullable<HealthWatch['unscored']>, string>> = {
  missing: 'values are missing',
  doubtful: 'data are doubtful',
  'warming-up': 'warms up',
};

const are = (count: number) => (count === 1 ? 'is' : 'are');
const watches = (count: number) => `${formatCount(count)} ${count === 1 ? 'watch' : 'watches'}`;

/** What is true where there is no case: whether anybody looks, how far the learning is, and what cannot be seen. */
export function nothingText(list: Pick<HealthWatchList, 'counts' | 'watches'> | null): string {
  if (list === null) return 'The server has no model of the plant. Apply one with `tidegate model apply`.';
  const { scoring, learning, blind, alarming, all } = list.counts;
  if (all === 0) return 'Nothing is watched. Write watches into `health/*.yaml` of the model and apply it.';
  const parts: string[] = [];
  parts.push(scoring > 0 ? `${watches(scoring)} ${are(scoring)} scored` : 'No watch is scored yet');
  if (learning > 0)
    parts.push(`${formatCount(learning)} ${learning === 1 ? 'learns' : 'learn'}${learned(list.watches)}`);
  if (blind > 0) parts.push(`${formatCount(blind)} ${are(blind)} blind`);
  const first = scoring === 0 ? '' : alarming > 0 ? 'No case is pending. ' : 'Nothing is degrading. ';
  return `${first}${parts.join(', ')}.`;
}

/** `: 40 %`, of the one that is the least far. */
function learned(all: readonly Pick<HealthWatch, 'state' | 'progress' | 'why'>[]): string {
  const learning = all.filter(({ state, progress }) => state === 'learning' && progress !== null);
  if (learning.length === 0) return '';
  const last = learning.reduce((least, one) => ((one.progress ?? 0) < (least.progress ?? 0) ? one : least));
  return `: ${last.why?.match(DAYS)?.[0] ?? `${Math.round((last.progress ?? 0) * 100)} % of what it takes`}`;
}

/** As the server tells how far it is: `12 of 30 days`. */
const DAYS = /[\d.]+ of [\d.]+ days/;

/** What needs somebody first, then what cannot see, what learns, and the rest; by asset and name among equals. */
export function watchesInOrder(all: readonly HealthWatch[]): HealthWatch[] {
  const place = (watch: HealthWatch) => {
    if (watch.strange || watch.drifting || watch.openCase !== null) return 0;
    return { blind: 1, learning: 2, scoring: 3 }[watch.state];
  };
  return all.toSorted((a, b) => place(a) - place(b));
}
