/** Converts columns from one unit of measure to another; units are UCUM codes (ucum.org), such as Cel, kW.h and m3/h. */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';

/** `converted = value * scale + offset`. Differences, such as a range or a standard deviation, take the scale alone. */
export interface UnitConverter {
  readonly scale: number;
  readonly offset: number;
  /** Converts a column in place; a row without a value, which holds 0, is to be ignored afterwards as before. */
  convert(values: Float64Array): void;
}

export type UcumTable = ReturnType<typeof import('@lhncbc/ucum-lhc').UcumLhcUtils.getInstance>;

const MAX_CODE_LENGTH = 64;
/** The characters of UCUM codes (UCUM 2.1, section 4). */
const PRINTABLE = /^[!-~]+$/;
/** So many pairs are remembered; a query names a few. */
const MAX_REMEMBERED = 1_000;
const remembered = new Map<string, Result<UnitConverter>>();
let table: UcumTable | undefined;

/** How plants write units that UCUM writes otherwise, in lower case. */
const PLANT_HABITS: Readonly<Record<string, string>> = {
  ...{ '°c': 'Cel', degc: 'Cel', '°f': '[degF]', kwh: 'kW.h', mwh: 'MW.h', kvarh: 'kW.h{reactive}' },
  ...{ barg: 'bar{gauge}', bara: 'bar{absolute}', psig: '[psi]{gauge}', psia: '[psi]{absolute}', mmhg: 'mm[Hg]' },
  ...{ rpm: '/min', 'm³': 'm3', 'm³/h': 'm3/h', 'nm3/h': 'm3{normal}/h', gpm: '[gal_us]/min', cfm: '[ft_i]3/min' },
};

/**
 * The conversion from one UCUM code to another; the first call loads the tables of units (some 40 ms). Faults:
 * `unit.unknown` with a suggestion where there is one, and `unit.incommensurable` for units of different quantities, for
 * levels (dB, pH), which no scale and offset convert, and where both codes bear annotations that differ: `bar{gauge}` and
 * `bar{absolute}` differ by what the air weighs. An annotation beside none means nothing (UCUM 2.1, section 12).
 */
export async function converterBetween(from: string, to: string): Promise<Result<UnitConverter>> {
  if (from === to) return success(converter(1, 0));
  const pair = `${from}\n${to}`;
  let found = remembered.get(pair);
  if (!found) {
    table ??= (await import('@lhncbc/ucum-lhc')).UcumLhcUtils.getInstance();
    found = findConverter(table, from, to);
    if (remembered.size >= MAX_REMEMBERED) remembered.clear();
    remembered.set(pair, found);
  }
  return found;
}

function findConverter(units: UcumTable, from: string, to: string): Result<UnitConverter> {
  for (const code of [from, to]) {
    const defect = codeDefect(units, code);
    if (defect) return failure('unit.unknown', defect);
  }
  const [annotated, wanted] = [annotationsOf(from), annotationsOf(to)];
  if (annotated !== wanted && annotated !== '' && wanted !== '') {
    return failure('unit.incommensurable', `Values in ${from} are not measured as those in ${to} are.`);
  }
  const at = (value: number) => units.convertUnitTo(from, value, to).toVal ?? Number.NaN;
  const isSpecial = [from, to].some((code) => units.getSpecifiedUnit(code, 'convert', false).unit?.isSpecial_);
  const offset = isSpecial ? withoutNoise(at(0)) : 0;
  const scale = isSpecial ? withoutNoise((at(1_000) - at(-1_000)) / 2_000) : at(1);
  if (!Number.isFinite(scale) || !Number.isFinite(offset) || scale === 0) {
    return failure('unit.incommensurable', `Values in ${from} cannot be converted to ${to}.`);
  }
  const isLine = [-500, 1, 500].every(
    (value) => Math.abs(value * scale + offset - at(value)) <= 1e-9 * (1 + Math.abs(at(value))),
  );
  if (!isLine)
    return failure('unit.incommensurable', `Between ${from} and ${to} there is a curve, not a scale and an offset.`);
  return success(converter(scale, offset));
}

/** Why a text is no code, as a sentence. */
export function codeDefect(units: UcumTable, code: string): string | undefined {
  if (code === '') return 'The tag has no unit, or none is asked for; a number without a unit is 1.';
  if (code.length > MAX_CODE_LENGTH) return `A unit has at most ${MAX_CODE_LENGTH} characters.`;
  const habit = Object.hasOwn(PLANT_HABITS, code.toLowerCase()) ? PLANT_HABITS[code.toLowerCase()] : undefined;
  if (habit) return `"${code}" is no UCUM code; did you mean ${habit}?`;
  if (!PRINTABLE.test(code)) return `"${code}" is no UCUM code: it may have no spaces and no letters beyond ASCII.`;
  const { unit, retMsg, suggestions } = units.getSpecifiedUnit(code, 'validate', true);
  // The library takes what it has guessed, and says so: a guess is no conversion to build on.
  const guess = retMsg
    .map((message) => /did you mean (\S+?)[?\s]/i.exec(message)?.[1])
    .find((word) => word !== undefined);
  if (unit && Object.hasOwn(unit, 'isSpecial_') && !guess && retMsg.length === 0) return undefined;
  const suggested = guess ?? suggestions?.[0]?.units[0]?.[0];
  return suggested ? `"${code}" is no UCUM code; did you mean ${suggested}?` : `"${code}" is no UCUM code.`;
}

function annotationsOf(code: string): string {
  return [...code.matchAll(/\{[^}]*\}/g)].map(([annotation]) => annotation).join('');
}

/** The library goes through kelvin and leaves its rounding behind: 31.999999999999943 is 32. */
function withoutNoise(value: number): number {
  const short = Number(value.toPrecision(9));
  return Math.abs(short - value) < 1e-12 ? short : value;
}

function converter(scale: number, offset: number): UnitConverter {
  return {
    scale,
    offset,
    convert(values) {
      for (let row = 0; row < values.length; row++) values[row] = values[row] * scale + offset;
    },
  };
}
