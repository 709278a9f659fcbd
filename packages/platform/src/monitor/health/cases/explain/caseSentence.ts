/** What a technician reads first: where, what, since when and how far, how long it lasts, and how sure all that is. */

import { US_PER_DAY } from '@tidegate/core/clock/timestamp.ts';
import type { FeatureStep, LifeLeft } from '@tidegate/health/profile/assessment.ts';
import type { FailureMode, HealthWatch } from '../../definition/healthWatch.ts';
import type { FatigueStanding } from '../../scoring/watchStanding.ts';
import type { AlertKind, CaseSign } from '../healthCase.ts';
import { assetWords, capitalised, listWords, nameWords } from './assetWords.ts';
import { directionOf } from './caseSigns.ts';
import { lifeWords } from './lifeWords.ts';
import { changeWords, plainNumber, quantityWords, shareWords, spokenUnit } from './quantityWords.ts';
import { sinceWords, whenWords } from './siteTime.ts';

export interface SentenceParts {
  readonly kind: AlertKind;
  readonly watch: HealthWatch;
  readonly failure: FailureMode | undefined;
  readonly signs: readonly CaseSign[];
  /** That drives the failure, or is the alert itself. */
  readonly fatigue: FatigueStanding | undefined;
  readonly life: LifeLeft | undefined;
  /** Whose limit ends that life; `undefined` of wear. */
  readonly limited: CaseSign | undefined;
  readonly noLife: string | undefined;
  /** Of the first sign, where the kind is `step`. */
  readonly step: FeatureStep | undefined;
  readonly isNewMode: boolean;
  readonly quality: number;
  /** µs since 1970 UTC, and the IANA time zone of the site. */
  readonly now: number;
  readonly zone: string;
}

/** More signs than this are in the case, and not in its sentence. */
const MOST_SIGNS = 3;
/** Below this a person is told how much of the data was good. */
const FULL_QUALITY = 0.95;

export function caseSentence(parts: SentenceParts): string {
  const sentences = [...BODIES[parts.kind](parts), ...doubts(parts)];
  const [first, ...rest] = sentences;
  return [`${assetWords(parts.watch.assetPath)}: ${first}.`, ...rest.map((text) => `${capitalised(text)}.`)].join(' ');
}

const BODIES: Readonly<Record<AlertKind, (parts: SentenceParts) => readonly string[]>> = {
  drift: (parts) => {
    const { failure, signs } = parts;
    const proven = signs.filter((sign) => sign.proven).slice(0, MOST_SIGNS);
    const [whole, ...rest] = proven.map((sign) => `${driftWords(sign, parts)}${limitWords(sign, parts)}`);
    const wear = wearWords(parts);
    if (!failure) return [`no failure that is described for it fits, but ${whole}`, ...rest, ...wear];
    return [failureWords(parts, failure), whole, ...rest, ...wear];
  },
  step: ({ signs: [first], step, now, zone }) => {
    const change = changeWords(step?.from ?? first.normal, step?.to ?? first.now, first.unit);
    const at = step === undefined ? '' : ` ${whenWords(step.at, now, zone)}`;
    return [
      `${nameWords(first.feature)} changed at once${at} ${change}, and has stayed there`,
      ...(step?.conversion === undefined ? [] : [`a change of units does that: ${step.conversion}`]),
      'another sensor, range, unit or part looks like this, wear does not: look there first',
    ];
  },
  strange: (parts) => {
    const { failure, signs, now, zone } = parts;
    const since = signs.map((sign) => sign.since).find(Number.isFinite);
    const when = since === undefined ? '' : ` ${sinceWords(since, now, zone)}`;
    const most = signs.slice(0, MOST_SIGNS).map(strangeWords);
    const what = `its readings do not go together as they used to${when}${most.length > 0 ? `, above all ${listWords(most)}` : ''}`;
    return failure
      ? [`it looks as when ${failure.says}: ${what}`, ...wearWords(parts)]
      : [what, 'no failure that is described for it fits so far'];
  },
  wear: (parts) => [
    ...wearWords(parts),
    ...(parts.life ? [`${lifeWords(parts.life)} are left`] : []),
    'no reading shows it yet',
  ],
};

function failureWords({ watch }: SentenceParts, { says, fatigue }: FailureMode): string {
  const cause = watch.fatigue.find(({ name }) => name === fatigue)?.cause;
  return cause === undefined ? says : `${says} through ${cause}`;
}

/** "contact resistance has risen since 3 March from 1.5 to 4.2 mOhm (limit 50)". */
function driftWords(sign: CaseSign, parts: SentenceParts): string {
  const { feature, unit, now, normal, since, limit, perDay } = sign;
  const goes = now > normal ? 'has risen' : 'has fallen';
  const when = Number.isFinite(since) ? ` ${sinceWords(since, parts.now, parts.zone)}` : '';
  const { scale } = spokenUnit(unit, [now, normal]);
  const end = limit === undefined ? '' : ` (limit ${plainNumber(limit / scale)})`;
  const isHalted = perDay * directionOf(sign) < 0 && !isAtLimit(sign);
  const halt = isHalted
    ? `; it ${goesBack(sign, parts.now) ? 'is on its way back' : 'goes no further at present'}`
    : '';
  return `${nameWords(feature)} ${goes}${when} ${changeWords(normal, now, unit)}${end}${halt}`;
}

/** Faster than it came. */
function goesBack({ now, normal, since, perDay }: CaseSign, at: number): boolean {
  return Math.abs(perDay) * (at - since) > Math.abs(now - normal) * US_PER_DAY;
}

function limitWords(sign: CaseSign, { life, limited }: SentenceParts): string {
  if (!life || sign !== limited) return '';
  return isAtLimit(sign) ? '; it is at its limit' : `; in ${lifeWords(life)} it is at the limit`;
}

function isAtLimit({ limit, now, normal }: CaseSign): boolean {
  return limit !== undefined && (now > normal ? now >= limit : now <= limit);
}

function strangeWords({ feature, unit, now, normal, share }: CaseSign): string {
  const usual = Number.isFinite(normal) ? `, usually ${quantityWords(normal, unit)}` : '';
  return `${nameWords(feature)} (${quantityWords(now, unit)}${usual}; ${shareWords(share)} of it)`;
}

function wearWords({ watch, fatigue, now, zone }: SentenceParts): readonly string[] {
  const definition = watch.fatigue.find(({ name }) => name === fatigue?.name);
  if (!fatigue || !definition || !(fatigue.damage > 0)) return [];
  const rate = fatigue.perDay > 0 ? `, and ${shareWords(fatigue.perDay)} more a day` : '';
  const used = `${definition.cause} has used ${shareWords(fatigue.damage)} of the usual life of ${definition.part}${rate}`;
  const { cycles, leastRange, since } = fatigue;
  if (!(cycles >= 1)) return [used];
  // A width of cycles is a difference: of degrees it is said in kelvin.
  const range = quantityWords(leastRange, definition.unit === 'Cel' ? 'K' : definition.unit);
  return [`${used}: ${Math.floor(cycles)} cycles of more than ${range} ${sinceWords(since, now, zone)}`];
}

function doubts({ kind, life, noLife, isNewMode, quality }: SentenceParts): readonly string[] {
  return [
    ...(!life && noLife && kind === 'drift' ? [`how long it lasts cannot be told: ${withoutStop(noLife)}`] : []),
    ...(isNewMode ? ['it runs in a way that was not there while its normal was learned'] : []),
    ...(quality < FULL_QUALITY ? [`only ${shareWords(quality)} of the data behind this are good`] : []),
  ];
}

function withoutStop(text: string): string {
  return text.replace(/\.$/, '');
}
