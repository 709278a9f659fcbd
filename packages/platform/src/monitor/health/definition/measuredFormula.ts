/** What a feature reads, such that its measure comes out in the unit of the feature, whatever unit an attribute has at its time. */

import { type Fault, failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import type { Expression, ExpressionNode } from '../../../historian/query/expression/expressionNode.ts';
import { expressionUnit } from '../../../historian/query/expression/expressionUnit.ts';
import {
  differenceMeasure,
  isTemperaturePoint,
  type UnitMeasure,
  unitMeasure,
} from '../../../historian/query/unit/unitMeasure.ts';
import type { Measure } from './healthWatch.ts';

export interface MeasuredFormula {
  readonly expression: Expression;
  /** Of the measure, UCUM; empty where it has none. */
  readonly unit: string;
}

/** Measures of differences: of temperatures on a scale they are in kelvin. */
const OF_DIFFERENCES: ReadonlySet<Measure> = new Set([
  ...(['deviation', 'range', 'slope', 'increase'] as const),
  ...(['rms', 'peak', 'band', 'order', 'bpfo', 'bpfi', 'bsf', 'ftf'] as const),
]);
/** What is counted of a condition, and what is no quantity of a signal, has a unit of its own. */
const OWN_UNITS: Partial<Readonly<Record<Measure, string>>> = {
  ...{ duration: 'h', starts: '1' },
  ...{ crest: '1', skewness: '1', kurtosis: '1', centroid: 'Hz', velocity: 'mm/s' },
  ...{ 'bpfo-prominence': '1', 'bpfi-prominence': '1', 'bsf-prominence': '1', 'ftf-prominence': '1' },
};
/** Is made of an acceleration in this. */
const OF_VELOCITY = 'm/s2';

/**
 * `unitOf` gives the unit of each attribute as it is now, '' where it has none; `unit` is the one that is asked for, if one is.
 * A slope is per hour where no unit is asked for. Faults: `unit.unknown` and `unit.incommensurable`.
 */
export function measuredFormula(
  expression: Expression,
  measure: Measure,
  unit: string | undefined,
  unitOf: (name: string) => string,
): Result<MeasuredFormula> {
  const own = expressionUnit(expression, { unitOf });
  if (!own.ok) return own;
  const ownUnit = OWN_UNITS[measure];
  if (ownUnit !== undefined) {
    if (unit !== undefined && unit !== ownUnit) {
      return failure('unit.incommensurable', `The measure ${measure} is in ${ownUnit}, and not in ${unit}.`);
    }
    return measure === 'velocity' ? velocityFormula(expression, unitOf) : success({ expression, unit: ownUnit });
  }
  const natural = own.value.unit === '' ? undefined : unitMeasure(own.value.unit);
  if (natural?.ok === false) return wanting(natural.fault);
  const isOfDifferences = OF_DIFFERENCES.has(measure);
  const isPoint = natural !== undefined && isOfDifferences && isTemperaturePoint(natural.value);
  const base = isPoint ? numberIn(expression, 'absolute', 'K') : expression;
  const asked = unit ?? naturalUnit(natural?.value, measure);
  if (asked === '') return success({ expression, unit: '' });
  // A slope is reckoned per hour: what is read is so many of the asked unit times hours.
  const read = measure === 'slope' ? `(${asked}).h` : asked;
  const known = unitMeasure(asked);
  if (!known.ok) return wanting(known.fault);
  if (isOfDifferences && isTemperaturePoint(known.value)) {
    const detail = `The measure ${measure} is a difference, which is no temperature in ${asked}; give it the unit K.`;
    return failure('unit.incommensurable', detail);
  }
  const wrapped = natural === undefined ? expression : numberIn(base, 'number', read);
  const checked = expressionUnit(wrapped, { unitOf });
  return checked.ok ? success({ expression: wrapped, unit: asked }) : wanting(checked.fault);
}

function velocityFormula(expression: Expression, unitOf: (name: string) => string): Result<MeasuredFormula> {
  const acceleration = numberOfUnit(expression, OF_VELOCITY, unitOf);
  return acceleration.ok ? success({ expression: acceleration.value, unit: 'mm/s' }) : acceleration;
}

/** The number that it is in a unit (UCUM). Faults: `unit.unknown`, `unit.incommensurable` also where it has none. */
export function numberOfUnit(
  expression: Expression,
  unit: string,
  unitOf: (name: string) => string,
): Result<Expression> {
  const own = expressionUnit(expression, { unitOf });
  if (!own.ok) return wanting(own.fault);
  if (own.value.unit === '')
    return failure('unit.incommensurable', `${expression.text} has no unit; it is read in ${unit}.`);
  const read = numberIn(expression, 'number', unit);
  const checked = expressionUnit(read, { unitOf });
  return checked.ok ? success(read) : wanting(checked.fault);
}

function naturalUnit(natural: UnitMeasure | undefined, measure: Measure): string {
  if (!natural) return '';
  if (!OF_DIFFERENCES.has(measure)) return natural.code;
  const unit = isTemperaturePoint(natural) ? 'K' : differenceMeasure(natural).code;
  return measure === 'slope' ? `${/[./]/.test(unit) ? `(${unit})` : unit}/h` : unit;
}

function numberIn(expression: Expression, call: 'absolute' | 'number', unit: string): Expression {
  const root: ExpressionNode = { kind: 'inUnit', call, unit, operand: expression.root };
  return { ...expression, root };
}

function wanting({ code, detail }: Fault): Result<never> {
  return failure(code, detail);
}
