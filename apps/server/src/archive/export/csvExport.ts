/** Samples as CSV (RFC 4180), with every digit and all bits of the status. */

import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { type SampleBlock, ValueKind } from '@tidegate/core/block/sampleBlock.ts';
import { formatTimestamp, type Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { commitFile, TEMPORARY_SUFFIX } from '@tidegate/platform/historian/lake/exchange/committedFile.ts';
import type { ExportedTag } from '../control/controlMessage.ts';
import { EXPORT_COLUMNS, type ExportSink } from './exportSink.ts';

const NEEDS_QUOTES = /[",\r\n]/;
/** What RFC 3339 has years for: 0000 to 9999. */
const FIRST_WRITTEN_US = -62_167_219_200_000_000;
const END_WRITTEN_US = 253_402_300_800_000_000;

export class CsvExport implements ExportSink {
  readonly #file: string | undefined;
  readonly #stream: Writable;
  /** By the index of the tag: its two columns. */
  readonly #tags = new Map<number, string>();

  /** Writes to `out` where no file is given. */
  constructor(file: string | undefined, out: Writable) {
    this.#file = file === undefined ? undefined : resolve(file);
    this.#stream = this.#file === undefined ? out : createWriteStream(this.#file + TEMPORARY_SUFFIX);
    // What goes wrong with a file is met where it is awaited.
    if (this.#file !== undefined) this.#stream.on('error', () => {});
  }

  async begin(tags: readonly ExportedTag[]): Promise<void> {
    for (const { index, path } of tags) this.#tags.set(index, `${index},${csvField(path)}`);
    await this.#write(`${EXPORT_COLUMNS.join(',')}\r\n`);
  }

  async write({ count, tags, times, values, kinds, statuses, strings }: SampleBlock): Promise<void> {
    let text = '';
    for (let row = 0; row < count; row++) {
      const value = kinds[row] === ValueKind.number ? formatNumber(values[row]) : '';
      const string = kinds[row] === ValueKind.string ? csvField(strings[values[row]]) : '';
      text += `${this.#tags.get(tags[row])},${formatTime(times[row])},${value},${string},${statuses[row]}\r\n`;
    }
    await this.#write(text);
  }

  async finish(): Promise<void> {
    if (this.#file === undefined) return;
    this.#stream.end();
    await finished(this.#stream);
    await commitFile(this.#file);
  }

  async discard(): Promise<void> {
    if (this.#file === undefined) return;
    this.#stream.destroy();
    await finished(this.#stream).catch(() => {});
    await rm(this.#file + TEMPORARY_SUFFIX, { force: true });
  }

  async #write(text: string): Promise<void> {
    if (this.#stream.errored) throw this.#stream.errored;
    if (!this.#stream.write(text) && !this.#stream.destroyed) await once(this.#stream, 'drain');
  }
}

/** The shortest digits that are read as the same number; zero keeps its sign. */
function formatNumber(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

/** RFC 3339, and microseconds since 1970 UTC for years that it has not. */
function formatTime(time: number): string {
  const isWritten = time >= FIRST_WRITTEN_US && time < END_WRITTEN_US;
  return isWritten ? formatTimestamp(time as Timestamp) : String(time);
}

/** An empty text stands between quotes, which tells it from no value. */
function csvField(text: string): string {
  return text === '' || NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
