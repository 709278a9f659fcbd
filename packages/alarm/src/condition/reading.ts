/** One sample as conditions take it; whoever feeds them keeps one such object and writes it over, so that none is made. */

import { severityOf } from '@tidegate/core/sample/statusCode.ts';

export interface Reading {
  /** Microseconds since 1970, by the clock of the source. */
  time: number;
  /** A boolean is 0 or 1; not-a-number where there is no number. */
  value: number;
  /** Where the value is a text. */
  text: string | undefined;
  status: number;
}

/** Whether the reading says what the value is: its status is not bad, and there is a value. */
export function isUsable({ status, value, text }: Reading): boolean {
  return severityOf(status) !== 'bad' && (text !== undefined || !Number.isNaN(value));
}
