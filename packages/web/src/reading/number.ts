/** Numbers as an operator reads them: enough digits to see a change, never so many that they dance. */

/** A narrow no-break space: groups thousands without being taken for a decimal mark anywhere in the world. */
const GROUP = '\u202f';
const MINUS = '\u2212';

/** Five significant digits, no exponent between 1e-4 and 1e9, a true minus. */
export function formatNumber(value: number): string {
  if (Number.isNaN(value)) return 'not a number';
  if (!Number.isFinite(value)) return value > 0 ? '\u221e' : `${MINUS}\u221e`;
  const size = Math.abs(value);
  if (size === 0) return '0';
  if (size >= 1e9 || size < 1e-4) return value.toExponential(3).replaceAll('-', MINUS);
  const decimals = Math.max(0, Math.min(8, 4 - Math.floor(Math.log10(size))));
  return grouped(value.toFixed(decimals));
}

/** A number that a person has written, with the digits that it was given. */
export function formatGiven(value: number): string {
  return String(value).replace('-', MINUS);
}

/** A whole number in groups of three, all digits of it. */
export function formatCount(count: number): string {
  return grouped(String(Math.round(count)));
}

/** Bytes with a binary unit: `1.5 MiB`. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let step = 0;
  while (bytes >= 1024 && step < units.length - 1) {
    bytes /= 1024;
    step++;
  }
  return `${step === 0 || bytes >= 100 ? Math.round(bytes) : bytes.toFixed(1)} ${units[step]}`;
}

/** So many in a second: `12 400/s`, `0.5/s`. */
export function formatRate(perSecond: number): string {
  if (perSecond > 0 && perSecond < 10) return `${perSecond.toFixed(1)}/s`;
  return `${formatCount(perSecond)}/s`;
}

function grouped(digits: string): string {
  const [whole, fraction] = digits.replace('-', MINUS).split('.');
  const separated = whole.replace(/\B(?=(\d{3})+(?!\d))/g, GROUP);
  return fraction === undefined ? separated : `${separated}.${fraction}`;
}
