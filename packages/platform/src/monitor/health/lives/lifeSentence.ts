/** What a technician reads of the life left of one asset: how long, how sure, and by what. */

import { capitalised } from '../cases/explain/assetWords.ts';
import { daysWords, lifeWords } from '../cases/explain/lifeWords.ts';
import type { FleetLifeEstimate } from './fleetLifeEstimate.ts';

export interface LifeSentenceParts extends Omit<FleetLifeEstimate, 'sentence'> {
  readonly horizonDays: number;
  /** Lives that ended by the failure, of which it was learned. */
  readonly failures: number;
}

/** Below this a person is told how much of the data was good. */
const FULL_QUALITY = 0.95;

export function lifeSentence(parts: LifeSentenceParts): string {
  const { left, refused, quality } = parts;
  if (!left) return refused?.detail ?? '';
  const sentences = [`${leftWords(parts)}, ${methodWords(parts)}`, ...similarWords(parts)];
  if (quality < FULL_QUALITY) sentences.push(`${Math.round(100 * quality)} % of the data of the last cycles are good`);
  return sentences.map((text) => `${capitalised(text)}.`).join(' ');
}

function leftWords({ left, horizonDays }: LifeSentenceParts): string {
  const { medianDays, lowDays, highDays } = left!;
  const horizon = daysWords(horizonDays);
  if (lowDays >= horizonDays) return `more than ${horizon} are left`;
  if (medianDays >= horizonDays) return `most likely more than ${horizon} are left, at the least ${daysWords(lowDays)}`;
  return `${lifeWords(left!)} are left${highDays >= horizonDays ? ', perhaps more' : ''}`;
}

function methodWords({ method, failures, ageDays = 0, reasons }: LifeSentenceParts): string {
  if (method === 'signals') return `by what ${failures} lives before it showed`;
  const age = `by its age of ${daysWords(ageDays)} and ${failures} lives that failed before`;
  return method === 'ages' ? age : `${age}, and by ${reasons.map(({ feature }) => feature).join(', ')}`;
}

function similarWords({ similar: [first] }: LifeSentenceParts): readonly string[] {
  if (!first) return [];
  const { assetPath, number, leftDays } = first;
  return [`it looks most like life ${number} of ${assetPath} when that had ${daysWords(leftDays)} left`];
}
