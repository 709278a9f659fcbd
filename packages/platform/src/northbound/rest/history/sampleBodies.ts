/** Samples in the body of a request, as columns of the archive. */

import { ValueKind } from '@tidegate/core/block/sampleBlock.ts';
import { parseTimestamp } from '@tidegate/core/clock/timestamp.ts';
import { STATUS, type StatusName } from '@tidegate/core/sample/statusCode.ts';
import type { TagType } from '@tidegate/core/sample/tag.ts';
import { blankRun, type SampleRun } from '../../../historian/archive/sampleRun.ts';
import { nearestNames } from '../nearestNames.ts';
import { answer, type FieldError, invalidFields, type Outcome } from '../outcome.ts';

export type BodyMoment = number | string;
type BodyValue = number | boolean | string | null;
type BodyStatus = number | string;

interface BodySample {
  readonly time: BodyMoment;
  readonly value: BodyValue;
  readonly status?: BodyStatus | undefined;
}

/** Samples one by one, or as columns. */
export interface SampleBody {
  readonly samples?: readonly BodySample[] | undefined;
  readonly times?: readonly BodyMoment[] | undefined;
  readonly values?: readonly BodyValue[] | undefined;
  readonly statuses?: readonly BodyStatus[] | undefined;
}

const NON_FINITE: Readonly<Record<string, number>> = {
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  '-Infinity': Number.NEGATIVE_INFINITY,
};

/** `field` is where the samples stand in the body, such as `series[0]`; the first thing that is wrong is named. */
export function readSamples(body: SampleBody, type: TagType, field: string): Outcome<SampleRun> {
  const rows = body.samples ?? columnRows(body);
  if (typeof rows === 'string') return invalid(field, rows);
  const strings: string[] = [];
  const run = blankRun(rows.length, strings);
  for (const [row, { time, value, status = 0 }] of rows.entries()) {
    const at = readMoment(time);
    if (at === undefined) return invalid(`${field}.samples[${row}].time`, MOMENT_HELP);
    const bits = typeof status === 'number' ? status : statusOf(status);
    if (bits === undefined) return invalid(`${field}.samples[${row}].status`, statusHelp(String(status)));
    run.times[row] = at;
    run.statuses[row] = bits;
    if (value === null) continue;
    const taken = typedValue(value, type);
    if (taken === undefined) return invalid(`${field}.samples[${row}].value`, `must be a ${type}, or null`);
    run.kinds[row] = typeof taken === 'string' ? ValueKind.string : ValueKind.number;
    run.values[row] = typeof taken === 'string' ? strings.push(taken) - 1 : taken;
  }
  return answer(run);
}

export const MOMENT_HELP =
  'must be whole microseconds since 1970 UTC, or RFC 3339 with an offset, such as 2012-01-02T12:00:10Z';

export function readMoment(moment: BodyMoment): number | undefined {
  if (typeof moment === 'string') return parseTimestamp(moment);
  return Number.isSafeInteger(moment) ? moment : undefined;
}

function columnRows({ times, values, statuses }: SampleBody) {
  if (!times || !values) return 'must have `samples`, or `times` and `values`';
  const isEven = values.length === times.length && (statuses?.length ?? times.length) === times.length;
  if (!isEven) return 'must have `times`, `values` and `statuses` of one length';
  return times.map((time, row) => ({ time, value: values[row], status: statuses?.[row] }));
}

/** As answers write them: booleans are 0 and 1, and three numbers are words. */
function typedValue(value: number | boolean | string, type: TagType): number | string | undefined {
  if (type === 'string') return typeof value === 'string' ? value : undefined;
  if (typeof value !== 'string') return Number(value);
  return Object.hasOwn(NON_FINITE, value) ? NON_FINITE[value] : undefined;
}

/** A name, or hexadecimal as `statusName` writes codes that have none. */
function statusOf(text: string): number | undefined {
  if (Object.hasOwn(STATUS, text)) return STATUS[text as StatusName];
  const bits = /^0x[0-9a-f]{8}$/i.test(text) ? Number(text) : Number.NaN;
  return Number.isNaN(bits) ? undefined : bits;
}

function statusHelp(text: string): string {
  const [nearest] = nearestNames(text, Object.keys(STATUS));
  return `must be an OPC UA StatusCode (a number, 0x80000000, or a name${nearest ? ` such as ${nearest}` : ''})`;
}

function invalid(field: string, detail: string): Outcome<never> {
  const error: FieldError = { field, detail };
  return invalidFields([error]);
}
