/** How a case stands, in words. */

import type { HealthCase, HealthCaseDetail } from '@tidegate/platform/northbound/contract/healthCase.ts';
import { formatPercent } from '../../alarms/analysis/analysisFigures.ts';
import { formatCount } from '../../reading/number.ts';
import { formatMoment } from '../../reading/span.ts';

const US_PER_MS = 1_000;

/** `2026-01-31`; local time. */
export const dayText = (us: number) => formatMoment(us / US_PER_MS).slice(0, 10);
/** `2026-01-31 14:03`; local time. */
export const minuteText = (us: number) => formatMoment(us / US_PER_MS).slice(0, 16);

export function isSnoozed({ snoozedUntil }: Pick<HealthCase, 'snoozedUntil'>, nowUs: number): boolean {
  return snoozedUntil !== null && snoozedUntil > nowUs;
}

/** `ordered, snoozed until 2026-02-07`. */
export function stateText(
  of: Pick<HealthCase, 'state' | 'snoozedUntil' | 'quietSince' | 'closedAt' | 'outcome'>,
  nowUs: number,
): string {
  const parts: string[] = [of.state];
  if (of.closedAt !== null) parts[0] = `closed ${dayText(of.closedAt)}`;
  else if (of.quietSince !== null) parts.push(`quiet since ${dayText(of.quietSince)}`);
  if (isSnoozed(of, nowUs) && of.snoozedUntil !== null) parts.push(`snoozed until ${dayText(of.snoozedUntil)}`);
  if (of.outcome !== null) parts.push(OUTCOME_WORDS[of.outcome].toLowerCase());
  return parts.join(', ');
}

export const OUTCOME_WORDS: Readonly<Record<NonNullable<HealthCase['outcome']>, string>> = {
  confirmed: 'Confirmed',
  'other-cause': 'Other cause',
  'nothing-found': 'Nothing found',
};

export const KIND_WORDS: Readonly<Record<HealthCaseDetail['reasons']['kind'], string>> = {
  drift: 'A feature goes away from its normal.',
  step: 'A feature changed at once, as a sensor or a unit does.',
  strange: 'The readings are none like those that were learned.',
  wear: 'Its parts are worn by what they bear.',
};

export const CHANGE_WORDS: Readonly<Record<HealthCaseDetail['history'][number]['what'], string>> = {
  opened: 'opened',
  alert: 'the data spoke for it again',
  snoozed: 'snoozed',
  woken: 'snoozing ended',
  ordered: 'ordered',
  'order-placed': 'order taken',
  'order-failed': 'order not taken yet',
  found: 'finding recorded',
  closed: 'closed',
  reopened: 'opened again',
  undone: 'taken back',
  photo: 'photo added',
  commented: 'comment',
  quiet: 'the data no longer speak for it',
};

/** `began with 37 others in acme/north, 2026-01-31 14:03`: what they have in common may be the cause. */
export function groupText({ count, place, since }: NonNullable<HealthCase['group']>): string {
  return `began with ${count === 2 ? 'another' : `${formatCount(count - 1)} others`} in ${place}, ${minuteText(since)}`;
}

/** Below this a person is told how much of the data was good. */
export const FULL_QUALITY = 0.95;

export function qualityText(quality: number): string {
  if (quality >= FULL_QUALITY) return `${formatPercent(quality)} of the data behind the alerts were good`;
  return `only ${formatPercent(quality)} of the data behind the alerts were good: look at the sensors as well`;
}

/** The last segments of a path, so that assets of one name are told apart. */
export function placeText(path: string): string {
  return path.split('/').slice(-2).join('/');
}

/** `solder-crack` as people say it. */
export const spoken = (name: string) => name.replaceAll('-', ' ');
