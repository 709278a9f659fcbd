/** Each formula is read once, and its units are checked once, however many assets have it. */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import type { Expression } from '../../../historian/query/expression/expressionNode.ts';
import { expressionUnit } from '../../../historian/query/expression/expressionUnit.ts';
import { parseExpression } from '../../../historian/query/expression/parseExpression.ts';

const NOTHING: Expression = { text: '', tags: [], windows: [], root: { kind: 'constant', value: 0 } };

export class FormulaShelf {
  readonly #parsed = new Map<string, Result<Expression>>();
  readonly #checked = new Map<string, Result<Expression>>();

  /** An expression that names nothing where the text cannot be read; `checked` says why. */
  parsed(text: string): Expression {
    const parsed = this.#read(text);
    return parsed.ok ? parsed.value : NOTHING;
  }

  /** With conversions between units put in; the same object for the same text and units. Faults as `expressionUnit`. */
  checked(text: string, units: readonly string[], wanted: string): Result<Expression> {
    const key = [text, ...units, wanted].join('\n');
    let found = this.#checked.get(key);
    if (!found) {
      found = this.#check(text, units, wanted);
      this.#checked.set(key, found);
    }
    return found;
  }

  #check(text: string, units: readonly string[], wanted: string): Result<Expression> {
    const parsed = this.#read(text);
    if (!parsed.ok) return parsed;
    const { tags } = parsed.value;
    const checked = expressionUnit(parsed.value, { unitOf: (tag) => units[tags.indexOf(tag)], wanted });
    return checked.ok ? success(checked.value.expression) : failure(checked.fault.code, checked.fault.detail);
  }

  #read(text: string): Result<Expression> {
    let parsed = this.#parsed.get(text);
    if (!parsed) {
      parsed = parseExpression(text);
      this.#parsed.set(text, parsed);
    }
    return parsed;
  }
}
