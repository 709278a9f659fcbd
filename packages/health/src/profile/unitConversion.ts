/** Whether a step is what a change of the unit of measurement would make. */

interface Conversion {
  readonly says: string;
  /** UCUM; a feature of neither cannot have had it. */
  readonly between: readonly [from: string, to: string];
  readonly factor: number;
  readonly offset: number;
}

/** NIST Special Publication 811, appendix B; each is looked for forth and back. */
const CONVERSIONS: readonly Conversion[] = [
  { says: 'Celsius to Fahrenheit', between: ['Cel', '[degF]'], factor: 1.8, offset: 32 },
  { says: 'Celsius to kelvin', between: ['Cel', 'K'], factor: 1, offset: 273.15 },
  { says: 'kelvin to degrees Fahrenheit of a difference', between: ['K', '[degF]'], factor: 1.8, offset: 0 },
  { says: 'psi to kPa', between: ['[psi]', 'kPa'], factor: 6.894757, offset: 0 },
  { says: 'bar to psi', between: ['bar', '[psi]'], factor: 14.503774, offset: 0 },
  { says: 'inches to mm', between: ['[in_i]', 'mm'], factor: 25.4, offset: 0 },
  { says: 'inches per second to mm/s', between: ['[in_i]/s', 'mm/s'], factor: 25.4, offset: 0 },
  { says: 'feet to m', between: ['[ft_i]', 'm'], factor: 0.3048, offset: 0 },
  { says: 'pounds to kg', between: ['[lb_av]', 'kg'], factor: 0.45359237, offset: 0 },
  { says: 'gallons per minute to m3/h', between: ['[gal_us]/min', 'm3/h'], factor: 0.227124707, offset: 0 },
  { says: 'horsepower to kW', between: ['[HP]', 'kW'], factor: 0.745699872, offset: 0 },
  { says: 'revolutions per minute to hertz', between: ['/min', 'Hz'], factor: 1 / 60, offset: 0 },
];
/** Prefixes, and per cent against shares. */
const POWERS_OF_TEN = [10, 100, 1_000, 1e6];
/** The level after it must be met so closely, as a share of the step. */
const CLOSE = 0.03;

/** `scatter` is how far values are from their level anyhow: a step that is not far beyond it is explained by anything. */
export function unitConversion(unit: string, from: number, to: number, scatter: number): string | undefined {
  const size = Math.abs(to - from);
  if (!(size > 4 * scatter)) return undefined;
  const near = (expected: number) => Math.abs(to - expected) <= CLOSE * size;
  const ofUnit = CONVERSIONS.filter(({ between }) => between.includes(unit));
  const forth = ofUnit.find(({ factor, offset }) => near(from * factor + offset));
  if (forth) return forth.says;
  const back = ofUnit.find(({ factor, offset }) => near((from - offset) / factor));
  if (back) return `the reverse of ${back.says}`;
  const power = POWERS_OF_TEN.find((factor) => near(from * factor) || near(from / factor));
  return power === undefined ? undefined : `a factor of ${power}`;
}
