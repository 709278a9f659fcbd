/** At which bit rate a line runs, told from what a tap receives at each: at a wrong one, bytes come and make no telegrams. */

import { isChecked } from './measureTelegram.ts';
import { TelegramReader } from './telegramReader.ts';

/** Bits per second (IEC 61158-2; 31.25 kbit/s is that of PROFIBUS PA, behind a coupler of DP at 45.45 kbit/s). */
export const BIT_RATES = [
  9_600, 19_200, 31_250, 45_450, 93_750, 187_500, 500_000, 1_500_000, 3_000_000, 6_000_000, 12_000_000,
] as const;

/** Fewer telegrams than this prove nothing: chance makes one of six bytes out of 16 million. */
const ENOUGH_TELEGRAMS = 3;
const CLEAR_SCORE = 0.5;

export interface ByteScore {
  /** Good telegrams that have an FCS. */
  readonly telegrams: number;
  /** The share of bytes that belong to good telegrams, 0 to 1. */
  readonly score: number;
}

/** How much of what was received makes sense. */
export function scoreBytes(bytes: Uint8Array): ByteScore {
  let telegrams = 0;
  const reader = new TelegramReader(({ delimiter }) => {
    if (isChecked(delimiter)) telegrams++;
  });
  reader.push(bytes);
  reader.endOfBurst();
  return { telegrams, score: bytes.length === 0 ? 0 : 1 - reader.noiseBytes / bytes.length };
}

/** The bit rate among those that were tried at which the line makes sense; undefined where it does at none. */
export function chooseBitRate(
  trials: readonly { readonly bitRate: number; readonly bytes: Uint8Array }[],
): number | undefined {
  let best: { readonly bitRate: number; readonly score: number } | undefined;
  for (const { bitRate, bytes } of trials) {
    const { telegrams, score } = scoreBytes(bytes);
    if (telegrams >= ENOUGH_TELEGRAMS && score >= CLEAR_SCORE && score > (best?.score ?? 0)) best = { bitRate, score };
  }
  return best?.bitRate;
}
