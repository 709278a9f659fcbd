/** What stands in one cell of a table of samples. */

import { parseTimestamp } from '@tidegate/core/clock/timestamp.ts';
import { STATUS } from '@tidegate/core/sample/statusCode.ts';
import type { Cell } from './importSource.ts';

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const DECIMAL_COMMA = /^[+-]?\d*,\d+(?:[eE][+-]?\d+)?$/;
const WHOLE = /^[+-]?\d+$/;
const HEXADECIMAL = /^0[xX][0-9a-fA-F]{1,8}$/;
const WORDS = new Map<string, number>([
  ['nan', Number.NaN],
  ...['inf', '+inf', 'infinity', '+infinity'].map((word): [string, number] => [word, Number.POSITIVE_INFINITY]),
  ...['-inf', '-infinity'].map((word): [string, number] => [word, Number.NEGATIVE_INFINITY]),
]);
const TRUTHS = new Map<string, boolean>([
  ['true', true],
  ['false', false],
  ['1', true],
  ['0', false],
]);
const MAX_STATUS = 0xffffffff;

/** A number, NaN and the infinities included; `undefined` where the cell holds none. */
export function readNumber(cell: Cell, hasDecimalCommas: boolean): number | undefined {
  if (typeof cell === 'number') return cell;
  const text = cell?.trim() ?? '';
  if (NUMBER.test(text)) return Number(text);
  if (hasDecimalCommas && DECIMAL_COMMA.test(text)) return Number(text.replace(',', '.'));
  return WORDS.get(text.toLowerCase());
}

export function readBoolean(cell: Cell): boolean | undefined {
  return TRUTHS.get(
    String(cell ?? '')
      .trim()
      .toLowerCase(),
  );
}

/** Microseconds since 1970 UTC, of RFC 3339 with an offset or of a whole number of them. */
export function readTime(cell: Cell): number | undefined {
  if (typeof cell === 'number') return Number.isSafeInteger(cell) ? cell : undefined;
  const text = cell?.trim() ?? '';
  if (!WHOLE.test(text)) return parseTimestamp(text);
  return Number.isSafeInteger(Number(text)) ? Number(text) : undefined;
}

/** All 32 bits, of a number, of one in hexadecimal, or of a name; Good where nothing stands. */
export function readStatus(cell: Cell): number | undefined {
  if (cell === null) return STATUS.Good;
  const text = String(cell).trim();
  if (text === '') return STATUS.Good;
  if (Object.hasOwn(STATUS, text)) return STATUS[text as keyof typeof STATUS];
  if (!WHOLE.test(text) && !HEXADECIMAL.test(text)) return undefined;
  const status = Number(text);
  return status >= 0 && status <= MAX_STATUS ? status : undefined;
}
