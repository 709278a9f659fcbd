/** What is written into history through the interface: imports, corrections and notes. Nothing that was there is lost. */

import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import type { Result } from '@tidegate/core/fault/fault.ts';
import { statusName } from '@tidegate/core/sample/statusCode.ts';
import type { EditRequest } from '../../../historian/archive/versions/edit.ts';
import type { StoredTag } from '../../../historian/query/historianReader.ts';
import type { ImportedSeries } from '../../../historian/query/historyImport.ts';
import type { AnnotationBody, EditBody, ImportBody } from '../../contract/historyChange.ts';
import type { NorthboundHistorian } from '../../encoding/northboundHistorian.ts';
import { answer, invalidFields, type Outcome } from '../outcome.ts';
import { lookUpTag } from '../tagLookup.ts';
import { MOMENT_HELP, readMoment, readSamples } from './sampleBodies.ts';

export async function importHistory(historian: NorthboundHistorian, body: ImportBody): Promise<Outcome<unknown>> {
  const series: ImportedSeries[] = [];
  for (const [at, one] of body.series.entries()) {
    const run = readSamples(one, one.type, `series[${at}]`);
    if (!run.ok) return run;
    const { path, type, unit, stepped, description } = one;
    series.push({ path, type, unit, stepped, description, run: run.value });
  }
  const imported = await historian.importSamples(series, body.by);
  return outcomeOf(imported, (tags) => ({
    series: tags.map(({ tag, samples }) => ({ tag: tag.index, path: tag.path, unit: tag.unit, samples })),
  }));
}

export async function editHistory(historian: NorthboundHistorian, body: EditBody): Promise<Outcome<unknown>> {
  const tag = lookUpTag(historian, String(body.tag));
  if (!tag.ok) return tag;
  const request = body.kind === 'delete' ? deletion(tag.value, body) : writing(tag.value, body);
  if (!request.ok) return request;
  return outcomeOf(await historian.edit(request.value), ({ edit, results }) => ({
    edit: edit?.id ?? null,
    at: edit?.at ?? null,
    results: Array.from(results),
    resultNames: Array.from(results, statusName),
  }));
}

export function annotateHistory(historian: NorthboundHistorian, body: AnnotationBody): Outcome<unknown> {
  const { id, text, by } = body;
  const { annotations } = historian;
  if (id !== undefined) {
    const changed = text === null ? annotations.remove(id, by) : annotations.change(id, text, by);
    return outcomeOf<{ readonly text: string | undefined }>(changed, (note) => ({ ...note, text: note.text ?? null }));
  }
  const tag = lookUpTag(historian, String(body.tag ?? ''));
  if (!tag.ok) return tag;
  const time = body.time === undefined ? undefined : readMoment(body.time);
  if (time === undefined) return invalidFields([{ field: 'time', detail: MOMENT_HELP }]);
  return outcomeOf(
    annotations.add({ tag: tag.value.index, time: time as Timestamp, text: text ?? '', by }),
    (note) => note,
  );
}

function writing({ index, type }: StoredTag, body: EditBody): Outcome<EditRequest> {
  const { by, reason } = body;
  const samples = readSamples(body, type, 'body');
  if (!samples.ok) return samples;
  return answer({ tag: index, kind: body.kind as 'insert' | 'replace' | 'update', by, reason, samples: samples.value });
}

function deletion({ index }: StoredTag, { by, reason, start, end, times }: EditBody): Outcome<EditRequest> {
  const who = { tag: index, kind: 'delete', by, reason } as const;
  if (times) {
    const moments = times.map(readMoment);
    const wrong = moments.indexOf(undefined);
    if (wrong >= 0) return invalidFields([{ field: `times[${wrong}]`, detail: MOMENT_HELP }]);
    return answer({ ...who, times: Float64Array.from(moments as number[]) });
  }
  const [first, last] = [start, end].map((moment) => (moment === undefined ? undefined : readMoment(moment)));
  if (first === undefined) return invalidFields([{ field: 'start', detail: MOMENT_HELP }]);
  if (last === undefined) return invalidFields([{ field: 'end', detail: MOMENT_HELP }]);
  return answer({ ...who, start: first, end: last });
}

function outcomeOf<T>(result: Result<T>, json: (value: T) => unknown): Outcome<unknown> {
  return result.ok ? answer(json(result.value)) : { ...result, extras: {} };
}
