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
const OF_DIFFERENCES: ReadonlySet<Measure> = new Set(['deviation', 'range', 'slope', 'increase']);
/** What is counted of a condition has a unit of its own. */
const OF_CONDITIONS: Partial<Readonly<Record<Measure, string>>> = { duration: 'h', starts: '1' };

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
  const counted = OF_CONDITIONS[measure];
  if (counted !== undefined) {
    if (unit === undefined || unit === counted) return success({ expression, unit: counted });
    return failure('unit.incommensurable', `The measure ${measure} is in ${counted}, and not in ${unit}.`);
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
