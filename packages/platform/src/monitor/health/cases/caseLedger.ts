/** What the warnings were worth: how many were right, how early they came, how often somebody went for nothing. */

import { US_PER_DAY } from '@tidegate/core/clock/timestamp.ts';
import type { WatchedDays } from './caseStore.ts';
import { shareWords } from './explain/quantityWords.ts';
import type { HealthCase } from './healthCase.ts';
import { wilsonInterval } from './wilsonInterval.ts';

export interface CaseAccount {
  /** Cases that were opened in the period. */
  readonly opened: number;
  readonly withFinding: number;
  readonly confirmed: number;
  readonly otherCause: number;
  readonly nothingFound: number;
  /** Confirmed of those with a finding; the interval holds 95 %. `words` says so, and where there are too few to say. */
  readonly precision: { readonly share: number; readonly low: number; readonly high: number; readonly words: string };
  /** From when a confirmed case was opened until it failed, or was found before that, in days; `undefined` where there is none. */
  readonly lead: { readonly medianDays: number; readonly leastDays: number; readonly mostDays: number } | undefined;
  readonly equipmentYears: number;
  /** Cases for nothing in a year of one equipment; NaN where nothing was judged. */
  readonly falsePerYear: number;
  /** Without a finding after `OVERDUE_DAYS`: they make all of the above less sure. */
  readonly overdue: readonly number[];
}

export interface CaseLedger {
  readonly overall: CaseAccount;
  readonly watches: ReadonlyMap<string, CaseAccount>;
}

/** Fewer findings than this say nothing of the next. */
export const FEWEST_FINDINGS = 10;
export const OVERDUE_DAYS = 30;
const DAYS_PER_YEAR = 365.25;

/**
 * Of the cases that were opened in `start <= time < end` (µs), by watch and overall; `judged` are the days of that period in which
 * watches were judged, `now` is when it is asked.
 */
export function caseLedger(
  cases: readonly HealthCase[],
  judged: readonly WatchedDays[],
  { start, end, now }: { readonly start: number; readonly end: number; readonly now: number },
): CaseLedger {
  const within = cases.filter(({ openedAt }) => openedAt >= start && openedAt < end);
  const names = new Set([...judged, ...within].map(({ watch }) => watch));
  const watches = [...names].sort().map((watch) => {
    const own = within.filter((one) => one.watch === watch);
    return [
      watch,
      accountOf(
        own,
        judged.filter((days) => days.watch === watch),
        now,
      ),
    ] as const;
  });
  return { overall: accountOf(within, judged, now), watches: new Map(watches) };
}

function accountOf(cases: readonly HealthCase[], judged: readonly WatchedDays[], now: number): CaseAccount {
  const counted = (outcome: string) => cases.filter(({ finding }) => finding?.outcome === outcome).length;
  const [confirmed, otherCause, nothingFound] = ['confirmed', 'other-cause', 'nothing-found'].map(counted);
  const withFinding = confirmed + otherCause + nothingFound;
  const [low, high] = wilsonInterval(confirmed, withFinding);
  const share = withFinding === 0 ? Number.NaN : confirmed / withFinding;
  const equipmentYears = equipmentDays(judged) / DAYS_PER_YEAR;
  const isOverdue = ({ finding, openedAt }: HealthCase) => !finding && now - openedAt > OVERDUE_DAYS * US_PER_DAY;
  return {
    ...{ opened: cases.length, withFinding, confirmed, otherCause, nothingFound, equipmentYears },
    precision: { share, low, high, words: precisionWords(confirmed, withFinding) },
    lead: leadOf(cases),
    falsePerYear: equipmentYears > 0 ? nothingFound / equipmentYears : Number.NaN,
    overdue: cases.filter(isOverdue).map(({ number }) => number),
  };
}

/** An equipment that several watches judge on one day is there once: of each the days of its most judged watch count. */
function equipmentDays(judged: readonly WatchedDays[]): number {
  const byAsset = Map.groupBy(judged, ({ asset }) => asset).values();
  return [...byAsset].reduce((sum, watches) => sum + Math.max(...watches.map(({ days }) => days)), 0);
}

function precisionWords(confirmed: number, all: number): string {
  if (all === 0) return 'no finding yet';
  const counts = `${confirmed} of ${all}`;
  if (all < FEWEST_FINDINGS) return `${counts}, too few to say`;
  const [low, high] = wilsonInterval(confirmed, all);
  return `${counts} confirmed: ${shareWords(confirmed / all)} (${shareWords(low).replace(' %', '')} to ${shareWords(high)})`;
}

function leadOf(cases: readonly HealthCase[]): CaseAccount['lead'] {
  const days = cases
    .flatMap(({ openedAt, finding }) =>
      finding?.outcome === 'confirmed' ? [((finding.failedAt ?? finding.at) - openedAt) / US_PER_DAY] : [],
    )
    .sort((a, b) => a - b);
  if (days.length === 0) return undefined;
  const middle = days.length / 2;
  const medianDays = (days[Math.ceil(middle) - 1] + days[Math.floor(middle)]) / 2;
  return { medianDays, leastDays: days[0], mostDays: days[days.length - 1] };
}
