/** The alarm log of another system as a table of text, on its way to the journal of a server. */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';

/** Which column of the log says what; a record of the journal has the fields on the left. */
export type LogColumns = Readonly<Record<string, string>>;

export interface LogRecord {
  readonly time: string;
  readonly alarm: string;
  readonly happening: string;
  readonly priority?: string;
  readonly value?: number | string;
  readonly message?: string;
}

/** What other systems write for what happened to an alarm. */
const HAPPENINGS: Readonly<Record<string, string>> = {
  act: 'activated',
  active: 'activated',
  alm: 'activated',
  alarm: 'activated',
  set: 'activated',
  unack: 'activated',
  rtn: 'returned',
  normal: 'returned',
  inactive: 'returned',
  clear: 'returned',
  cleared: 'returned',
  reset: 'reset',
  ack: 'acknowledged',
  acked: 'acknowledged',
  shelve: 'shelved',
  unshelve: 'unshelved',
  suppress: 'suppressed',
};
const KNOWN = new Set([
  'activated',
  'returned',
  'acknowledged',
  'reset',
  'shelved',
  'unshelved',
  'suppressed',
  'unsuppressed',
]);
/** The four of most control systems, from the most urgent. */
const PRIORITIES: Readonly<Record<string, string>> = {
  '1': 'critical',
  urgent: 'critical',
  emergency: 'critical',
  '2': 'high',
  '3': 'medium',
  '4': 'low',
  warning: 'low',
};
const REQUIRED = ['time', 'alarm', 'happening'] as const;

/**
 * `columns.alarm` may join several columns with `+`: their texts stand with a slash between them. Fault `launch.option` names
 * the column or the line, from 1.
 */
export function readAlarmLog(rows: readonly (readonly string[])[], columns: LogColumns): Result<LogRecord[]> {
  const [header = [], ...lines] = rows;
  const missing = REQUIRED.find((field) => columns[field] === undefined);
  if (missing)
    return failure(
      'launch.option',
      `Say with --columns which column is "${missing}"; the file has ${header.join(', ')}.`,
    );
  const places: Record<string, readonly number[]> = {};
  for (const [field, names] of Object.entries(columns)) {
    const found = names.split('+').map((name) => header.indexOf(name.trim()));
    if (found.includes(-1))
      return failure('launch.option', `The file has no column "${names}"; it has ${header.join(', ')}.`);
    places[field] = found;
  }
  const records: LogRecord[] = [];
  for (const [at, line] of lines.entries()) {
    const textOf = (field: string) => places[field]?.map((place) => line[place] ?? '').join('/');
    const happening = happeningOf(textOf('happening') ?? '');
    if (!happening) {
      return failure('launch.option', `Line ${at + 2}: "${textOf('happening')}" is nothing that happens to an alarm.`);
    }
    const [priority, value, message] = [textOf('priority'), textOf('value'), textOf('message')];
    records.push({
      ...{ time: textOf('time') ?? '', alarm: textOf('alarm') ?? '', happening },
      ...(priority !== undefined && { priority: PRIORITIES[priority.toLowerCase()] ?? priority.toLowerCase() }),
      ...(value !== undefined && value !== '' && { value: Number.isFinite(Number(value)) ? Number(value) : value }),
      ...(message !== undefined && { message }),
    });
  }
  return success(records);
}

function happeningOf(text: string): string | undefined {
  const word = text.trim().toLowerCase();
  return KNOWN.has(word) ? word : HAPPENINGS[word];
}
