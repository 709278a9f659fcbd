/** Quantities with the digits that say something, and with units as a person reads them. */

/** Units of UCUM that take a prefix on site. */
const PREFIXED = new Set(['Ohm', 'V', 'A', 'W', 'VA', 'Pa', 'Hz', 'm', 'F', 'H', 'J', 'N']);
const PREFIXES: readonly (readonly [prefix: string, scale: number])[] = [
  ...([
    ['n', 1e-9],
    ['u', 1e-6],
    ['m', 1e-3],
    ['', 1],
    ['k', 1e3],
    ['M', 1e6],
  ] as const),
];
const SPOKEN: Readonly<Record<string, string>> = {
  ...{ '': '', '1': '', Cel: '°C', '[degF]': '°F', '/min': 'per minute', '/h': 'per hour', '/d': 'per day' },
  ...{ m3: 'm³', 'm3/h': 'm³/h', 'm/s2': 'm/s²', 'kW.h': 'kWh', '10*-6': 'ppm' },
};
const MOST_DECIMALS = 9;
/** What is smaller than a thousandth of the difference is nothing beside it. */
const MORE_DECIMALS = 3;

export interface SpokenUnit {
  readonly words: string;
  /** A value in the unit, over this, is one in the spoken unit. */
  readonly scale: number;
}

/** The unit in which `magnitudes` are between 1 and 1000, as far as it takes a prefix. */
export function spokenUnit(unit: string, magnitudes: readonly number[]): SpokenUnit {
  const plain = unit.replaceAll(/\{[^}]*\}/g, '');
  const largest = Math.max(...magnitudes.map(Math.abs).filter(Number.isFinite), 0);
  if (!PREFIXED.has(plain) || largest === 0) return { words: SPOKEN[plain] ?? plain, scale: 1 };
  const [prefix, scale] = PREFIXES.findLast(([, size]) => largest >= size) ?? PREFIXES[0];
  return { words: prefix + plain, scale };
}

/** "from 1.5 to 4.2 mOhm": with so many decimals that the difference has two digits, and each of the two has. */
export function changeWords(from: number, to: number, unit: string): string {
  const { words, scale } = spokenUnit(unit, [from, to]);
  const decimals = decimalsOf(from === to ? to / scale : (to - from) / scale);
  const [first, second] = [from / scale, to / scale].map((value) => {
    const own = Math.min(decimalsOf(value), decimals + MORE_DECIMALS);
    return own > decimals ? numberWords(value, own, true) : numberWords(value, decimals);
  });
  return withUnit(`from ${first} to ${second}`, words);
}

/** "4.2 mOhm" to three digits. */
export function quantityWords(value: number, unit: string): string {
  const { words, scale } = spokenUnit(unit, [value]);
  return withUnit(plainNumber(value / scale), words);
}

/** A number to three digits in a unit that was spoken before: "50". */
export function plainNumber(value: number): string {
  if (value === 0) return '0';
  const size = Math.floor(Math.log10(Math.abs(value)));
  return numberWords(Number(value.toPrecision(3)), Math.min(MOST_DECIMALS, Math.max(0, 2 - size)), true);
}

/** "62 %"; what is not nothing is at least 1 %. */
export function shareWords(share: number): string {
  const percent = share * 100;
  return `${percent >= 10 || percent === 0 ? Math.round(percent) : Number(percent.toPrecision(1))} %`;
}

/** That give a number two digits; none of zero. */
function decimalsOf(value: number): number {
  const size = Math.abs(value);
  return size > 0 ? Math.min(MOST_DECIMALS, Math.max(0, 1 - Math.floor(Math.log10(size)))) : 0;
}

function numberWords(value: number, decimals: number, trimmed = false): string {
  const text = value.toFixed(decimals);
  const short = trimmed && text.includes('.') ? text.replace(/\.?0+$/, '') : text;
  return /^-0(\.0*)?$/.test(short) ? short.slice(1) : short;
}

function withUnit(number: string, unit: string): string {
  return unit === '' ? number : `${number} ${unit}`;
}
