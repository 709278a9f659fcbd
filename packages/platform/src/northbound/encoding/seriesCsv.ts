/** A series as CSV (RFC 4180): what a spreadsheet opens and a script reads. */

import { formatTimestamp, type Timestamp } from '@tidegate/core/clock/timestamp.ts';
import type { SampleValue } from '@tidegate/core/sample/sample.ts';
import { statusName } from '@tidegate/core/sample/statusCode.ts';
import { type SampleRun, valueAt } from '../../historian/archive/sampleRun.ts';

const NEEDS_QUOTES = /[",\r\n]/;

/** A header, then one line for each sample: time in RFC 3339 and UTC, value, name of the status. */
export function seriesCsv(series: SampleRun): string {
  const lines = ['time,value,status'];
  for (let row = 0; row < series.times.length; row++) {
    const time = formatTimestamp(series.times[row] as Timestamp);
    lines.push(`${time},${csvField(valueAt(series, row))},${statusName(series.statuses[row])}`);
  }
  return `${lines.join('\r\n')}\r\n`;
}

/** No value is an empty field, and a text that is empty a quoted one, so that the two can be told apart. */
function csvField(value: SampleValue): string {
  if (value === null) return '';
  const text = String(value);
  return text === '' || NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
