/** What every question about history has in common, and what the answers are made from. */

import { type Fault, failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import type { Annotations } from '../../archive/versions/annotations.ts';
import type { EditLog } from '../../archive/versions/editLog.ts';
import type { StoredTag } from '../../ingest/storedTag.ts';
import type { Watermarks } from '../../ingest/watermark.ts';
import { type AggregateOptions, DEFAULT_AGGREGATE_OPTIONS } from '../aggregate/aggregateOptions.ts';
import type { History } from '../history.ts';
import { converterBetween } from '../unit/unitConverter.ts';
import { filterBy } from './expressionInputs.ts';
import type { SampleWay } from './sampleConsumer.ts';
import type { TagExpression } from './tagExpression.ts';

/** The parts of the historian that are asked. */
export interface QuerySources {
  readonly history: History;
  readonly edits: EditLog;
  readonly annotations: Annotations;
  /** The watermarks of this moment. */
  readonly watermarks: () => Watermarks;
}

export interface Question {
  readonly tag: StoredTag;
  /** Only what was known then (µs). */
  readonly knownAt?: number | undefined;
  /** UCUM code; values are converted before anything is calculated. That of the tag where it is left out. */
  readonly unit?: string | undefined;
  /** Samples at whose time it is not true are left out before anything is calculated. */
  readonly filter?: TagExpression | undefined;
  /** Where the question does not say, `stepped` is that of the tag, and the rest what the standard says. */
  readonly options?: Partial<AggregateOptions> | undefined;
}

/** Up to where an answer cannot change any more but by edits, late data and corrections: microseconds. */
export interface Finality {
  readonly finalUntil: number;
}

/** Texts and booleans step whatever the definition of their tag says. */
export function optionsOf({ tag, options }: Question): AggregateOptions {
  const stepped = tag.stepped || tag.type !== 'number';
  const given = Object.entries(options ?? {}).filter(([, value]) => value !== undefined);
  return { ...DEFAULT_AGGREGATE_OPTIONS, stepped, ...Object.fromEntries(given) };
}

/** Faults: `unit.unknown`, `unit.incommensurable`. */
export async function wayOf(sources: QuerySources, question: Question): Promise<Result<SampleWay>> {
  const { tag, unit, filter, knownAt } = question;
  const kept = filter && filterBy(sources.history, filter, knownAt);
  if (unit === undefined || unit === tag.unit) return success({ filter: kept });
  if (tag.type !== 'number') {
    return failure('unit.incommensurable', `${tag.path} is a ${tag.type}: it has no unit to convert.`);
  }
  const converter = await converterBetween(tag.unit, unit);
  return converter.ok ? success({ filter: kept, converter: converter.value }) : at(tag, converter.fault);
}

function at({ path }: StoredTag, { code, detail }: Fault): Result<never> {
  return failure(code, `${path}: ${detail}`);
}
