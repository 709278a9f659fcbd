/** How far a twin is trusted, in words. */

import type { Twin } from '@tidegate/platform/northbound/contract/twin.ts';

/** Below the second of them a twin says little. */
const LEVELS = [
  { from: 0.8, word: 'trusted', state: 'well' },
  { from: 0.5, word: 'trusted with care', state: 'unknown' },
  { from: 0, word: 'not to be trusted', state: 'attention' },
] as const;

export function trustWords(score: number): { readonly word: string; readonly state: 'well' | 'unknown' | 'attention' } {
  return LEVELS.find(({ from }) => score >= from) ?? LEVELS[2];
}

/** The three parts of the score, each from 0 to 1, with what it is. */
export function trustParts({ data, model, calibration }: Twin['trust']) {
  return [
    { name: 'data', share: data, meaning: 'quality and freshness of what the model reads' },
    { name: 'model', share: model, meaning: 'residuals of late against those of the fit' },
    { name: 'calibration', share: calibration, meaning: 'age of the fit' },
  ];
}
