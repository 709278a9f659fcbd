/**
 * What an expression comes to, row by row, over columns of the tags that it reads.
 *
 * Each value carries the worst status of what it was made of, the first of equals. A part without a value, or with a bad
 * status, makes the whole bad. There are three exceptions: `bad`, `good`, `uncertain` and `status` always have a good answer;
 * `if` takes part with its condition and the branch that it chooses; and `&&` (`||`) is false (true) for certain where one
 * side is, whatever the other is. Truth is 1 and 0, and a number other than 0 is true.
 *
 * Outside of a curve or map its edge holds, with UncertainEngineeringUnitsExceeded, or it is BadOutOfRange, as the table says.
 * What was not given to the evaluation, such as a map that nobody has, is BadConfigurationError.
 *
 * A result that is no finite number, such as a division by 0, is BadOutOfRange; a string where a number must be, or a
 * number where a string must be, is BadTypeMismatch. A string equals strings only; strings are ordered by their code units.
 */

import { ValueKind } from '@tidegate/core/block/sampleBlock.ts';
import { STATUS } from '@tidegate/core/sample/statusCode.ts';
import type { SampleRun } from '../../archive/sampleRun.ts';
import { type CurveMaps, type MapReading, mapValue } from './curveMap.ts';
import type { ExpressionFunction } from './expressionFunctions.ts';
import type { ArithmeticOperator, ComparisonOperator, Expression, ExpressionNode } from './expressionNode.ts';
import { StringTable } from './stringTable.ts';

/** Info type DataValue, and "calculated" (OPC UA Part 4, 7.39). */
const CALCULATED_BITS = 0x0401;
const UNCERTAIN = 0x40000000;
const BAD = 0x80000000;
const SUB_CODE_MASK = 0xffff0000;

/** A column while it is being reckoned with: a row without a value has a bad status, and the other way round. */
interface Column {
  readonly values: Float64Array;
  readonly kinds: Uint8Array;
  readonly statuses: Uint32Array;
}

/** What an expression uses beside its tags. */
export interface EvaluationContext {
  readonly maps?: CurveMaps | undefined;
  /** In the order of `expression.windows`, with as many rows as the tags have (`windowColumn` makes them). */
  readonly windows?: readonly SampleRun[] | undefined;
}

/**
 * `columns` hold the tags of the expression in the order of `expression.tags`, each with one row for each of `times`
 * (`tagColumn` makes them). The result has the same times; a boolean is 0 or 1.
 */
export function evaluateExpression(
  expression: Expression,
  columns: readonly SampleRun[],
  times: Float64Array,
  context: EvaluationContext = {},
): SampleRun {
  const evaluation = new Evaluation(columns, times.length, context);
  const { values, kinds, statuses } = evaluation.column(expression.root);
  const result: SampleRun = {
    times,
    values: values.slice(),
    kinds: kinds.slice(),
    statuses: statuses.slice(),
    strings: evaluation.strings,
  };
  for (let row = 0; row < times.length; row++) {
    const code = (result.statuses[row] & SUB_CODE_MASK) >>> 0;
    result.statuses[row] = code >= BAD ? code : code | CALCULATED_BITS;
  }
  return result;
}

class Evaluation {
  readonly #inputs: readonly Column[];
  readonly #windows: readonly Column[];
  readonly #maps: CurveMaps | undefined;
  readonly #count: number;
  readonly #table = new StringTable();

  constructor(columns: readonly SampleRun[], count: number, { maps, windows = [] }: EvaluationContext) {
    this.#count = count;
    this.#inputs = columns.map((column) => this.#prepare(column));
    this.#windows = windows.map((column) => this.#prepare(column));
    this.#maps = maps;
  }

  get strings(): readonly string[] {
    return this.#table.strings;
  }

  column(node: ExpressionNode): Column {
    switch (node.kind) {
      case 'tag':
        return this.#inputs[node.index];
      case 'window':
        return this.#windows[node.index] ?? this.#unknown();
      case 'inUnit':
        return this.#unknown();
      case 'absent':
        return this.#absent(node.status);
      case 'convert': {
        const { scale, offset } = node;
        return this.#numbers([this.column(node.operand)], (value) => value * scale + offset);
      }
      case 'map':
        return this.#map(
          node.name,
          node.operands.map((operand) => this.column(operand)),
        );
      case 'constant':
        return this.#constant(node.value);
      case 'negative':
        return this.#numbers([this.column(node.operand)], (value) => -value);
      case 'not':
        return this.#numbers([this.column(node.operand)], (value) => (value === 0 ? 1 : 0));
      case 'arithmetic':
        return this.#numbers([this.column(node.left), this.column(node.right)], ARITHMETIC[node.operator]);
      case 'comparison':
        return this.#comparison(this.column(node.left), this.column(node.right), node.operator);
      case 'and':
        return this.#logic(this.column(node.left), this.column(node.right), 0);
      case 'or':
        return this.#logic(this.column(node.left), this.column(node.right), 1);
      case 'call':
        return this.#call(
          node.name,
          node.operands.map((operand) => this.column(operand)),
        );
    }
  }

  /** Gives all strings one table, so that equal ones have equal indices, and leaves no value beside a bad status. */
  #prepare(run: SampleRun): Column {
    const column = blankColumn(this.#count);
    const indices = run.strings.map((text) => this.#table.indexOf(text));
    for (let row = 0; row < this.#count; row++) {
      const [kind, status] = [run.kinds[row], run.statuses[row]];
      column.statuses[row] = status;
      if (kind === ValueKind.none || status >= BAD) {
        if (status < BAD) column.statuses[row] = STATUS.BadNoData;
        continue;
      }
      column.kinds[row] = kind;
      column.values[row] = kind === ValueKind.string ? indices[run.values[row]] : run.values[row];
    }
    return column;
  }

  #constant(value: number | string): Column {
    const column = blankColumn(this.#count);
    column.kinds.fill(typeof value === 'string' ? ValueKind.string : ValueKind.number);
    column.values.fill(typeof value === 'string' ? this.#table.indexOf(value) : value);
    return column;
  }

  /** A function of one or two numbers, and of the row. */
  #numbers([left, right = left]: readonly Column[], reckon: (a: number, b: number, row: number) => number): Column {
    const into = blankColumn(this.#count);
    for (let row = 0; row < this.#count; row++) {
      const status = worst(left.statuses[row], right.statuses[row]);
      into.statuses[row] = status;
      if (status >= BAD) continue;
      if (left.kinds[row] !== ValueKind.number || right.kinds[row] !== ValueKind.number) {
        into.statuses[row] = STATUS.BadTypeMismatch;
        continue;
      }
      const value = reckon(left.values[row], right.values[row], row);
      if (Number.isFinite(value)) {
        into.kinds[row] = ValueKind.number;
        into.values[row] = value;
      } else into.statuses[row] = STATUS.BadOutOfRange;
    }
    return into;
  }

  #map(name: string, [x, y]: readonly Column[]): Column {
    const map = this.#maps?.get(name);
    if (!map || (map.y === undefined) !== (y === undefined)) return this.#unknown();
    const reading: MapReading = { value: 0, isOutside: false };
    const outside = map.outside === 'bad' ? STATUS.BadOutOfRange : STATUS.UncertainEngineeringUnitsExceeded;
    const isOutside = new Uint8Array(this.#count);
    const into = this.#numbers(y ? [x, y] : [x], (a, b, at) => {
      const { value, isOutside: is } = mapValue(map, a, b, reading);
      if (is) isOutside[at] = 1;
      return value;
    });
    for (let row = 0; row < this.#count; row++) {
      if (isOutside[row] === 0) continue;
      into.statuses[row] = worst(into.statuses[row], outside);
      if (outside < BAD) continue;
      into.kinds[row] = ValueKind.none;
      into.values[row] = 0;
    }
    return into;
  }

  #unknown(): Column {
    return this.#absent(STATUS.BadConfigurationError);
  }

  #absent(status: number): Column {
    const column = blankColumn(this.#count);
    column.statuses.fill(status);
    return column;
  }

  #comparison(left: Column, right: Column, operator: ComparisonOperator): Column {
    const into = blankColumn(this.#count);
    const compare = COMPARISONS[operator];
    const isEquality = operator === '==' || operator === '!=';
    for (let row = 0; row < this.#count; row++) {
      const status = worst(left.statuses[row], right.statuses[row]);
      into.statuses[row] = status;
      if (status >= BAD) continue;
      const isAlike = left.kinds[row] === right.kinds[row];
      if (!isAlike && !isEquality) {
        into.statuses[row] = STATUS.BadTypeMismatch;
        continue;
      }
      const [a, b] = [left.values[row], right.values[row]];
      const isString = left.kinds[row] === ValueKind.string;
      const order = isAlike ? (isString ? this.#table.compare(a, b) : a - b) : Number.NaN;
      into.kinds[row] = ValueKind.number;
      into.values[row] = compare(order) ? 1 : 0;
    }
    return into;
  }

  /** `decisive` is the truth of one side that settles the result: 0 for "and", 1 for "or". */
  #logic(left: Column, right: Column, decisive: 0 | 1): Column {
    const into = blankColumn(this.#count);
    for (let row = 0; row < this.#count; row++) {
      const [a, b] = [truthAt(left, row), truthAt(right, row)];
      if (a === decisive && b === decisive) into.statuses[row] = best(left.statuses[row], right.statuses[row]);
      else if (a === decisive) into.statuses[row] = left.statuses[row];
      else if (b === decisive) into.statuses[row] = right.statuses[row];
      else into.statuses[row] = worst(statusOfTruth(left, row), statusOfTruth(right, row));
      if (into.statuses[row] >= BAD) continue;
      into.kinds[row] = ValueKind.number;
      into.values[row] = a === decisive || b === decisive ? decisive : 1 - decisive;
    }
    return into;
  }

  #call(name: ExpressionFunction, operands: readonly Column[]): Column {
    switch (name) {
      case 'if':
        return this.#choice(operands);
      case 'min':
      case 'max':
        return operands
          .slice(1)
          .reduce((left, right) => this.#numbers([left, right], FUNCTIONS[name]), this.#numbers([operands[0]], Number));
      case 'bad':
        return this.#ofStatus(operands[0], (status) => (status >= BAD ? 1 : 0));
      case 'good':
        return this.#ofStatus(operands[0], (status) => (status < UNCERTAIN ? 1 : 0));
      case 'uncertain':
        return this.#ofStatus(operands[0], (status) => (status >= UNCERTAIN && status < BAD ? 1 : 0));
      case 'status':
        return this.#ofStatus(operands[0], (status) => status);
      default:
        return this.#numbers(operands, FUNCTIONS[name]);
    }
  }

  #choice([condition, yes, no]: readonly Column[]): Column {
    const into = blankColumn(this.#count);
    for (let row = 0; row < this.#count; row++) {
      const truth = truthAt(condition, row);
      if (truth === undefined) {
        into.statuses[row] = statusOfTruth(condition, row);
        continue;
      }
      const chosen = truth === 1 ? yes : no;
      into.statuses[row] = worst(condition.statuses[row], chosen.statuses[row]);
      into.kinds[row] = chosen.kinds[row];
      into.values[row] = chosen.values[row];
    }
    return into;
  }

  #ofStatus({ statuses }: Column, reckon: (status: number) => number): Column {
    const into = blankColumn(this.#count);
    into.kinds.fill(ValueKind.number);
    for (let row = 0; row < this.#count; row++) into.values[row] = reckon(statuses[row]);
    return into;
  }
}

const ARITHMETIC: Readonly<Record<ArithmeticOperator, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '%': (a, b) => a % b,
};

/** Of one or two operands; none sees the row that `#numbers` hands over. */
const FUNCTIONS = {
  abs: (value: number) => Math.abs(value),
  ceil: (value: number) => Math.ceil(value),
  exp: (value: number) => Math.exp(value),
  floor: (value: number) => Math.floor(value),
  log: (value: number) => Math.log(value),
  log10: (value: number) => Math.log10(value),
  max: (a: number, b: number) => Math.max(a, b),
  min: (a: number, b: number) => Math.min(a, b),
  pow: (base: number, exponent: number) => base ** exponent,
  round: (value: number) => Math.sign(value) * Math.round(Math.abs(value)),
  sign: (value: number) => Math.sign(value),
  sqrt: (value: number) => Math.sqrt(value),
} as const;

/** By the sign of the difference, which is NaN where the two cannot be compared. */
const COMPARISONS: Readonly<Record<ComparisonOperator, (order: number) => boolean>> = {
  '==': (order) => order === 0,
  '!=': (order) => order !== 0,
  '<': (order) => order < 0,
  '<=': (order) => order <= 0,
  '>': (order) => order > 0,
  '>=': (order) => order >= 0,
};

function blankColumn(count: number): Column {
  return { values: new Float64Array(count), kinds: new Uint8Array(count), statuses: new Uint32Array(count) };
}

/** 1 or 0; `undefined` where there is no value, or a string. */
function truthAt({ kinds, values }: Column, row: number): 0 | 1 | undefined {
  if (kinds[row] !== ValueKind.number) return undefined;
  return values[row] === 0 ? 0 : 1;
}

function statusOfTruth({ kinds, statuses }: Column, row: number): number {
  return kinds[row] === ValueKind.string ? STATUS.BadTypeMismatch : statuses[row];
}

/** The one of two statuses that is more severe; of equals the first. */
function worst(a: number, b: number): number {
  return b >>> 30 > a >>> 30 ? b : a;
}

function best(a: number, b: number): number {
  return b >>> 30 < a >>> 30 ? b : a;
}
