/**
 * A program that keeps the numbers that it counts and promises each on its standard output, well or with one flaw.
 *
 *     node keeper.ts DIRECTORY KIND [FLAW]
 *
 * - `append`: a line for each number, in files of ten lines below a directory of its own
 * - `thread`: the same in a worker thread
 * - `replace`: one file that is written anew for each number and renamed over the last
 * - `sqlite`: a row for each number
 * - `child`: a process of its own does the work, which nobody watches
 */

import { execFileSync } from 'node:child_process';
import { closeSync, fdatasyncSync, fsyncSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { isMainThread, Worker } from 'node:worker_threads';
import { type Flaw, type Kind, LINES_PER_FILE, lineOf, NUMBERS } from './keptNumbers.ts';

const [directory, kind, flaw] = process.argv.slice(2) as [string, Kind, Flaw?];

function syncDirectory(place: string): void {
  if (flaw === 'no sync of the directory') return;
  const fd = openSync(place, 'r');
  fsyncSync(fd);
  closeSync(fd);
}

/** `sync` makes `number` durable; what is wrong with the flawed ones is whether and when they call it. */
function promise(number: number, sync: () => void): void {
  if (flaw !== 'no sync' && flaw !== 'promise before the sync') sync();
  writeSync(1, `${number}\n`);
  if (flaw === 'promise before the sync') sync();
}

function append(): void {
  const lines = path.join(directory, 'lines');
  mkdirSync(lines);
  if (flaw !== 'no sync of the parent directory') syncDirectory(directory);
  let fd = -1;
  for (let number = 0; number < NUMBERS; number++) {
    if (number % LINES_PER_FILE === 0) {
      if (fd >= 0) closeSync(fd);
      fd = openSync(path.join(lines, String(number).padStart(4, '0')), 'wx');
      syncDirectory(lines);
    }
    writeSync(fd, lineOf(number));
    promise(number, () => fdatasyncSync(fd));
  }
}

function replace(): void {
  for (let number = 0; number < NUMBERS; number++) {
    const fd = openSync(path.join(directory, 'state.new'), 'w');
    writeSync(fd, lineOf(number));
    if (flaw !== 'no sync before the rename') fsyncSync(fd);
    closeSync(fd);
    renameSync(path.join(directory, 'state.new'), path.join(directory, 'state'));
    promise(number, () => syncDirectory(directory));
  }
}

function insert(): void {
  const database = new DatabaseSync(path.join(directory, 'numbers.sqlite'));
  const synchronous = flaw === 'no sync' ? 'OFF' : 'FULL';
  database.exec(`PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = ${synchronous}`);
  database.exec('CREATE TABLE line (number INTEGER PRIMARY KEY, text TEXT)');
  const row = database.prepare('INSERT INTO line VALUES (?, ?)');
  for (let number = 0; number < NUMBERS; number++) {
    row.run(number, lineOf(number));
    promise(number, () => undefined);
  }
}

if (kind === 'child') execFileSync(process.execPath, [process.argv[1], directory, 'append']);
else if (kind === 'thread' && isMainThread) new Worker(new URL(import.meta.url), { argv: process.argv.slice(2) });
else if (kind === 'replace') replace();
else if (kind === 'sqlite') insert();
else append();
