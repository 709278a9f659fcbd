/** Runs a program over the library that records what it does to a directory, and cuts the power afterwards, many times. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { Random } from '../fuzz/random.ts';
import { compiledLibrary } from './compiledLibrary.ts';
import { Disk, type PowerCut } from './disk.ts';
import type { NameOrder } from './tracedNames.ts';
import { decodeTrace, describeRecord, type TraceRecord } from './traceRecord.ts';

export interface TracedProgram {
  /** A file that Node runs, and its arguments. */
  readonly command: readonly string[];
  /** Everything below is recorded; what is there before counts as being on the disk. */
  readonly directory: string;
  /** The program is killed right behind its so many-th write to standard output, unless it ends before. */
  readonly marks?: number;
}

/** The directory after one power cut. */
export interface CutDirectory {
  readonly directory: string;
  /** The lines that the program had written to its standard output by then: what it has promised. */
  readonly said: readonly string[];
  /** What a person needs to understand a failure: where the cut was, and what was lost by it. */
  readonly story: string;
}

const ORDERS: readonly NameOrder[] = ['journal', 'directory', 'any'];
/** From "all that may be lost is lost" to "nothing is". */
const SURVIVALS = [0, 0.5, 0.9, 1];
const STORY_RECORDS = 12;

export class TracedRun {
  readonly records: readonly TraceRecord[];
  /** What was there before the program began. */
  readonly #before: string;

  private constructor(before: string, records: readonly TraceRecord[]) {
    this.#before = before;
    this.records = records;
  }

  /**
   * Runs the program to its end. Throws where it failed, or where the trace is not all that it did: the directory must be
   * what the trace makes it, to the byte.
   */
  static async of(program: TracedProgram): Promise<TracedRun> {
    const library = compiledLibrary('powercut.c', 'traceWriter.h');
    const place = await mkdtemp(path.join(tmpdir(), 'powercut-'));
    const before = path.join(place, 'before');
    const trace = path.join(place, 'trace');
    try {
      const disk = await Disk.of(program.directory);
      await disk.writeAfterCut(before, NOTHING_LOST);
      await runOver(library, program, trace);
      const records = decodeTrace(await readFile(trace));
      await rm(trace);
      for (const record of records) disk.take(record);
      const differences = await disk.differences(program.directory);
      if (differences.length > 0) throw new Error(`The trace does not tell how these came about: ${differences}`);
      return new TracedRun(before, records);
    } catch (error) {
      await rm(place, { recursive: true, force: true });
      throw error;
    }
  }

  /**
   * The directory after each of `count` power cuts; it is there until the next one is asked for. Half of them come at any
   * record, half while a sync is under way, because there the most is at stake.
   */
  async *cuts(count: number, seed: number): AsyncGenerator<CutDirectory, void, undefined> {
    const random = new Random(seed);
    const { records } = this;
    const beforeSyncs = records.flatMap(({ kind }, at) => (kind === 'syncEnd' ? at : []));
    const choose = () =>
      random.oneIn(2) && beforeSyncs.length > 0 ? random.pick(beforeSyncs) : random.below(records.length + 1);
    const positions = Array.from({ length: count }, choose).sort((a, b) => a - b);
    const disk = await Disk.of(this.#before);
    let at = 0;
    let said = '';
    for (const [index, position] of positions.entries()) {
      for (; at < position; at++) {
        const record = records[at];
        disk.take(record);
        if (record.kind === 'mark') said += record.text;
      }
      const cut: PowerCut = { order: ORDERS[index % ORDERS.length], survival: random.pick(SURVIVALS), random };
      const directory = await mkdtemp(path.join(tmpdir(), 'powercut-'));
      try {
        const lost = await disk.writeAfterCut(directory, cut);
        yield { directory, said: said.split('\n').slice(0, -1), story: this.#story(seed, position, cut, lost) };
      } finally {
        await rm(directory, { recursive: true, force: true });
      }
    }
  }

  async remove(): Promise<void> {
    await rm(path.dirname(this.#before), { recursive: true, force: true });
  }

  #story(seed: number, position: number, { order, survival }: PowerCut, lost: readonly string[]): string {
    const last = this.records.slice(Math.max(position - STORY_RECORDS, 0), position).map(describeRecord);
    const where = `power cut before record ${position} of ${this.records.length} (seed ${seed}, ${order}, ${survival})`;
    return [where, 'lost:', ...lost.slice(-STORY_RECORDS), 'last records:', ...last].join('\n  ');
  }
}

const NOTHING_LOST: PowerCut = { order: 'journal', survival: 1, random: new Random(1) };

async function runOver(
  library: string,
  { command, directory, marks = 0 }: TracedProgram,
  trace: string,
): Promise<void> {
  const child = spawn(process.execPath, command, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      LD_PRELOAD: library,
      POWERCUT_DIRECTORY: await realpath(directory),
      POWERCUT_TRACE: trace,
      POWERCUT_MARKS: String(marks),
      UV_USE_IO_URING: '0',
    },
  });
  const [errors] = await Promise.all([text(child.stderr), text(child.stdout), once(child, 'close')]);
  if (child.exitCode !== 0 && child.signalCode !== 'SIGKILL') throw new Error(`The program failed: ${errors}`);
}
