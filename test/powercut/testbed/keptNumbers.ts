/** What `keeper.ts` writes, and what of it can be read again. */

import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { crc32 } from 'node:zlib';

export type Kind = 'append' | 'thread' | 'replace' | 'sqlite' | 'child';
export type Flaw =
  | 'no sync'
  | 'promise before the sync'
  | 'no sync before the rename'
  | 'no sync of the directory'
  | 'no sync of the parent directory';

export const NUMBERS = 100;
export const LINES_PER_FILE = 10;

/** Long enough for several sectors, with a checksum. */
export function lineOf(number: number): string {
  const text = `${String(number).padStart(6, '0')} ${'x'.repeat(500 + (number % 7) * 300)}`;
  return `${text} ${crc32(text).toString(16).padStart(8, '0')}\n`;
}

/** How many numbers from 0 on are held. */
export function heldNumbers(kind: Kind, directory: string): number {
  if (kind === 'sqlite') return rowsIn(path.join(directory, 'numbers.sqlite'));
  if (kind === 'replace') return replacedNumber(directory);
  const lines = path.join(directory, 'lines');
  const written = namesIn(lines).map((name) => readFileSync(path.join(lines, name), 'latin1'));
  return linesIn(written.join(''));
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory).sort();
  } catch {
    return [];
  }
}

/** What a cut has torn off one file is followed by nothing, since a next one is begun only when it is whole. */
function linesIn(text: string): number {
  let count = 0;
  for (let at = 0; text.startsWith(lineOf(count), at); count++) at += lineOf(count).length;
  return count;
}

function replacedNumber(directory: string): number {
  if (!namesIn(directory).includes('state')) return 0;
  const text = readFileSync(path.join(directory, 'state'), 'latin1');
  const number = Number.parseInt(text, 10);
  return text === lineOf(number) ? number + 1 : 0;
}

function rowsIn(file: string): number {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file);
    const rows = database.prepare('SELECT number, text FROM line ORDER BY number').all();
    return linesIn((rows as { text: string }[]).map(({ text }) => text).join(''));
  } catch {
    return 0;
  } finally {
    database?.close();
  }
}
