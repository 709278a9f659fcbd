/**
 * The unit of what an expression gives, from the units of what it reads; and the conversions that it needs on the way.
 *
 * - What is added, compared, or chosen between is of one quantity; the second is converted to the unit of the first.
 * - `*`, `/`, `pow` and `sqrt` combine units; per cent become plain numbers there, and so does a quotient of one quantity.
 * - `exp`, `log`, `log10` and an exponent take plain numbers.
 * - A number that is written, and a tag without a unit, have the unit of what they stand beside.
 * - A temperature in Cel or [degF] is a point on a scale. The difference of two is in K; a number or a value in K that is added
 *   or taken away is a difference, and the result a temperature. It has no ratio and no sum: `absolute(x)` gives its kelvin,
 *   `number(x, "Cel")` the plain number on its scale. A difference is no temperature.
 */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import {
  combineMeasures,
  conversionBetween,
  differenceMeasure,
  isCommensurable,
  isDimensionless,
  isTemperaturePoint,
  PLAIN_NUMBER,
  raiseMeasure,
  type UnitMeasure,
  unitMeasure,
} from '../unit/unitMeasure.ts';
import type { CurveMaps } from './curveMap.ts';
import type { Expression, ExpressionNode } from './expressionNode.ts';
import { expressionText } from './expressionText.ts';

/**
 * A quantity has a unit. What is bare is a number that takes the unit of what it stands beside; what is free fits everywhere,
 * because nobody knows its unit: a text, or a coefficient that is learned.
 */
type Quantity = UnitMeasure | 'bare' | 'free';

interface Typed {
  readonly node: ExpressionNode;
  readonly unit: Quantity;
}

export interface UnitContext {
  /** The UCUM code of a tag: '' where it has none, `undefined` where anything fits. */
  readonly unitOf: (tag: string) => string | undefined;
  readonly maps?: CurveMaps | undefined;
  /** The unit that is wanted of the result; where it is '' or left out, the result keeps the one that it has. */
  readonly wanted?: string | undefined;
}

export interface CheckedExpression {
  /** The same expression with conversions where units differ. */
  readonly expression: Expression;
  /** The unit of its result as a code; '' where it has none. */
  readonly unit: string;
}

/**
 * Checks the units and puts conversions in. Faults: `unit.unknown`, and `unit.incommensurable`, which names the part of the
 * expression that does not fit and what to write.
 */
export function expressionUnit(expression: Expression, context: UnitContext): Result<CheckedExpression> {
  try {
    const reader = new UnitReader(expression, context);
    const { node, unit } = reader.result(context.wanted ?? '');
    const code = typeof unit === 'string' ? '' : unit.code;
    return success({ expression: { ...expression, root: node }, unit: context.wanted || code });
  } catch (error) {
    if (!(error instanceof Misfit)) throw error;
    return failure(error.code, error.message);
  }
}

/** It never leaves this file. */
class Misfit extends Error {
  readonly code: 'unit.unknown' | 'unit.incommensurable';

  constructor(message: string, code: Misfit['code'] = 'unit.incommensurable') {
    super(message);
    this.code = code;
  }
}

class UnitReader {
  readonly #expression: Expression;
  readonly #context: UnitContext;

  constructor(expression: Expression, context: UnitContext) {
    this.#expression = expression;
    this.#context = context;
  }

  result(wanted: string): Typed {
    const typed = this.#typed(this.#expression.root);
    if (wanted === '') return typed;
    return { node: this.#to(typed, this.#measure(wanted), 'the result'), unit: this.#measure(wanted) };
  }

  #typed(node: ExpressionNode): Typed {
    switch (node.kind) {
      case 'constant':
        return { node, unit: typeof node.value === 'string' ? 'free' : 'bare' };
      case 'tag':
        return { node, unit: this.#unitOf(node.index) };
      case 'window':
        return { node, unit: this.#windowUnit(node.index) };
      case 'not':
        return { node: { ...node, operand: this.#typed(node.operand).node }, unit: 'bare' };
      case 'negative':
        return this.#negative(this.#typed(node.operand));
      case 'and':
      case 'or':
        return {
          node: { ...node, left: this.#typed(node.left).node, right: this.#typed(node.right).node },
          unit: 'bare',
        };
      case 'comparison': {
        const [left, right] = this.#alike([this.#typed(node.left), this.#typed(node.right)], node);
        return { node: { ...node, left: left.node, right: right.node }, unit: 'bare' };
      }
      case 'arithmetic':
        return this.#arithmetic(node);
      case 'call':
        return this.#call(node);
      case 'map':
        return this.#map(node);
      case 'inUnit':
        return this.#inUnit(node);
      case 'convert':
      case 'absent':
        return { node, unit: 'free' };
    }
  }

  #unitOf(tag: number): Quantity {
    const code = this.#context.unitOf(this.#expression.tags[tag]);
    if (code === undefined) return 'free';
    return code === '' ? 'bare' : this.#measure(code);
  }

  #measure(code: string): UnitMeasure {
    const measure = unitMeasure(code);
    if (!measure.ok) throw new Misfit(measure.fault.detail, measure.fault.code as Misfit['code']);
    return measure.value;
  }

  #windowUnit(index: number): Quantity {
    const { aggregate, tag } = this.#expression.windows[index];
    const unit = this.#unitOf(tag);
    if (aggregate === 'count') return 'bare';
    if (typeof unit === 'string') return unit;
    if (aggregate === 'rate') return combineMeasures(differenceMeasure(unit), this.#measure('s'), -1);
    if (aggregate === 'sum') this.#refusePoint({ node: { kind: 'window', index }, unit });
    return aggregate === 'delta' || aggregate === 'stddev' ? differenceMeasure(unit) : unit;
  }

  #negative(operand: Typed): Typed {
    this.#refusePoint(operand);
    return { node: { kind: 'negative', operand: operand.node }, unit: operand.unit };
  }

  #arithmetic(node: Extract<ExpressionNode, { kind: 'arithmetic' }>): Typed {
    const [left, right] = [this.#typed(node.left), this.#typed(node.right)];
    if (node.operator === '*' || node.operator === '/') return this.#product(node, left, right);
    if (isPoint(left.unit) || isPoint(right.unit)) return this.#temperatures(node, left, right);
    const [a, b] = this.#alike([left, right], node);
    return { node: { ...node, left: a.node, right: b.node }, unit: a.unit };
  }

  /** A sum or difference with a temperature that is a point on a scale. */
  #temperatures(node: Extract<ExpressionNode, { kind: 'arithmetic' }>, left: Typed, right: Typed): Typed {
    const made = (a: Typed, b: Typed, unit: Quantity): Typed => ({
      node: { ...node, left: a.node, right: b.node },
      unit,
    });
    const isSum = node.operator === '+';
    if (isPoint(left.unit) && isPoint(right.unit)) {
      if (node.operator !== '-') this.#refusePoint(left);
      const [a, b] = this.#alike([left, right], node);
      return made(a, b, differenceMeasure(a.unit as UnitMeasure));
    }
    if (!isPoint(left.unit) && !isSum) this.#refusePoint(right);
    if (node.operator === '%') this.#refusePoint(left);
    const [point, other] = isPoint(left.unit) ? [left, right] : [right, left];
    const unit = point.unit as UnitMeasure;
    if (typeof other.unit === 'string') return made(left, right, unit);
    const step = { node: this.#to(other, differenceMeasure(unit), this.#text(node)), unit };
    return point === left ? made(left, step, unit) : made(step, right, unit);
  }

  #product(node: Extract<ExpressionNode, { kind: 'arithmetic' }>, left: Typed, right: Typed): Typed {
    const isFree = left.unit === 'free' || right.unit === 'free';
    if (!isFree) for (const side of [left, right]) this.#refusePoint(side);
    const hasNone = typeof left.unit === 'string' || typeof right.unit === 'string';
    const [a, b] = hasNone ? [left, right] : [this.#plain(left), this.#plain(right)];
    const made: ExpressionNode = { ...node, left: a.node, right: b.node };
    if (isFree) return { node: made, unit: 'free' };
    if (a.unit === 'bare' && b.unit === 'bare') return { node: made, unit: 'bare' };
    const sign = node.operator === '*' ? 1 : -1;
    if (b.unit === 'bare' || isPlainNumber(b.unit)) return { node: made, unit: a.unit === 'bare' ? b.unit : a.unit };
    if (a.unit === 'bare' || isPlainNumber(a.unit)) {
      return { node: made, unit: sign === 1 ? b.unit : combineMeasures(PLAIN_NUMBER, b.unit as UnitMeasure, -1) };
    }
    return this.#plain({ node: made, unit: combineMeasures(a.unit as UnitMeasure, b.unit as UnitMeasure, sign) });
  }

  /** What has no dimension, such as per cent, as the plain number that it is. */
  #plain(typed: Typed): Typed {
    const { unit } = typed;
    if (typeof unit === 'string' || !isDimensionless(unit) || unit.code === '1') return typed;
    return { node: converted(typed.node, unit, PLAIN_NUMBER), unit: PLAIN_NUMBER };
  }

  #call(node: Extract<ExpressionNode, { kind: 'call' }>): Typed {
    const operands = node.operands.map((operand) => this.#typed(operand));
    const made = (parts: readonly Typed[], unit: Quantity): Typed => ({
      node: { ...node, operands: parts.map((part) => part.node) },
      unit,
    });
    switch (node.name) {
      case 'min':
      case 'max': {
        const alike = this.#alike(operands, node);
        return made(alike, alike[0].unit);
      }
      case 'if': {
        const [condition, ...branches] = operands;
        const alike = this.#alike(branches, node);
        return made([condition, ...alike], alike[0].unit);
      }
      case 'abs':
      case 'ceil':
      case 'floor':
      case 'round':
        return made(operands, operands[0].unit);
      case 'sqrt':
      case 'pow':
        return this.#power(node, operands);
      case 'exp':
      case 'log':
      case 'log10':
        return made([this.#number(operands[0], node)], 'bare');
      default:
        return made(operands, 'bare');
    }
  }

  #power(node: Extract<ExpressionNode, { kind: 'call' }>, [base, exponent]: readonly Typed[]): Typed {
    if (base.unit !== 'free') this.#refusePoint(base);
    const made = (a: Typed, unit: Quantity, b?: Typed): Typed => ({
      node: { ...node, operands: b ? [a.node, b.node] : [a.node] },
      unit,
    });
    const plain = this.#plain(base);
    const power = exponent && this.#number(exponent, node);
    if (typeof plain.unit === 'string') return made(plain, plain.unit, power);
    if (isPlainNumber(plain.unit)) return made(plain, PLAIN_NUMBER, power);
    if (!power) return made(plain, raiseMeasure(plain.unit, 0.5));
    const value = constantOf(power.node);
    if (value !== undefined) return this.#plain(made(plain, raiseMeasure(plain.unit, value), power));
    throw new Misfit(
      `${this.#text(node)} raises what is in ${plain.unit.code} to a power that is not written as a number; divide it by a reference value first.`,
    );
  }

  #map(node: Extract<ExpressionNode, { kind: 'map' }>): Typed {
    const map = this.#context.maps?.get(node.name);
    const operands = node.operands.map((operand) => this.#typed(operand));
    if (!map) {
      const names = [...(this.#context.maps?.keys() ?? [])].map((name) => `"${name}"`);
      const known = names.length > 0 ? `the maps here are ${names.join(', ')}` : 'there are no maps here';
      throw new Misfit(`${this.#text(node)} asks for a map that there is not; ${known}.`);
    }
    const axes = map.y ? [map.x, map.y] : [map.x];
    if (axes.length !== operands.length) {
      throw new Misfit(`${this.#text(node)} gives ${operands.length} values to a table of ${axes.length}.`);
    }
    const parts = operands.map((operand, at) =>
      axes[at].unit === '' ? operand.node : this.#to(operand, this.#measure(axes[at].unit), this.#text(node)),
    );
    return { node: { ...node, operands: parts }, unit: map.z.unit === '' ? 'bare' : this.#measure(map.z.unit) };
  }

  #inUnit({ operand, unit, call }: Extract<ExpressionNode, { kind: 'inUnit' }>): Typed {
    const typed = this.#typed(operand);
    const measure = this.#measure(unit);
    const node = this.#to(typed, measure, `${call}(${this.#text(operand)})`);
    return { node, unit: call === 'absolute' ? measure : 'bare' };
  }

  /** All in the unit of the first that has one. */
  #alike(parts: readonly Typed[], node: ExpressionNode): readonly Typed[] {
    const first = parts.find(({ unit }) => typeof unit !== 'string')?.unit as UnitMeasure | undefined;
    if (!first) {
      const unit = parts.some((part) => part.unit === 'free') ? 'free' : 'bare';
      return parts.map((part) => ({ node: part.node, unit }));
    }
    return parts.map((part) => ({ node: this.#to(part, first, this.#text(node)), unit: first }));
  }

  /** A number without dimension. */
  #number(typed: Typed, node: ExpressionNode): Typed {
    const plain = this.#plain(typed);
    if (typeof plain.unit === 'string' || isPlainNumber(plain.unit)) return plain;
    const { code } = plain.unit;
    throw new Misfit(
      `${this.#text(node)} needs a plain number, and ${this.#text(typed.node)} is in ${code}; divide it by a reference value, or write number(${this.#text(typed.node)}, "${code}").`,
    );
  }

  #to({ node, unit }: Typed, wanted: UnitMeasure, where: string): ExpressionNode {
    if (typeof unit === 'string') return node;
    if (!isCommensurable(unit, wanted)) {
      throw new Misfit(
        `${where}: ${this.#text(node)} is in ${unit.code}, which is no ${wanted.code}; compare, add and assign what is of one quantity, and write a number with a unit as an attribute or parameter.`,
      );
    }
    const [given, asked] = [annotationOf(unit.code), annotationOf(wanted.code)];
    if (given !== asked && given !== '' && asked !== '' && !isPoint(unit)) {
      throw new Misfit(
        `${where}: ${this.#text(node)} in ${unit.code} is not measured as what is in ${wanted.code} is.`,
      );
    }
    if (unit.isDifference && isPoint(wanted)) {
      throw new Misfit(
        `${where}: ${this.#text(node)} is a difference of temperatures, which is no temperature in ${wanted.code}; give it the unit K.`,
      );
    }
    return converted(node, unit, wanted);
  }

  #refusePoint({ node, unit }: Typed): void {
    if (!isPoint(unit)) return;
    const [text, code] = [this.#text(node), (unit as UnitMeasure).code];
    throw new Misfit(
      `${text} is a temperature in ${code}, which has no ratio and no sum; write absolute(${text}) for its kelvin, or number(${text}, "${code}").`,
    );
  }

  #text(node: ExpressionNode): string {
    return expressionText(node, this.#expression);
  }
}

function isPoint(unit: Quantity): boolean {
  return typeof unit !== 'string' && isTemperaturePoint(unit);
}

function isPlainNumber(unit: Quantity): boolean {
  return typeof unit !== 'string' && isDimensionless(unit) && unit.scale === 1;
}

function constantOf(node: ExpressionNode): number | undefined {
  if (node.kind === 'constant' && typeof node.value === 'number') return node.value;
  if (node.kind === 'negative') {
    const value = constantOf(node.operand);
    return value === undefined ? undefined : -value;
  }
  if (node.kind !== 'arithmetic' || node.operator !== '/') return undefined;
  const [above, below] = [constantOf(node.left), constantOf(node.right)];
  return above === undefined || !below ? undefined : above / below;
}

function converted(node: ExpressionNode, from: UnitMeasure, to: UnitMeasure): ExpressionNode {
  const { scale, offset } = conversionBetween(from, to);
  return scale === 1 && offset === 0 ? node : { kind: 'convert', operand: node, scale, offset };
}

function annotationOf(code: string): string {
  return [...code.matchAll(/\{[^}]*\}/g)].map(([annotation]) => annotation).join('');
}
