/** Values of features with the digits that say something, in the unit in which a person speaks of them. */

import { formatUnit } from '../reading/unit.ts';

export interface SpokenUnit {
  /** As it is shown: `mΩ`. */
  readonly text: string;
  /** A value in the unit of the feature, over this, is one in the spoken unit. */
  readonly scale: number;
}

/** Units of UCUM that take a prefix on site. */
const PREFIXED = new Set(['Ohm', 'V', 'A', 'W', 'VA', 'Pa', 'Hz', 'm', 'F', 'H', 'J', 'N']);
const PREFIXES = [
  ['n', 1e-9],
  ['\u00b5', 1e-6],
  ['m', 1e-3],
  ['', 1],
  ['k', 1e3],
  ['M', 1e6],
] as const;
const DIGITS = 3;
const MOST_DECIMALS = 9;

type Known = number | null | undefined;
const isKnown = (value: Known): value is number => value !== null && value !== undefined && Number.isFinite(value);

/** The unit in which the largest of `values` is between 1 and 1000, as far as it takes a prefix. */
export function spokenUnit(ucum: string, values: readonly Known[]): SpokenUnit {
  const largest = Math.max(0, ...values.filter(isKnown).map(Math.abs));
  if (!PREFIXED.has(ucum) || largest === 0) return { text: formatUnit(ucum), scale: 1 };
  const [prefix, scale] = PREFIXES.findLast(([, size]) => largest >= size) ?? PREFIXES[0];
  return { text: prefix + formatUnit(ucum), scale };
}

/** Three digits, no exponent between 1e-6 and 1e9, a true minus; a dash for nothing. */
export function formatFigure(value: Known): string {
  if (!isKnown(value)) return '\u2013';
  value = Number(value.toPrecision(DIGITS));
  const size = Math.abs(value);
  if (size === 0) return '0';
  if (size < 1e-6 || size >= 1e9) return value.toExponential(1).replaceAll('-', '\u2212');
  const decimals = Math.max(0, Math.min(MOST_DECIMALS, DIGITS - 1 - Math.floor(Math.log10(size))));
  return value.toFixed(decimals).replace('-', '\u2212');
}

/** `4.20 mΩ`, or a dash. */
export function formatQuantity(value: Known, { text, scale }: SpokenUnit): string {
  if (!isKnown(value)) return formatFigure(value);
  return `${formatFigure(value / scale)}${text && ` ${text}`}`;
}

/** Of a column, in the spoken unit. */
export function scaled(values: readonly (number | null)[], { scale }: SpokenUnit): (number | null)[] {
  return values.map((value) => (isKnown(value) ? value / scale : null));
}
