/** Which tags and which window are shown: kept in the address, so that a page can be sent to a colleague. */

import { MAX_TRACES } from '../trends/traces.ts';
import { FIRST_VIEW, WINDOWS, type WindowMs } from '../trends/trendWindow.ts';

export interface Choice {
  /** `undefined` where the address says nothing of tags. */
  readonly tags: readonly number[] | undefined;
  readonly windowMs: WindowMs;
}

/** Reads `#tags=3,17&window=5min`; what cannot be understood is as if it were not there. */
export function parseChoice(hash: string): Choice {
  const parameters = new URLSearchParams(hash.replace(/^#/, ''));
  const text = parameters.get('tags');
  const numbers =
    text === null
      ? undefined
      : text
          .split(',')
          .filter((part) => /^\d{1,9}$/.test(part))
          .map(Number);
  const window = WINDOWS.find(({ label }) => label.replace(' ', '') === parameters.get('window'));
  return {
    tags: numbers && [...new Set(numbers)].slice(0, MAX_TRACES),
    windowMs: window?.ms ?? FIRST_VIEW.windowMs,
  };
}

export function formatChoice(tags: readonly number[], windowMs: WindowMs): string {
  const label = WINDOWS.find(({ ms }) => ms === windowMs)?.label.replace(' ', '') ?? '';
  return `#tags=${tags.join(',')}&window=${label}`;
}
