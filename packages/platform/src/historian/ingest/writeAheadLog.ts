/**
 * The server's write-ahead log: blocks as they were received, each a record of a journal, behind a record that says when.
 *
 * The journal lies in a directory named by its generation. A log that is gone, or that ends before what the archive holds
 * already, cannot go on under its old numbers, or its records would be taken for archived ones after the next crash: it
 * is followed by a new generation, and the loss is reported.
 *
 * A record of 12 bytes begins with "TGRT" and says when the next record was received, as a float64.
 */

import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { MIN_BLOCK_BYTES } from '@tidegate/core/block/blockLayout.ts';
import type { Clock } from '@tidegate/core/clock/clock.ts';
import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import type { EventSink } from '@tidegate/core/port/eventSink.ts';
import { Journal } from '@tidegate/journal/journal.ts';
import type { JournalDamage } from '@tidegate/journal/journalDamage.ts';
import { makeDirectory } from '@tidegate/journal/makeDirectory.ts';
import { LogPlaces, type LogSpan } from './logPlaces.ts';
import type { LogPosition } from './logPosition.ts';

export type { LogSpan };

export interface WriteAheadLogOptions {
  /** Holds one directory for each generation; made if it is not there. */
  readonly directory: string;
  readonly clock: Clock;
  readonly events: EventSink;
  /** Everything before this is in the archive. */
  readonly covered: LogPosition;
  /** Told of every block that is there, in the archive or not. */
  readonly onBlock?: ((payload: Uint8Array) => void) | undefined;
  /** Where files go whose records are all in the archive; they are deleted where it is left out. */
  readonly keep?: KeepLogFile | undefined;
  /** As `JournalOptions.segmentBytes`. */
  readonly segmentBytes?: number | undefined;
}

/** Takes over the file of log records from `first` to before `end`, whose blocks were sealed in this time. */
export type KeepLogFile = (file: KeptLogFile) => Promise<void>;

export interface KeptLogFile {
  readonly path: string;
  readonly generation: number;
  readonly first: number;
  readonly end: number;
  readonly span: LogSpan;
}

export interface LogRecord {
  readonly at: LogPosition;
  /** In microseconds; where the record that says so is damaged, when the block before it was received. */
  readonly receivedAt: number;
  readonly payload: Uint8Array;
}

const GENERATION_NAME = /^\d{6}$/;
const RECEIVED_MAGIC = 0x54524754; // "TGRT" read as a little-endian number
const NOTE_BYTES = 12;
const READ_BYTES = 4 * 1024 * 1024;

export class WriteAheadLog {
  readonly #journal: Journal;
  readonly #generation: number;
  readonly #places: LogPlaces;
  readonly #keep: KeepLogFile | undefined;

  private constructor(journal: Journal, generation: number, places: LogPlaces, keep: KeepLogFile | undefined) {
    this.#journal = journal;
    this.#generation = generation;
    this.#places = places;
    this.#keep = keep;
  }

  static async #openGeneration(options: WriteAheadLogOptions, generation: number): Promise<Result<WriteAheadLog>> {
    const { directory, clock, events, onBlock, keep, segmentBytes } = options;
    const places = new LogPlaces();
    let receivedAt = 0;
    const journal = await Journal.open({
      directory: generationDirectory(directory, generation),
      ...(segmentBytes === undefined ? {} : { segmentBytes }),
      onDamage: (damage) => events({ at: clock.now(), kind: 'journal.damaged', ...describe(damage) }),
      onRecord: (record, payload) => {
        receivedAt = readReceivedNote(payload) ?? receivedAt;
        if (payload.length < MIN_BLOCK_BYTES) return;
        places.add(record, payload, receivedAt);
        onBlock?.(payload);
      },
    });
    return journal.ok ? success(new WriteAheadLog(journal.value, generation, places, keep)) : journal;
  }

  /** Faults: those of the journal, and `archive.unwritable`. Damage is an event. */
  static async open(options: WriteAheadLogOptions): Promise<Result<WriteAheadLog>> {
    const { directory, covered } = options;
    try {
      await makeDirectory(directory);
      const found = (await readdir(directory)).filter(isLogGeneration).map(Number);
      const newest = Math.max(covered.generation, ...found);
      const opened = await WriteAheadLog.#openGeneration(options, newest);
      if (!opened.ok) return opened;
      const log = opened.value;
      const end = log.#journal.endRecord;
      const isBehind = newest === covered.generation && end < covered.record;
      if (isBehind) {
        await log.close();
        const detail = `it ends at record ${end}, and the archive holds it up to ${covered.record}; a new one begins`;
        options.events({ at: options.clock.now(), kind: 'journal.damaged', source: directory, detail });
      }
      for (const generation of found) {
        if (generation < newest || isBehind) await rm(generationDirectory(directory, generation), { recursive: true });
      }
      return isBehind ? await WriteAheadLog.#openGeneration(options, newest + 1) : opened;
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code === undefined) throw error;
      return failure('archive.unwritable', message);
    }
  }

  get bytes(): number {
    return this.#journal.bytes;
  }

  /** Takes a block that was received at `receivedAt`. Faults: those of `Journal.append`. */
  async append(payload: Uint8Array, receivedAt: number): Promise<Result<LogPosition>> {
    const appended = await this.#journal.appendAll([writeReceivedNote(receivedAt), payload]);
    if (!appended.ok) return appended;
    const record = appended.value + 1;
    this.#places.add(record, payload, receivedAt);
    return success({ generation: this.#generation, record });
  }

  /** Every block that is in the log now, in order. */
  blocks(): AsyncGenerator<LogRecord, void, undefined> {
    return this.replay({ generation: this.#generation, record: 0 });
  }

  /**
   * The records from `from` on that were there when the log was opened, in order.
   * Throws as `Journal.read`.
   */
  async *replay(from: LogPosition): AsyncGenerator<LogRecord, void, undefined> {
    const end = this.#journal.durableEnd;
    let next = from.generation === this.#generation ? from.record : 0;
    let receivedAt = 0;
    while (next < end) {
      const records = await this.#journal.read(next, READ_BYTES);
      if (records.length === 0) return;
      for (const { number, payload } of records) {
        next = number + 1;
        receivedAt = readReceivedNote(payload) ?? receivedAt;
        if (isLogNote(payload)) continue;
        yield { at: { generation: this.#generation, record: number }, receivedAt, payload };
      }
    }
  }

  /** Lets go of records before `position`, as far as whole files can be removed. */
  async dropBefore(position: LogPosition): Promise<void> {
    if (position.generation !== this.#generation) return;
    await this.#journal.dropBefore(position.record, async ({ path, firstNumber: first, limit: end }) => {
      const span = this.#places.spanBefore(end);
      if (this.#keep && span.blocks > 0) await this.#keep({ path, generation: this.#generation, first, end, span });
      else await rm(path, { force: true });
      this.#places.forgetBefore(end);
    });
  }

  async close(): Promise<void> {
    await this.#journal.close();
  }
}

/** Whether a directory of this name is a generation of the log. */
export function isLogGeneration(name: string): boolean {
  return GENERATION_NAME.test(name);
}

/** Whether a record of the log is about other records, and no block. */
export function isLogNote(payload: Uint8Array): boolean {
  return payload.length === NOTE_BYTES;
}

/** Where a generation of the log lies. */
export function generationDirectory(directory: string, generation: number): string {
  return join(directory, String(generation).padStart(6, '0'));
}

/** When the next record was received (µs), where this one says so. */
export function readReceivedNote(payload: Uint8Array): number | undefined {
  if (payload.length !== NOTE_BYTES) return undefined;
  const view = new DataView(payload.buffer, payload.byteOffset, NOTE_BYTES);
  return view.getUint32(0, true) === RECEIVED_MAGIC ? view.getFloat64(4, true) : undefined;
}

function writeReceivedNote(receivedAt: number): Uint8Array {
  const payload = new Uint8Array(NOTE_BYTES);
  const view = new DataView(payload.buffer);
  view.setUint32(0, RECEIVED_MAGIC, true);
  view.setFloat64(4, receivedAt, true);
  return payload;
}

function describe({ file, offset, bytes, firstNumber, endNumber }: JournalDamage): { source: string; detail: string } {
  const records = `up to ${endNumber - firstNumber} records from ${firstNumber} on are lost`;
  return { source: file, detail: `${bytes} bytes at ${offset} cannot be read: ${records}` };
}
