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
/** The level after it must be met so closely: as a share of it, or of the step where the zero of the unit moves as well. */
const CLOSE = 0.03;

/** What a step would be, in words, and what each unit of the old would be in the new. */
export interface FoundConversion {
  readonly says: string;
  readonly factor: number;
}

/** `scatter` is how far values are from their level anyhow: a step that is not far beyond it is explained by anything. */
export function unitConversion(unit: string, from: number, to: number, scatter: number): FoundConversion | undefined {
  const size = Math.abs(to - from);
  if (!(size > 4 * scatter)) return undefined;
  const ofUnit = CONVERSIONS.filter(({ between }) => between.includes(unit));
  const forth = ofUnit.find((conversion) => converts(conversion, from, to, size));
  if (forth) return forth;
  const back = ofUnit.find((conversion) => converts(conversion, to, from, size));
  if (back) return { says: `the reverse of ${back.says}`, factor: 1 / back.factor };
  const power = POWERS_OF_TEN.find((factor) => near(from * factor, to) || near(to * factor, from));
  if (power === undefined) return undefined;
  return { says: `a factor of ${power}`, factor: Math.abs(to) > Math.abs(from) ? power : 1 / power };
}

function converts({ factor, offset }: Conversion, from: number, to: number, size: number): boolean {
  return offset === 0 ? near(from * factor, to) : Math.abs(from * factor + offset - to) <= CLOSE * size;
}

function near(one: number, other: number): boolean {
  return Math.abs(one - other) <= CLOSE * Math.abs(one);
}
