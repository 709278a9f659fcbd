/** A value of a tag as text. */

import { formatNumber } from './number.ts';

export const NO_VALUE = '\u2013';

export function readValue(value: number | string | null | undefined, type: 'number' | 'boolean' | 'string'): string {
  if (value === null || value === undefined) return NO_VALUE;
  if (type === 'string') return String(value);
  const number = Number(value);
  if (type === 'boolean' && (number === 0 || number === 1)) return number === 1 ? 'on' : 'off';
  return formatNumber(number);
}
