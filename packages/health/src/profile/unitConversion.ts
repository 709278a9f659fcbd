/** Whether a step is what a change of the unit of measurement would make. */

interface Conversion {
  readonly says: string;
  readonly factor: number;
  readonly offset: number;
}

/** Forth and back; powers of ten stand for prefixes and for per cent against shares. */
const CONVERSIONS: readonly Conversion[] = [
  { says: 'Celsius to Fahrenheit', factor: 1.8, offset: 32 },
  { says: 'Celsius to kelvin', factor: 1, offset: 273.15 },
  { says: 'a factor of 10', factor: 10, offset: 0 },
  { says: 'a factor of 100', factor: 100, offset: 0 },
  { says: 'a factor of 1000', factor: 1_000, offset: 0 },
  { says: 'a factor of 1,000,000', factor: 1e6, offset: 0 },
  { says: 'psi to kPa', factor: 6.894757, offset: 0 },
  { says: 'bar to psi', factor: 14.503774, offset: 0 },
  { says: 'inches to mm', factor: 25.4, offset: 0 },
  { says: 'feet to m', factor: 0.3048, offset: 0 },
  { says: 'miles to km', factor: 1.609344, offset: 0 },
  { says: 'US gallons to litres', factor: 3.785412, offset: 0 },
  { says: 'pounds to kg', factor: 0.45359237, offset: 0 },
  { says: 'hours to seconds', factor: 3_600, offset: 0 },
  { says: 'minutes to seconds', factor: 60, offset: 0 },
  { says: 'horsepower to kW', factor: 0.745699872, offset: 0 },
];
/** The level after it must be met so closely, as a share of the step. */
const CLOSE = 0.04;

/** `scatter` is how far values are from their level anyhow: a step that is not far beyond it is explained by anything. */
export function unitConversion(from: number, to: number, scatter: number): string | undefined {
  const size = Math.abs(to - from);
  if (!(size > 4 * scatter)) return undefined;
  const near = (expected: number) => Math.abs(to - expected) <= CLOSE * size;
  const forth = CONVERSIONS.find(({ factor, offset }) => near(from * factor + offset));
  if (forth) return forth.says;
  const back = CONVERSIONS.find(({ factor, offset }) => near((from - offset) / factor));
  return back && `the reverse of ${back.says}`;
}
