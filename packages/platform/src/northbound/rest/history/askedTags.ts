/** The tags and expressions that a question names. */

import { AGGREGATE_NAMES, type AggregateName, isAggregateName } from '../../../historian/query/aggregate/aggregates.ts';
import type { TagExpression } from '../../../historian/query/answer/tagExpression.ts';
import { nodesOf } from '../../../historian/query/expression/expressionNode.ts';
import { expressionUnit } from '../../../historian/query/expression/expressionUnit.ts';
import { parseExpression } from '../../../historian/query/expression/parseExpression.ts';
import type { HistorianReader, StoredTag } from '../../../historian/query/historianReader.ts';
import { MAX_TAGS } from '../../contract/historyQuestion.ts';
import { nearestNames } from '../nearestNames.ts';
import { answer, type Outcome, refusal } from '../outcome.ts';
import { lookUpTag } from '../tagLookup.ts';

/** Each tag once, in the order of the question. A text with commas that is no tag as a whole is a list of them. */
export function askedTags(historian: HistorianReader, given: readonly string[]): Outcome<readonly StoredTag[]> {
  const tags = new Map<number, StoredTag>();
  for (const text of given) {
    const whole = text.includes(',') ? lookUpTag(historian, text) : undefined;
    for (const name of whole?.ok ? [text] : text.split(',')) {
      const tag = lookUpTag(historian, name.trim());
      if (!tag.ok) return tag;
      tags.set(tag.value.index, tag.value);
    }
    if (tags.size > MAX_TAGS) return refusal('history.too-much', `At most ${MAX_TAGS} tags are answered at once.`);
  }
  return answer([...tags.values()]);
}

/** Each aggregate once; names are taken in upper and lower case alike. */
export function askedAggregates(given: readonly string[]): Outcome<readonly AggregateName[]> {
  const names = new Set<AggregateName>();
  for (const text of given.flatMap((one) => one.split(',')).map((name) => name.trim())) {
    const name = isAggregateName(text) ? text : AGGREGATE_NAMES.find((one) => one.toLowerCase() === text.toLowerCase());
    if (!name) {
      const suggestions = nearestNames(text, AGGREGATE_NAMES);
      const hint = suggestions.length > 0 ? ` The nearest is ${suggestions[0]}.` : '';
      const detail = `There is no aggregate "${text}".${hint} There are ${AGGREGATE_NAMES.join(', ')}.`;
      return refusal('aggregate.unknown', detail, { suggestions });
    }
    names.add(name);
  }
  return answer([...names]);
}

export function askedExpression(historian: HistorianReader, text: string): Outcome<TagExpression> {
  const expression = parseExpression(text);
  if (!expression.ok) return { ...expression, extras: {} };
  const tags: StoredTag[] = [];
  for (const name of expression.value.tags) {
    const tag = lookUpTag(historian, name);
    if (!tag.ok) return tag;
    tags.push(tag.value);
  }
  const kinds = new Set(nodesOf(expression.value.root).map(({ kind }) => kind));
  if (kinds.has('map'))
    return refusal('expression.invalid', 'Maps belong to twins: ask for the history of an attribute.');
  if (!kinds.has('inUnit')) return answer({ expression: expression.value, tags });
  const unitOf = (name: string) => tags[expression.value.tags.indexOf(name)].unit;
  const checked = expressionUnit(expression.value, { unitOf });
  return checked.ok ? answer({ expression: checked.value.expression, tags }) : { ...checked, extras: {} };
}
