/** What every series of an answer says of its tag. */

import { ValueKind } from '@tidegate/core/block/sampleBlock.ts';
import type { SampleRun } from '../../../historian/archive/sampleRun.ts';
import { optionsOf, type Question } from '../../../historian/query/answer/question.ts';
import type { StoredTag } from '../../../historian/query/historianReader.ts';
import type { AnswerColumn, AnswerSeries } from '../../encoding/columns/columnAnswer.ts';
import type { NorthboundHistorian } from '../../encoding/northboundHistorian.ts';

export function tagFacts(question: Question) {
  const { tag, unit } = question;
  const { stepped } = optionsOf(question);
  return { tag: tag.index, path: tag.path, valueType: tag.type, unit: unit ?? tag.unit, stepped };
}

export function labelsOf({ index, path }: StoredTag): AnswerSeries['labels'] {
  return [
    { name: 'tag', value: index },
    { name: 'path', value: path },
  ];
}

export function finalFacts(finalUntil: number) {
  return { finalUntil: Number.isFinite(finalUntil) ? finalUntil : null };
}

export function finalsColumn(finals: Uint8Array): AnswerColumn {
  return { name: 'final', many: 'finals', kind: 'flag', values: finals };
}

/** The names that the codes of a digital tag had at their times; a single column, or none where the tag cannot be read. */
export function stateNameColumn(
  historian: NorthboundHistorian,
  tag: StoredTag,
  { times, values, kinds }: Pick<SampleRun, 'times' | 'values' | 'kinds'>,
): AnswerColumn[] {
  const states = historian.stateNames(tag.index);
  if (!states.ok) return [];
  const names = Array.from(times, (time, row) =>
    kinds[row] === ValueKind.number ? (states.value.nameOf(values[row], time) ?? null) : null,
  );
  return [{ name: 'stateName', many: 'stateNames', kind: 'text', values: names }];
}
