/** Where the next page of raw samples begins: opaque to clients, and checked when it comes back. */

import { crc32 } from 'node:zlib';
import type { RawPlace } from '../../../historian/query/answer/rawAnswer.ts';

/** A read that is under way. Times stand as they were resolved, so that `*` means the same on every page. */
export interface HistoryCursor {
  readonly start: number | undefined;
  readonly end: number | undefined;
  readonly knownAt: number | undefined;
  /** Which of the tags is being read, and where its page ended; none where it has not begun. */
  readonly tagAt: number;
  readonly behind: RawPlace | undefined;
}

/** What was given of one moment is read again: a number beyond this would read everything. */
const MOST_GIVEN = 10_000_000;

/** `question` is what the other parameters say: the cursor fits no other. */
export function encodeHistoryCursor({ start, end, knownAt, tagAt, behind }: HistoryCursor, question: string): string {
  const text = [start, end, knownAt, tagAt, behind?.time, behind?.given].map((part) => part ?? '').join(' ');
  return Buffer.from(`${text} ${sealOf(text, question)}`).toString('base64url');
}

/** `undefined` where the text is no cursor that `encodeHistoryCursor` has made for this question. */
export function decodeHistoryCursor(cursor: string, question: string): HistoryCursor | undefined {
  if (cursor.length > 256) return undefined;
  const text = Buffer.from(cursor, 'base64url').toString();
  const cut = text.lastIndexOf(' ');
  if (cut < 0 || text.slice(cut + 1) !== sealOf(text.slice(0, cut), question)) return undefined;
  const parts = text.slice(0, cut).split(' ');
  const [start, end, knownAt, tagAt, time, given] = parts.map((part) => (part === '' ? undefined : Number(part)));
  const numbers = [start, end, knownAt, tagAt, time, given].filter((part) => part !== undefined);
  if (parts.length !== 6 || tagAt === undefined || !numbers.every(Number.isSafeInteger)) return undefined;
  if (tagAt < 0 || (given ?? 1) < 1 || (given ?? 0) > MOST_GIVEN || (time === undefined) !== (given === undefined)) {
    return undefined;
  }
  const behind = time === undefined || given === undefined ? undefined : { time, given };
  return { start, end, knownAt, tagAt, behind };
}

function sealOf(text: string, question: string): string {
  return crc32(`${question}\n${text}`).toString(36);
}
