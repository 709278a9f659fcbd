/** The settings that `tune` tries, from none to coarse: shares of the span of the tag. */

import type { TagHistory } from './tagHistory.ts';

/** Both as a share of the span; `compression` is `undefined` where there is none. */
export interface Step {
  readonly deviation: number;
  readonly compression: number | undefined;
}

const PERCENT = 0.01;
/** Of a tag without compression: coarser ones too. */
const EXCEPTIONS_ALONE = [0, 0.05, 0.1, 0.25, 0.5, 1, 2];
const EXCEPTIONS = [0, 0.05, 0.1, 0.25];
const COMPRESSIONS = [0.1, 0.25, 0.5, 1, 2];

/** Compression is tried where the gateway would allow it, and with no less than the deviation of exceptions. */
export function settingsLadder({ lane, stepped }: Pick<TagHistory, 'lane' | 'stepped'>): Step[] {
  const alone = (percent: number): Step => ({ deviation: percent * PERCENT, compression: undefined });
  if (stepped || lane === 'operational') return EXCEPTIONS_ALONE.map(alone);
  return [
    ...EXCEPTIONS.map(alone),
    { deviation: 0, compression: 0 },
    ...EXCEPTIONS.flatMap((deviation) =>
      COMPRESSIONS.filter((compression) => compression >= deviation).map((compression) => ({
        deviation: deviation * PERCENT,
        compression: compression * PERCENT,
      })),
    ),
  ];
}
