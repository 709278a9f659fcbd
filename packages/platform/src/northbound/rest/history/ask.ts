/** Turns what a request says into questions for each of its tags, and asks them. */

import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import type { Fault, Result } from '@tidegate/core/fault/fault.ts';
import type { Question } from '../../../historian/query/answer/question.ts';
import { MAX_VALUES } from '../../contract/historyQuestion.ts';
import type { NorthboundHistorian } from '../../encoding/northboundHistorian.ts';
import { answer, type Outcome, refusal } from '../outcome.ts';
import { askedExpression, askedTags } from './askedTags.ts';
import { futureOf, knownAtOf, type Range, rangeOf } from './moments.ts';

/** Asked at the same time are so many tags at most: more would be no faster, and hold more of the archive in memory. */
const TAGS_AT_ONCE = 8;

/** What a question of any kind may say beside its tags. */
export interface AskedBase {
  readonly tag: readonly string[];
  readonly timeZone: string;
  readonly knownAt?: string | undefined;
  readonly unit?: string | undefined;
  readonly filter?: string | undefined;
  readonly stepped?: boolean | undefined;
  readonly treatUncertainAsBad?: boolean | undefined;
  readonly percentDataBad?: number | undefined;
  readonly percentDataGood?: number | undefined;
  readonly useSlopedExtrapolation?: boolean | undefined;
}

/** The questions for each tag, without what is asked of them. */
export function questionsOf(
  historian: NorthboundHistorian,
  asked: AskedBase,
  now: Timestamp,
): Outcome<readonly Question[]> {
  const tags = askedTags(historian, asked.tag);
  if (!tags.ok) return tags;
  const knownAt = knownAtOf(asked, now);
  if (!knownAt.ok) return knownAt;
  const filter = asked.filter === undefined ? answer(undefined) : askedExpression(historian, asked.filter);
  if (!filter.ok) return filter;
  const { unit, stepped, treatUncertainAsBad, percentDataBad, percentDataGood, useSlopedExtrapolation } = asked;
  const options = { stepped, treatUncertainAsBad, percentDataBad, percentDataGood, useSlopedExtrapolation };
  return answer(
    tags.value.map((tag) => {
      const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
      return { tag, knownAt: knownAt.value, unit, filter: filter.value, options: given };
    }),
  );
}

/** Asks for several tags at the same time; the first fault is that of the whole. */
export async function askAll<Q, T>(
  questions: readonly Q[],
  ask: (question: Q) => Promise<Result<T>>,
): Promise<Outcome<readonly T[]>> {
  const values = new Array<T>(questions.length);
  let fault: Fault | undefined;
  const places = questions.keys();
  const askNext = async () => {
    for (const place of places) {
      const result = await ask(questions[place]);
      if (result.ok) values[place] = result.value;
      else fault ??= result.fault;
      if (fault) return;
    }
  };
  await Promise.all(Array.from({ length: Math.min(TAGS_AT_ONCE, questions.length) }, askNext));
  return fault ? { ok: false, fault, extras: {} } : answer(values);
}

/** Questions, range and warnings of a read over a range. */
export function askedRange(
  historian: NorthboundHistorian,
  asked: AskedBase & { readonly start: string; readonly end: string },
  now: Timestamp,
  isEitherWay = false,
): Outcome<{ questions: readonly Question[]; range: Range; warnings: readonly string[] }> {
  const questions = questionsOf(historian, asked, now);
  if (!questions.ok) return questions;
  const range = rangeOf(asked, now, isEitherWay);
  if (!range.ok) return range;
  const tags = questions.value.map(({ tag }) => tag);
  const warnings = futureOf(historian, tags, range.value, now);
  if (!warnings.ok) return warnings;
  return answer({ questions: questions.value, range: range.value, warnings: warnings.value });
}

/** A refusal where an answer would hold more values than it may. */
export function tooMany(values: number): Outcome<never> | undefined {
  if (values <= MAX_VALUES) return undefined;
  return refusal('history.too-much', `The answer would hold ${values} values; at most ${MAX_VALUES} come at once.`);
}
