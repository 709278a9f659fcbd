import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, onTestFinished, test } from 'vitest';
import { SEGMENT_DIRECTORY, TEMPORARY_SUFFIX } from '../archive/archiveFiles.ts';
import { unexplained } from '../ingest/streamLedger.ts';
import { CRASH_TAGS, SAMPLES_PER_TAG } from './testbed/crashBlock.ts';
import { EARLIEST, historiansOf, LATEST, NO_LIMIT } from './testbed/historians.ts';

const { makeDirectory, openHistorian } = historiansOf(onTestFinished);

const SERVER = new URL('./testbed/ingestUntilKilled.ts', import.meta.url).pathname;

async function kill(server: ChildProcess): Promise<void> {
  const exited = once(server, 'exit');
  server.kill('SIGKILL');
  await exited;
}

/** Runs a server until `enough` says so, kills it, and gives the last sequence that it acknowledged. */
async function runAndKill(directory: string, enough: (acknowledged: number) => Promise<boolean>): Promise<number> {
  const server = spawn(process.execPath, [SERVER, directory], { stdio: ['ignore', 'pipe', 'inherit'] });
  let last = -1;
  let count = 0;
  let killed: Promise<void> | undefined;
  for await (const line of createInterface({ input: server.stdout! })) {
    // Lines that were written before the end count: the acknowledgement was out.
    expect(line).toMatch(/^\d+$/);
    last = Number(line);
    if (!killed && (await enough(++count))) killed = kill(server);
  }
  expect(killed, 'the server ended by itself').toBeDefined();
  await killed;
  return last;
}

async function checkAll(directory: string, lastAcknowledged: number): Promise<void> {
  const historian = await openHistorian(directory);
  const [ledger] = historian.ledgers();
  const blocks = ledger.position.sequence + 1;
  expect(blocks).toBeGreaterThan(lastAcknowledged);
  expect(ledger).toMatchObject({ stored: blocks * CRASH_TAGS * SAMPLES_PER_TAG, lost: 0, repeated: 0 });
  expect(unexplained(ledger)).toBe(0);
  expect(historian.statistics()).toMatchObject({ samples: ledger.stored, damage: 0 });
  for (let tag = 0; tag < CRASH_TAGS; tag++) {
    const { times, values } = await historian.raw(tag, EARLIEST, LATEST, NO_LIMIT);
    expect(times.length).toBe(blocks * SAMPLES_PER_TAG);
    const wrong = times.findIndex((time, row) => time !== row || values[row] !== row * 10 + tag);
    expect(wrong).toBe(-1);
  }
  await historian.close();
  expect(await unfinishedSegments(directory)).toEqual([]);
}

async function unfinishedSegments(directory: string): Promise<string[]> {
  const names = await readdir(join(directory, SEGMENT_DIRECTORY)).catch(() => []);
  return names.filter((name) => name.endsWith(TEMPORARY_SUFFIX));
}

test('a server killed at any moment has every acknowledged sample exactly once, and the account says so', async () => {
  const directory = await makeDirectory();
  for (let round = 0; round < 6; round++) {
    const enough = 1 + Math.floor(Math.random() * 400);
    await checkAll(directory, await runAndKill(directory, async (acknowledged) => acknowledged >= enough));
  }
}, 60_000);

test('a server killed while it writes a segment has every acknowledged sample exactly once', async () => {
  const directory = await makeDirectory();
  let caught = 0;
  for (let round = 0; round < 5; round++) {
    const last = await runAndKill(directory, async () => (await unfinishedSegments(directory)).length > 0);
    caught += (await unfinishedSegments(directory)).length;
    await checkAll(directory, last);
  }
  expect(caught).toBeGreaterThan(0);
}, 60_000);
