/**
 * Publishes days of the plant's history as Parquet files.
 *
 * Invariants:
 * - The manifest names only files that are whole and durable: files first, then the manifest, by an atomic rename.
 * - A file is never changed: a day that is published again gets files of new names, and one manifest switches to them.
 * - What the manifest no longer names stays for the grace time, so that a reader that is under way does not break.
 * - A cut leaves the old manifest or the new one; files that neither names are removed by the next publication.
 */

import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { formatTimestamp, type Timestamp, US_PER_DAY } from '@tidegate/core/clock/timestamp.ts';
import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { makeDirectory } from '@tidegate/journal/makeDirectory.ts';
import { dayStart, isDayDirectory, isLakeFile, partFile, TEMPORARY_SUFFIX, tagsFile } from '../lakeFiles.ts';
import { type LakeDay, type LakeManifest, type LakePart, readManifest, writeManifest } from '../lakeManifest.ts';
import type { LakeSource } from '../lakeSource.ts';
import { ParquetWriter } from './parquetWriter.ts';
import { PartBuffer } from './partBuffer.ts';
import type { DayOrder, PublicationOrder, PublishedDay } from './publicationOrder.ts';
import { tagTable } from './tagColumns.ts';

export class LakePublication {
  readonly #order: PublicationOrder;
  readonly #source: LakeSource;
  readonly #writer: ParquetWriter;
  readonly #buffer = new PartBuffer();
  #manifest: LakeManifest;

  private constructor(order: PublicationOrder, source: LakeSource, writer: ParquetWriter, manifest: LakeManifest) {
    this.#order = order;
    this.#source = source;
    this.#writer = writer;
    this.#manifest = manifest;
  }

  /** Publishes every day of the order, one after the other, and calls `published` after each. Throws as the disk. */
  static async run(
    order: PublicationOrder,
    source: LakeSource,
    published: (day: PublishedDay) => void,
  ): Promise<Result<LakeManifest>> {
    const wrong = order.days.find(({ day }) => dayStart(day) === undefined);
    if (wrong) return failure('lake.day', `"${wrong.day}" is no day.`);
    await makeDirectory(order.directory);
    const manifest = await readManifest(order.directory);
    if (!manifest.ok) return manifest;
    await removeOrphans(order.directory, manifest.value);
    const writer = await ParquetWriter.open(order.limits);
    try {
      const publication = new LakePublication(order, source, writer, manifest.value);
      await publication.#publishTags();
      for (const day of order.days) published(await publication.#publishDay(day));
      await publication.#dropRetired();
      return success(publication.#manifest);
    } finally {
      writer.close();
    }
  }

  async #publishTags(): Promise<void> {
    const revision = this.#manifest.revision + 1;
    const { directory } = this.#order;
    const tags = await this.#writer.writeTags(directory, tagsFile(revision), tagTable(this.#source.tags()));
    const before = this.#manifest.tags;
    if (before?.sha256 === tags.sha256) return void (await rm(join(directory, tags.path)));
    await this.#switchTo({ ...this.#manifest, tags }, before ? [before.path] : []);
  }

  async #publishDay({ day, mark }: DayOrder): Promise<PublishedDay> {
    const startedMs = performance.now();
    const revision = this.#manifest.revision + 1;
    const files = await this.#writeParts(day, revision);
    const rows = files.reduce((sum, file) => sum + file.rows, 0);
    const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
    const entry: LakeDay = { day, revision, publishedAt: this.#now(), mark, rows, files };
    const before = this.#manifest.days.find((other) => other.day === day);
    const days = [...this.#manifest.days.filter((other) => other !== before), entry];
    days.sort((a, b) => (a.day < b.day ? -1 : 1));
    await this.#switchTo({ ...this.#manifest, days }, before?.files.map((file) => file.path) ?? []);
    return { day, rows, bytes, files: files.length, elapsedMs: performance.now() - startedMs };
  }

  async #writeParts(day: string, revision: number): Promise<LakePart[]> {
    const start = dayStart(day)!;
    const parts: LakePart[] = [];
    const write = async () => {
      if (this.#buffer.rows === 0) return;
      const { firstTag, lastTag, firstTime, lastTime } = this.#buffer;
      const path = partFile(day, parts.length, revision);
      const file = await this.#writer.writePart(this.#order.directory, path, this.#buffer);
      parts.push({
        ...file,
        firstTag,
        lastTag,
        firstTime: formatTimestamp(firstTime as Timestamp),
        lastTime: formatTimestamp(lastTime as Timestamp),
      });
      this.#buffer.clear();
    };
    for (const { index } of this.#source.tags()) {
      for await (const run of this.#source.read(index, start, start + US_PER_DAY)) {
        for (let row = 0; row < run.times.length; ) {
          const next = Math.min(run.times.length, row + this.#order.maxPartRows - this.#buffer.rows);
          this.#buffer.append(index, run, row, next);
          row = next;
          if (this.#buffer.rows >= this.#order.maxPartRows) await write();
        }
      }
    }
    await write();
    return parts;
  }

  async #switchTo(next: LakeManifest, retiredPaths: readonly string[]): Promise<void> {
    const retiredAt = this.#now();
    const retired = [...this.#manifest.retired, ...retiredPaths.map((path) => ({ path, retiredAt }))];
    const manifest = { ...next, retired, revision: this.#manifest.revision + 1, publishedAt: retiredAt };
    await writeManifest(this.#order.directory, manifest);
    this.#manifest = manifest;
  }

  /** Files first: what is listed as retired and is gone already does no harm. */
  async #dropRetired(): Promise<void> {
    const { directory, graceMs } = this.#order;
    const due = (retiredAt: string) => !(Date.now() - Date.parse(retiredAt) < graceMs);
    const dropped = this.#manifest.retired.filter(({ retiredAt }) => due(retiredAt));
    if (dropped.length === 0) return;
    for (const { path } of dropped) await rm(join(directory, path), { force: true });
    const retired = this.#manifest.retired.filter((file) => !dropped.includes(file));
    const manifest = { ...this.#manifest, retired, revision: this.#manifest.revision + 1, publishedAt: this.#now() };
    await writeManifest(directory, manifest);
    this.#manifest = manifest;
  }

  #now(): string {
    return new Date().toISOString();
  }
}

/** Removes what a publication that was cut short has left: only names that the lake gives, and only those. */
async function removeOrphans(directory: string, manifest: LakeManifest): Promise<void> {
  const named = new Set([...manifest.days.flatMap(({ files }) => files), ...manifest.retired].map(({ path }) => path));
  if (manifest.tags) named.add(manifest.tags.path);
  const entries = await readdir(directory, { withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => entry.name);
  for (const entry of entries.filter(({ name }) => isDayDirectory(name))) {
    paths.push(...(await readdir(join(directory, entry.name))).map((name) => `${entry.name}/${name}`));
  }
  for (const path of paths) {
    const whole = path.endsWith(TEMPORARY_SUFFIX) ? path.slice(0, -TEMPORARY_SUFFIX.length) : path;
    if (isLakeFile(whole) && !named.has(path)) await rm(join(directory, path), { force: true });
  }
}
