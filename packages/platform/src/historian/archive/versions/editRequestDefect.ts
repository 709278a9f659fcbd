/** Why a change of history cannot be taken, before anything is looked up. */

import { ValueKind } from '@tidegate/core/block/sampleBlock.ts';
import type { SampleRun } from '../sampleRun.ts';
import type { EditRequest } from './edit.ts';

/** Half a sentence; `undefined` where nothing is wrong. */
export function editRequestDefect(request: EditRequest): string | undefined {
  if (request.by.trim() === '') return 'it does not say who makes it';
  if (request.reason.trim() === '') return 'it does not say why';
  if (request.kind !== 'delete') return samplesDefect(request.samples);
  if ('times' in request) return timesDefect(request.times);
  const { start, end } = request;
  return start <= end ? undefined : `its range begins at ${start} and ends before that, at ${end}`;
}

function timesDefect(times: Float64Array): string | undefined {
  const wrong = times.find((time) => !Number.isSafeInteger(time));
  return wrong === undefined ? undefined : `${wrong} is no time in whole microseconds`;
}

function samplesDefect({ times, values, kinds, strings }: SampleRun): string | undefined {
  const defect = timesDefect(times);
  if (defect !== undefined) return defect;
  const ill = strings.find((text) => !text.isWellFormed());
  if (ill !== undefined) return `the text ${JSON.stringify(ill)} is no Unicode`;
  for (let row = 0; row < times.length; row++) {
    if (kinds[row] === ValueKind.string && strings[values[row]] === undefined) return `sample ${row} has no text`;
  }
  return undefined;
}
