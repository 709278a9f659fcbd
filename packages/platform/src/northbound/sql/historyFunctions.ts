/**
 * The table functions that ask the live historian, so that nobody averages compressed rows by mistake: `raw`,
 * `interpolated`, `aggregate` and `latest`. They see everything, what is only in memory too.
 */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import type { CallArgument } from '../../historian/lake/engine/engineMessage.ts';
import type { FedFunction } from '../../historian/lake/engine/sqlEngine.ts';
import { piecesOf, TAG_RUN_COLUMNS, type TagRun, tagRunTable } from './tagRuns.ts';

/**
 * What answers the functions. Texts are as the statement has them: names of tags, and times and intervals as in
 * `northbound/contract/timeExpression.ts`, or RFC 3339 in UTC and `90000ms` where they were of an SQL type. Whatever is
 * wrong with them is a fault (`tag.unknown` with the nearest names, ...).
 */
export interface HistoryFunctions {
  raw(tag: string, start: string, end: string, signal: AbortSignal): HistoryAnswer;
  interpolated(tag: string, start: string, end: string, interval: string, signal: AbortSignal): HistoryAnswer;
  aggregate(
    tag: string,
    aggregate: string,
    start: string,
    end: string,
    interval: string,
    signal: AbortSignal,
  ): HistoryAnswer;
  /** One sample for each tag whose path matches: `*` stands for any characters. */
  latest(pattern: string, signal: AbortSignal): HistoryAnswer;
}

/** In pieces, each behind the one before it; a fault is the last. */
export type HistoryAnswer = AsyncIterable<Result<readonly TagRun[]>>;

/** Parameters in their order, each with an example that the hint of a fault shows. */
const PARAMETERS = {
  raw: { tag: 'site/area/tag', start: '*-8h', end: '*' },
  interpolated: { tag: 'site/area/tag', start: '*-8h', end: '*', interval: '1m' },
  aggregate: { tag: 'site/area/tag', aggregate: 'TimeAverage', start: 'y', end: 't', interval: '1h' },
  latest: { pattern: 'site/area/*' },
} as const satisfies Record<keyof HistoryFunctions, Record<string, string>>;

export function historyFunctions(history: HistoryFunctions): FedFunction[] {
  return [
    fed('raw', ([tag, start, end], signal) => history.raw(tag, start, end, signal)),
    fed('interpolated', ([tag, start, end, interval], signal) =>
      history.interpolated(tag, start, end, interval, signal),
    ),
    fed('aggregate', ([tag, aggregate, start, end, interval], signal) =>
      history.aggregate(tag, aggregate, start, end, interval, signal),
    ),
    fed('latest', ([pattern], signal) => history.latest(pattern, signal)),
  ];
}

function fed(
  name: keyof HistoryFunctions,
  ask: (args: readonly string[], signal: AbortSignal) => HistoryAnswer,
): FedFunction {
  const parameters = Object.keys(PARAMETERS[name]);
  return {
    name,
    parameters,
    columns: TAG_RUN_COLUMNS,
    async *rows(args, signal) {
      const texts = argumentTexts(name, parameters, args);
      if (!texts.ok) return void (yield texts);
      for await (const runs of ask(texts.value, signal)) {
        if (!runs.ok) yield runs;
        else for (const piece of piecesOf(runs.value)) yield success(tagRunTable(piece));
      }
    },
  };
}

/** A tag may be named by its index; everything else is a text. */
function argumentTexts(
  name: keyof HistoryFunctions,
  parameters: readonly string[],
  args: readonly CallArgument[],
): Result<string[]> {
  const texts: string[] = [];
  for (const [index, arg] of args.entries()) {
    if (typeof arg === 'string') texts.push(arg);
    else if (parameters[index] === 'tag' && Number.isInteger(arg)) texts.push(String(arg));
    else {
      const example = Object.values(PARAMETERS[name]).map((value) => `'${value}'`);
      const detail = `${name}: ${parameters[index]} is ${arg}; write ${name}(${example.join(', ')}).`;
      return failure('sql.argument', detail);
    }
  }
  return success(texts);
}
