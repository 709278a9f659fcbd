import { cp, mkdir, readdir, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ManualClock } from '@tidegate/core/clock/manualClock.ts';
import type { PlantEvent } from '@tidegate/core/port/eventSink.ts';
import { describe, expect, onTestFinished, test } from 'vitest';
import {
  DAMAGED_SUFFIX,
  LOG_DIRECTORY,
  SEGMENT_DIRECTORY,
  segmentFileName,
  TEMPORARY_SUFFIX,
} from '../archive/archiveFiles.ts';
import { unexplained } from '../ingest/streamLedger.ts';
import type { Historian } from './historian.ts';
import { GatewayStream } from './testbed/gatewayStream.ts';
import { appendAll, EARLIEST, historiansOf, LATEST, mustSucceed, NO_LIMIT, rowsOf } from './testbed/historians.ts';

const { makeDirectory, openHistorian } = historiansOf(onTestFinished);

const TAGS = 6;

async function allRows(historian: Historian): Promise<string[]> {
  const rows: string[] = [];
  for (let tag = 0; tag < TAGS; tag++) {
    for (const row of rowsOf(await historian.raw(tag, EARLIEST, LATEST, NO_LIMIT)))
      rows.push(JSON.stringify([tag, ...row]));
  }
  return rows;
}

/** A directory with `segments` segments and nothing in the log behind them, and what it holds. */
async function filledDirectory(segments: number): Promise<{ directory: string; rows: string[] }> {
  const directory = await makeDirectory();
  const historian = await openHistorian(directory);
  const stream = new GatewayStream();
  for (let part = 0; part < segments; part++) {
    for (let block = 0; block < 3; block++) {
      const time = (part * 3 + block) * 10;
      await appendAll(historian.sink, [
        stream.sealRows(Array.from({ length: TAGS }, (_, tag) => [tag, time + tag, tag === 5 ? `s${time}` : time / 7])),
      ]);
    }
    mustSucceed(await historian.seal());
  }
  const rows = await allRows(historian);
  await historian.close();
  return { directory, rows };
}

async function filesOf(directory: string, ending: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true });
  return entries
    .filter((name) => name.endsWith(ending))
    .sort()
    .map((name) => join(directory, name));
}

async function flipBit(path: string, bit: number): Promise<void> {
  const bytes = await readFile(path);
  bytes[bit >>> 3] ^= 1 << (bit & 7);
  await writeFile(path, bytes);
}

describe('a damaged segment', () => {
  test('with any one bit flipped loses what is damaged, says so, and gives the rest', async () => {
    const { directory, rows } = await filledDirectory(2);
    const [first, second] = await filesOf(join(directory, SEGMENT_DIRECTORY), '.segment');
    const good = await readFile(second);
    await rm(join(directory, LOG_DIRECTORY), { recursive: true });
    let losses = 0;
    for (let bit = 3; bit < good.length * 8; bit += 101) {
      await flipBit(second, bit);
      const events: PlantEvent[] = [];
      const historian = await openHistorian(directory, {}, events);
      const found = await allRows(historian);
      await historian.close();
      expect(rows).toEqual(expect.arrayContaining(found));
      expect(new Set(found).size).toBe(found.length);
      expect(found.filter((row) => JSON.parse(row)[1] < 30).length).toBe(rows.length / 2);
      if (found.length < rows.length) losses++;
      const isReported = events.some(({ source }) => second.endsWith(source));
      // A flipped bit in bytes that carry nothing (those left zero) harms nobody; a loss is always reported.
      expect(isReported || found.length === rows.length, `bit ${bit}`).toBe(true);
      expect(found.length, `bit ${bit}`).toBeGreaterThanOrEqual(rows.length - 3);
      await writeFile(second, good);
    }
    expect(losses).toBeGreaterThan(5);
    expect(await readFile(first)).toBeDefined();
  }, 60_000);

  test.each([0, 5, 40, 0.3, 0.6, 0.9])(
    'cut to %d (bytes, or as a part of it) is no reason not to start',
    async (cut) => {
      const { directory, rows } = await filledDirectory(2);
      const [, second] = await filesOf(join(directory, SEGMENT_DIRECTORY), '.segment');
      const { length } = await readFile(second);
      await truncate(second, cut < 1 ? Math.floor(length * cut) : cut);
      const events: PlantEvent[] = [];
      const historian = await openHistorian(directory, {}, events);
      const found = await allRows(historian);
      expect(rows).toEqual(expect.arrayContaining(found));
      expect(new Set(found).size).toBe(found.length);
      expect(events.length).toBeGreaterThan(0);
    },
  );

  test('that cannot be read at all is set aside, and the log gives back what it still has', async () => {
    const { directory, rows } = await filledDirectory(2);
    const [, second] = await filesOf(join(directory, SEGMENT_DIRECTORY), '.segment');
    await writeFile(second, new Uint8Array(1000));
    const events: PlantEvent[] = [];
    const historian = await openHistorian(directory, {}, events);
    expect(await allRows(historian)).toEqual(rows);
    expect(events).toMatchObject([{ kind: 'archive.damaged' }]);
    expect((await filesOf(directory, DAMAGED_SUFFIX)).length).toBe(1);
    const [ledger] = historian.ledgers();
    expect([ledger.stored, ledger.lost, unexplained(ledger)]).toEqual([rows.length, 0, 0]);
    mustSucceed(await historian.seal());
    expect(await allRows(historian)).toEqual(rows);
  });

  test('that changes while the server runs is reported once for each place', async () => {
    const { directory, rows } = await filledDirectory(1);
    const events: PlantEvent[] = [];
    const historian = await openHistorian(directory, {}, events);
    const [path] = await filesOf(join(directory, SEGMENT_DIRECTORY), '.segment');
    const bytes = await readFile(path);
    // Chunks: what was read of the index is kept.
    bytes.fill(0, Math.floor(bytes.length * 0.1), Math.floor(bytes.length * 0.4));
    await writeFile(path, bytes);
    for (let round = 0; round < 3; round++) expect((await allRows(historian)).length).toBeLessThan(rows.length);
    const places = events.map(({ detail }) => detail);
    expect(places.length).toBeGreaterThan(0);
    expect(new Set(places).size).toBe(places.length);
    expect(historian.statistics().damage).toBe(events.length);
  });
});

describe('a damaged log', () => {
  test('with any record flipped loses that record, says so, and accounts for it', async () => {
    const source = await makeDirectory();
    const historian = await openHistorian(source);
    const stream = new GatewayStream();
    for (let block = 0; block < 8; block++)
      await appendAll(historian.sink, [
        stream.sealRows([
          [0, block, block],
          [1, block, 0.5],
        ]),
      ]);
    await historian.close();
    const [path] = await filesOf(join(source, LOG_DIRECTORY), '.segment');
    const good = await readFile(path);
    let notes = 0;
    for (let bit = 1; bit < good.length * 8; bit += 397) {
      const directory = await makeDirectory();
      await cp(source, directory, { recursive: true });
      await flipBit(path.replace(source, directory), bit);
      const events: PlantEvent[] = [];
      const damaged = await openHistorian(directory, {}, events);
      const next = new GatewayStream();
      next.sequence = 8;
      next.accepted = 16;
      await appendAll(damaged.sink, [
        next.sealRows([
          [0, 8, 8],
          [1, 8, 0.5],
        ]),
      ]);
      const { times } = await damaged.raw(0, EARLIEST, LATEST, NO_LIMIT);
      const [ledger] = damaged.ledgers();
      expect(events.map(({ kind }) => kind)).toEqual(['journal.damaged']);
      expect(unexplained(ledger)).toBe(0);
      // With a record that says when a block came, the block is not lost.
      if (times.length === 9) notes++;
      else expect(times.length, `bit ${bit}`).toBe(8);
      // Where the stream now begins later than it did, the account does, too.
      const loss = times[0] === 0 ? { stored: 16, holes: [{}] } : { stored: 16, holes: [], baseline: 2 };
      expect(ledger).toMatchObject(times.length === 9 ? { stored: 18, holes: [] } : loss);
      await damaged.close();
    }
    expect(notes).toBeGreaterThan(0);
  }, 60_000);

  test('that was removed is followed by a new one, and nothing is mistaken for what is archived', async () => {
    const { directory, rows } = await filledDirectory(2);
    await rm(join(directory, LOG_DIRECTORY), { recursive: true });
    const events: PlantEvent[] = [];
    const stream = new GatewayStream();
    stream.sequence = 6;
    stream.accepted = 6 * TAGS;
    for (let round = 0; round < 3; round++) {
      const historian = await openHistorian(directory, {}, events);
      await appendAll(historian.sink, [stream.sealRows([[0, 1000 + round, round]])]);
      expect((await allRows(historian)).length).toBe(rows.length + round + 1);
      if (round === 1) mustSucceed(await historian.seal());
      const [ledger] = historian.ledgers();
      expect([ledger.stored, ledger.lost, unexplained(ledger)]).toEqual([rows.length + round + 1, 0, 0]);
      await historian.close();
    }
    expect(events.length).toBe(1);
  });
});

test('what a crash left half written is removed', async () => {
  const { directory, rows } = await filledDirectory(1);
  const range = { generation: 1, from: 3, end: 9, revision: 0 };
  await writeFile(join(directory, SEGMENT_DIRECTORY, segmentFileName(range) + TEMPORARY_SUFFIX), 'half');
  const historian = await openHistorian(directory);
  expect(await filesOf(directory, TEMPORARY_SUFFIX)).toEqual([]);
  expect(await allRows(historian)).toEqual(rows);
});

test('a disk that takes no segment makes a clear fault, harms no query, and is tried again', async () => {
  const directory = await makeDirectory();
  const clock = new ManualClock();
  const historian = await openHistorian(directory, { clock, hotBytes: 1 });
  const segments = join(directory, SEGMENT_DIRECTORY);
  await rename(segments, `${segments}-gone`);
  const stream = new GatewayStream();
  await appendAll(historian.sink, [stream.sealRows([[0, 1, 1]])]);
  expect(await historian.seal()).toMatchObject({ ok: false, fault: { code: 'archive.unwritable' } });
  const second = stream.sealRows([[0, 2, 2]]);
  await appendAll(historian.sink, [second]);
  const third = stream.sealRows([[0, 3, 3]]);
  const refused = await historian.sink.append(third.header, third.bytes);
  expect(refused).toMatchObject({ ok: false, fault: { code: 'archive.unwritable' } });
  expect([...(await historian.raw(0, EARLIEST, LATEST, NO_LIMIT)).values]).toEqual([1, 2]);
  await mkdir(segments);
  await clock.advance(5_000);
  mustSucceed(await historian.seal());
  await appendAll(historian.sink, [third]);
  expect([...(await historian.raw(0, EARLIEST, LATEST, NO_LIMIT)).values]).toEqual([1, 2, 3]);
  expect(historian.ledgers()).toMatchObject([{ stored: 3, lost: 0, repeated: 0 }]);
});
