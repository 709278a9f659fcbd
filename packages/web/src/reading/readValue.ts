/** A value of a tag as text. */

import { formatCount, formatNumber } from './number.ts';

export const NO_VALUE = '\u2013';

export interface ReadTag {
  readonly type: 'number' | 'boolean' | 'string';
  readonly stepped: boolean;
}

/**
 * A measurement keeps its digits when it happens to be whole, so that the decimal mark stays where it is; a state or a
 * count, which steps, has none to keep.
 */
export function readValue(value: number | string | null | undefined, { type, stepped }: ReadTag): string {
  if (value === null || value === undefined) return NO_VALUE;
  if (type === 'string') return String(value);
  const number = Number(value);
  if (type === 'boolean' && (number === 0 || number === 1)) return number === 1 ? 'on' : 'off';
  return stepped && Number.isSafeInteger(number) ? formatCount(number) : formatNumber(number);
}
