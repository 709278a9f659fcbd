/** Points in time as whole microseconds since 1970-01-01 UTC, which a double holds exactly until the year 2255. */

declare const timestampBrand: unique symbol;

/** Microseconds since 1970-01-01T00:00:00Z without leap seconds; a safe integer. */
export type Timestamp = number & { readonly [timestampBrand]: 'Timestamp' };

export const US_PER_MS = 1_000;
export const US_PER_S = 1_000_000;
/** Of UTC, which has no days of another length here. */
export const US_PER_DAY = 86_400 * US_PER_S;

/** RFC 3339 with an offset that is stated, `Z` or `+hh:mm`; a time without one would mean something else elsewhere. */
const RFC_3339 = /^(\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?([Zz]|[+-]\d\d:\d\d)$/;

export function timestampFromMs(ms: number): Timestamp {
  return (ms * US_PER_MS) as Timestamp;
}

/** Whole and fractional milliseconds, as `Date` and charts want them. */
export function timestampToMs(time: Timestamp): number {
  return time / US_PER_MS;
}

/** RFC 3339 in UTC with six decimals: `2026-01-31T12:00:00.000001Z`. */
export function formatTimestamp(time: Timestamp): string {
  const ms = Math.floor(time / US_PER_MS);
  const us = time - ms * US_PER_MS;
  return `${new Date(ms).toISOString().slice(0, -1)}${String(us).padStart(3, '0')}Z`;
}

/** Reads RFC 3339; digits beyond the microsecond are cut. `undefined` for anything else, and for a time without offset. */
export function parseTimestamp(text: string): Timestamp | undefined {
  const match = RFC_3339.exec(text);
  if (!match) return undefined;
  const [, seconds, fraction = '', offset] = match;
  const ms = Date.parse(`${seconds.replace(/[t ]/, 'T')}${offset.toUpperCase()}`);
  if (Number.isNaN(ms)) return undefined;
  return (ms * US_PER_MS + Number(fraction.padEnd(6, '0').slice(0, 6))) as Timestamp;
}
