/** Lengths of time as people write them in configuration: `250ms`, `1s`, `10min`, `8h`, `1d`. */

const MS_PER_UNIT = { us: 0.001, ms: 1, s: 1_000, min: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const DURATION = /^(\d+(?:\.\d+)?)\s*(us|ms|s|min|h|d)$/;

/** Milliseconds, or `undefined` where `text` is not a number with one of the units us, ms, s, min, h, d. */
export function parseDurationMs(text: string): number | undefined {
  const match = DURATION.exec(text.trim());
  if (!match) return undefined;
  return Number(match[1]) * MS_PER_UNIT[match[2] as keyof typeof MS_PER_UNIT];
}
