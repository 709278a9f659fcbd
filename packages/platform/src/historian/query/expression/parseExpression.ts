/**
 * Reads expressions over tags, such as `'site/pump/flow' > 10 && 'site/pump/state' == "on"`.
 *
 * The language is closed: numbers, "strings", 'tags', true and false, the operators + - * / %, == != < <= > >=, && || !, the
 * conditional `a ? b : c`, the functions of `EXPRESSION_FUNCTIONS`, time windows `avg('tag', "10min")`, curves and maps
 * `map("name", x, y)`, and `absolute(x)` and `number(x, "unit")`. It has no names of its own, no property access and no other calls; an expression is data that `evaluateExpression` walks over, and never becomes a program of the machine.
 */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import jsep from 'jsep';
import { EXPRESSION_FUNCTIONS, isExpressionFunction, nearestFunction } from './expressionFunctions.ts';
import type { ArithmeticOperator, ComparisonOperator, Expression, ExpressionNode } from './expressionNode.ts';
import {
  isWindowAggregate,
  type TimeWindow,
  WINDOW_AGGREGATES,
  type WindowAggregate,
  windowWidthUs,
} from './timeWindow.ts';

export const MAX_EXPRESSION_LENGTH = 1_000;
const MAX_DEPTH = 250;

const QUOTED = /'[^']*'|"[^"]*"/g;
/** What other languages say, and the historians that plants know, with what is said here. */
const FOREIGN: readonly (readonly [RegExp, string])[] = [
  [/<>/, 'write != for "not equal"'],
  [/===|!==/, 'write == or !='],
  [/(?<![=!<>])=(?!=)/, 'write == for "equal"'],
  [/\*\*|\^/, 'write pow(base, exponent)'],
  [/\band\b/i, 'write && for "and"'],
  [/\bor\b/i, 'write || for "or"'],
  [/\bnot\b/i, 'write ! for "not"'],
  [/(?<!&)&(?!&)/, 'write && for "and"'],
  [/(?<!\|)\|(?!\|)/, 'write || for "or"'],
  [/`/, 'write the name of a tag in single quotes'],
  [/\?\?|<<|>>|[[\]{};~]/, 'this cannot be used'],
];
const ARITHMETIC: ReadonlySet<string> = new Set(['+', '-', '*', '/', '%']);
const ORDER: ReadonlySet<string> = new Set(['<', '<=', '>', '>=']);
const COMPARISON: ReadonlySet<string> = new Set(['==', '!=', ...ORDER]);

/** What jsep makes of a text; of the parts those are there that belong to the type of the node. */
interface SyntaxNode {
  readonly type: string;
  readonly operator: string;
  readonly left: SyntaxNode;
  readonly right: SyntaxNode;
  readonly argument: SyntaxNode;
  readonly test: SyntaxNode;
  readonly consequent: SyntaxNode;
  readonly alternate: SyntaxNode;
  readonly callee: SyntaxNode;
  readonly object: SyntaxNode;
  readonly arguments: readonly SyntaxNode[];
  readonly body: readonly SyntaxNode[];
  readonly name: string;
  readonly raw: string;
  readonly value: unknown;
}

/** What is wrong, and where it stands in the text, from 0. It never leaves this file. */
class Refusal extends Error {
  readonly at: number;

  constructor(message: string, at: number) {
    super(message);
    this.at = at;
  }
}

/** Fault `expression.invalid` names the character, from 1, and what is wrong there. */
export function parseExpression(text: string): Result<Expression> {
  if (text.length > MAX_EXPRESSION_LENGTH) {
    return failure('expression.invalid', `The expression is longer than ${MAX_EXPRESSION_LENGTH} characters.`);
  }
  try {
    return success(new ExpressionReader(text).read());
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return failure('expression.invalid', `At character ${error.at + 1}: ${error.message}.`);
  }
}

const FUNCTION_NAMES = [
  ...new Set([...Object.keys(EXPRESSION_FUNCTIONS), ...WINDOW_AGGREGATES, 'map', 'absolute', 'number']),
];

/** What stands in double quotes. */
function textOf({ raw }: SyntaxNode): string | undefined {
  return raw?.startsWith('"') ? raw.slice(1, -1).trim() : undefined;
}

class ExpressionReader {
  readonly #text: string;
  /** The text with blanks in place of what is quoted, of the same length. */
  readonly #bare: string;
  readonly #tags: string[] = [];
  readonly #windows: TimeWindow[] = [];

  constructor(text: string) {
    this.#text = text;
    this.#bare = text.replace(QUOTED, (quoted) => ' '.repeat(quoted.length));
  }

  read(): Expression {
    this.#refuseForeign();
    const root = this.#node(this.#syntax(), 0);
    return { text: this.#text, tags: this.#tags, windows: this.#windows, root };
  }

  #refuseForeign(): void {
    const backslash = this.#text.indexOf('\\');
    if (backslash >= 0) throw new Refusal('a backslash cannot be used', backslash);
    for (const [pattern, hint] of FOREIGN) {
      const at = this.#bare.search(pattern);
      if (at >= 0) throw new Refusal(hint, at);
    }
    let depth = 0;
    for (const [at, character] of [...this.#bare].entries()) {
      if (character === '(' && ++depth > MAX_DEPTH) throw new Refusal('it is nested too deeply', at);
      if (character === ')') depth--;
    }
  }

  #syntax(): SyntaxNode {
    try {
      return jsep(this.#text) as unknown as SyntaxNode;
    } catch (error) {
      if (!(error instanceof Error && 'index' in error && 'description' in error)) throw error;
      const { index, description } = error as Error & { index: number; description: string };
      throw new Refusal(description.charAt(0).toLowerCase() + description.slice(1), index);
    }
  }

  #node(syntax: SyntaxNode, depth: number): ExpressionNode {
    if (depth > MAX_DEPTH) throw new Refusal('it is nested too deeply', 0);
    const { type, operator, left, right, argument } = syntax;
    const of = (part: SyntaxNode) => this.#node(part, depth + 1);
    switch (type) {
      case 'Literal':
        return this.#literal(syntax);
      case 'UnaryExpression':
        if (operator === '+') return of(argument);
        return { kind: operator === '!' ? 'not' : 'negative', operand: of(argument) };
      case 'BinaryExpression':
        return this.#binary(operator, left, of(left), of(right));
      case 'ConditionalExpression': {
        const { test, consequent, alternate } = syntax;
        return { kind: 'call', name: 'if', operands: [of(test), of(consequent), of(alternate)] };
      }
      case 'CallExpression':
        return this.#call(syntax, of);
      case 'Identifier': {
        const name = syntax.name;
        throw new Refusal(`"${name}" is nothing; if it is a tag, write '${name}'`, this.#placeOf(name));
      }
      case 'MemberExpression':
        throw new Refusal('nothing has properties', this.#bare.search(/\.(?!\d)/));
      case 'Compound':
        if (this.#text.trim() === '') throw new Refusal('it is empty', 0);
        throw new Refusal('an operator is missing', this.#startOf(syntax.body[1]));
      default:
        throw new Refusal('this cannot be used', 0);
    }
  }

  #literal({ raw, value }: SyntaxNode): ExpressionNode {
    if (raw.startsWith("'")) return { kind: 'tag', index: this.#tagIndex(raw.slice(1, -1).trim()) };
    if (raw.startsWith('"')) return { kind: 'constant', value: raw.slice(1, -1) };
    if (value === true || value === false) return { kind: 'constant', value: Number(value) };
    if (typeof value === 'number' && Number.isFinite(value)) return { kind: 'constant', value };
    throw new Refusal(`${raw} is no value`, this.#placeOf(raw));
  }

  #tagIndex(name: string): number {
    if (name === '') throw new Refusal('a tag needs a name', this.#text.search(/'\s*'/));
    const known = this.#tags.indexOf(name);
    return known >= 0 ? known : this.#tags.push(name) - 1;
  }

  #binary(operator: string, leftSyntax: SyntaxNode, left: ExpressionNode, right: ExpressionNode): ExpressionNode {
    if (operator === '&&') return { kind: 'and', left, right };
    if (operator === '||') return { kind: 'or', left, right };
    if (ARITHMETIC.has(operator)) return { kind: 'arithmetic', operator: operator as ArithmeticOperator, left, right };
    if (!COMPARISON.has(operator))
      throw new Refusal(`the operator ${operator} cannot be used`, this.#placeOf(operator));
    if (ORDER.has(operator) && ORDER.has(leftSyntax.operator)) {
      throw new Refusal('write a < b && b < c', this.#bare.lastIndexOf(operator));
    }
    return { kind: 'comparison', operator: operator as ComparisonOperator, left, right };
  }

  #call({ callee, arguments: given }: SyntaxNode, of: (part: SyntaxNode) => ExpressionNode): ExpressionNode {
    const name = callee.type === 'Identifier' ? callee.name : '';
    const text = given.length > 1 ? textOf(given[1]) : undefined;
    if (isWindowAggregate(name) && (text !== undefined || !isExpressionFunction(name))) {
      return this.#window(name, given, text);
    }
    if (name === 'map') return this.#map(given, of);
    if (name === 'absolute') {
      this.#requireCount(name, given, [1, 1]);
      return { kind: 'inUnit', call: name, unit: 'K', operand: of(given[0]) };
    }
    if (name === 'number') {
      this.#requireCount(name, given, [2, 2]);
      if (!text) throw new Refusal('number takes a value and a "unit" in double quotes', this.#placeOf(name));
      return { kind: 'inUnit', call: name, unit: text, operand: of(given[0]) };
    }
    if (!isExpressionFunction(name)) throw this.#unknownFunction(name);
    this.#requireCount(name, given, EXPRESSION_FUNCTIONS[name]);
    return { kind: 'call', name, operands: given.map(of) };
  }

  #unknownFunction(name: string): Refusal {
    if (name === '') return new Refusal('only functions are called', 0);
    const nearest = nearestFunction(name);
    const hint = nearest ? `did you mean ${nearest}` : `the functions are ${FUNCTION_NAMES.join(' ')}`;
    return new Refusal(`there is no function "${name}"; ${hint}`, this.#placeOf(name));
  }

  #requireCount(name: string, given: readonly SyntaxNode[], [least, most]: readonly [number, number]): void {
    if (given.length >= least && given.length <= most) return;
    const range = least === most ? `${least}` : `${least} to ${most}`;
    throw new Refusal(`${name} takes ${range} values, not ${given.length}`, this.#placeOf(name));
  }

  #window(aggregate: WindowAggregate, given: readonly SyntaxNode[], text: string | undefined): ExpressionNode {
    const [tag] = given;
    const widthUs = text === undefined ? undefined : windowWidthUs(text);
    if (given.length !== 2 || !tag.raw?.startsWith("'") || widthUs === undefined) {
      const detail = `${aggregate} takes a 'tag' and a length of time from "1ms" to "31d", such as "10min"`;
      throw new Refusal(detail, this.#placeOf(aggregate));
    }
    const window = { aggregate, tag: this.#tagIndex(tag.raw.slice(1, -1).trim()), widthUs };
    const known = this.#windows.findIndex(
      (one) => one.aggregate === aggregate && one.tag === window.tag && one.widthUs === widthUs,
    );
    return { kind: 'window', index: known >= 0 ? known : this.#windows.push(window) - 1 };
  }

  #map([first, ...rest]: readonly SyntaxNode[], of: (part: SyntaxNode) => ExpressionNode): ExpressionNode {
    const name = first && textOf(first);
    if (!name || rest.length < 1 || rest.length > 2) {
      throw new Refusal('map takes the "name" of a curve and one value, or of a map and two', this.#placeOf('map'));
    }
    return { kind: 'map', name, operands: rest.map(of) };
  }

  /** Where a word first stands outside of quotes. */
  #placeOf(word: string): number {
    return Math.max(0, this.#bare.indexOf(word));
  }

  /** Where a part begins: at its leftmost word or value. */
  #startOf(part: SyntaxNode | undefined): number {
    if (!part) return 0;
    const first = part.left ?? part.test ?? part.callee ?? part.argument ?? part.object;
    if (first) return this.#startOf(first);
    return Math.max(0, this.#text.lastIndexOf(part.raw ?? part.name ?? ''));
  }
}
