/** What a unit measures: the powers of the base units that it is made of, and how large it is. */

import { UcumLhcUtils } from '@lhncbc/ucum-lhc';
import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { codeDefect } from './unitConverter.ts';

/** In base units a value is `value * scale + offset`. */
export interface UnitMeasure {
  /** As a person would write it; a UCUM code where it is that of a tag. */
  readonly code: string;
  readonly scale: number;
  /** Other than 0 of a temperature that is counted from somewhere else than absolute zero. */
  readonly offset: number;
  /** Powers of metre, second, gram, radian, kelvin, coulomb, candela and mole; they need not be whole. */
  readonly powers: readonly number[];
  /** A difference of temperatures, which is no temperature. */
  readonly isDifference: boolean;
}

export const PLAIN_NUMBER: UnitMeasure = {
  code: '1',
  scale: 1,
  offset: 0,
  powers: [0, 0, 0, 0, 0, 0, 0, 0],
  isDifference: false,
};
const MAX_REMEMBERED = 1_000;
const remembered = new Map<string, Result<UnitMeasure>>();

/**
 * The first call makes the tables of units (some 40 ms). Faults: `unit.unknown`, and `unit.incommensurable` for levels (dB,
 * pH), with which nothing is reckoned.
 */
export function unitMeasure(code: string): Result<UnitMeasure> {
  let found = remembered.get(code);
  if (!found) {
    found = findMeasure(code);
    if (remembered.size >= MAX_REMEMBERED) remembered.clear();
    remembered.set(code, found);
  }
  return found;
}

function findMeasure(code: string): Result<UnitMeasure> {
  const table = UcumLhcUtils.getInstance();
  const defect = codeDefect(table, code);
  if (defect) return failure('unit.unknown', defect);
  const { unit } = table.getSpecifiedUnit(code, 'validate', false);
  const powers = [...(unit?.dim_?.dimVec_ ?? PLAIN_NUMBER.powers.slice(1)), unit?.moleExp_ ?? 0];
  if (!unit || !Number.isFinite(unit.magnitude_))
    return failure('unit.unknown', `"${code}" is not to be reckoned with.`);
  if (!unit.isSpecial_) return success({ code, scale: unit.magnitude_, offset: 0, powers, isDifference: false });
  const inKelvin = (value: number) => table.convertUnitTo(code, value, 'K').toVal ?? Number.NaN;
  const scale = withoutNoise((inKelvin(1_000) - inKelvin(-1_000)) / 2_000);
  const offset = withoutNoise(inKelvin(0));
  if (Number.isFinite(scale) && Number.isFinite(offset)) {
    return success({ code, scale, offset, powers, isDifference: false });
  }
  return failure('unit.incommensurable', `"${code}" is a level on a curve, with which nothing can be reckoned.`);
}

export function isCommensurable(a: UnitMeasure, b: UnitMeasure): boolean {
  return a.powers.every((power, at) => Math.abs(power - b.powers[at]) < 1e-9);
}

/** Whether it is a plain number, perhaps in per cent. */
export function isDimensionless({ powers }: UnitMeasure): boolean {
  return powers.every((power) => Math.abs(power) < 1e-9);
}

/** A temperature that is counted from somewhere else than absolute zero: it has no ratio and no sum. */
export function isTemperaturePoint({ offset }: UnitMeasure): boolean {
  return offset !== 0;
}

/** What there is of `a` for each of so many `b`, or together with them. */
export function combineMeasures(a: UnitMeasure, b: UnitMeasure, sign: 1 | -1): UnitMeasure {
  return {
    code: sign === 1 ? `${a.code}.${grouped(b.code)}` : `${a.code}/${grouped(b.code)}`,
    scale: sign === 1 ? a.scale * b.scale : a.scale / b.scale,
    offset: 0,
    powers: a.powers.map((power, at) => power + sign * b.powers[at]),
    isDifference: false,
  };
}

export function raiseMeasure(unit: UnitMeasure, exponent: number): UnitMeasure {
  return {
    code: `(${unit.code})^${exponent}`,
    scale: unit.scale ** exponent,
    offset: 0,
    powers: unit.powers.map((power) => power * exponent),
    isDifference: false,
  };
}

/** The unit of a difference of two values: kelvin for degrees Celsius. */
export function differenceMeasure(unit: UnitMeasure): UnitMeasure {
  if (!isTemperaturePoint(unit)) return unit;
  return { ...unit, code: unit.scale === 1 ? 'K' : `${unit.code}{difference}`, offset: 0, isDifference: true };
}

/** A value in `from` is `value * scale + offset` in `to`, which is commensurable. */
export function conversionBetween(from: UnitMeasure, to: UnitMeasure): { scale: number; offset: number } {
  return {
    scale: withoutNoise(from.scale / to.scale),
    offset: withoutNoise((from.offset - to.offset) / to.scale),
  };
}

function grouped(code: string): string {
  return /[./]/.test(code) ? `(${code})` : code;
}

/** A quotient of two sizes is a round number more often than its last bit says. */
function withoutNoise(value: number): number {
  return Number(value.toPrecision(14));
}
