/** What was acknowledged is there after a power cut, once; and after another one. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { systemClock } from '@tidegate/core/clock/clock.ts';
import { LaneSpool } from '@tidegate/edge/spool/laneSpool.ts';
import { SpoolBudget } from '@tidegate/edge/spool/spoolBudget.ts';
import { readAll } from '@tidegate/edge/spool/testbed/spoolFixture.ts';
import { Journal } from '@tidegate/journal/journal.ts';
import { expect, it, onTestFinished } from 'vitest';
import { ROOT } from '../architecture/sourceTree.ts';
import type { TraceRecord } from '../powercut/traceRecord.ts';
import { cutPower } from '../powercut/twoCuts.ts';
import { checkNumberedBlocks } from './checkNumberedBlocks.ts';

const APPEND_FOREVER = path.join(ROOT, 'packages/journal/src/testbed/appendForever.ts');
const SPOOL_FOREVER = path.join(ROOT, 'packages/edge/src/spool/testbed/spoolForever.ts');
const INGEST = fileURLToPath(new URL('./ingestNumberedBlocks.ts', import.meta.url));

const SPOOL_BYTES = 1e9;

async function emptyDirectory(): Promise<string> {
  const directory = await mkdtemp(path.join(tmpdir(), 'tidegate-cut-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  return directory;
}

function seedOfThisRun(): number {
  return Math.floor(Math.random() * 2 ** 30);
}

const textOf = (payload: Uint8Array) => Buffer.from(payload).toString().replace(/\.+$/, '');

async function checkJournal(directory: string, said: readonly (readonly string[])[], story: string): Promise<void> {
  const held: [number, string][] = [];
  const damage: unknown[] = [];
  const opened = await Journal.open({
    directory: path.join(directory, 'site/spool'),
    onRecord: (number, payload) => held.push([number, textOf(payload)]),
    onDamage: (place) => damage.push(place),
  });
  if (!opened.ok) throw new Error(`${opened.fault.detail}\n${story}`);
  const appended = await opened.value.append(Buffer.from('behind the power cut'));
  await opened.value.close();

  expect(damage, story).toEqual([]);
  const numbers = held.map(([number]) => number);
  expect(numbers, story).toEqual([...new Set(numbers)].sort((a, b) => a - b));
  expect(new Set(held.map(([, text]) => text)).size, story).toBe(held.length);
  const texts = new Map(held);
  const acknowledged = said.flat().map((line) => line.split(' '));
  expect(
    acknowledged.filter(([, number, text]) => texts.get(Number(number)) !== text),
    story,
  ).toEqual([]);
  const last = Math.max(-1, ...acknowledged.map(([, number]) => Number(number)));
  expect(appended.ok && appended.value > last, story).toBe(true);
}

it('a journal holds every record that was acknowledged', async () => {
  const plan = { directory: await emptyDirectory(), seed: seedOfThisRun(), marks: 600 };
  const command = (directory: string, life: number) => {
    return [APPEND_FOREVER, path.join(directory, 'site/spool'), '20000', `life${life}`];
  };
  expect(await cutPower({ ...plan, command, once: 60, twice: [6, 10] }, checkJournal)).toBe(120);
});

async function checkSpool(directory: string, said: readonly string[], story: string): Promise<void> {
  const events: unknown[] = [];
  const opened = await LaneSpool.open({
    gateway: 'gw',
    instance: 'a5'.repeat(16),
    lane: 'analytical',
    directory,
    budget: new SpoolBudget({ maxBytes: SPOOL_BYTES, clock: systemClock }),
    clock: systemClock,
    events: (event) => events.push(event),
  });
  if (!opened.ok) throw new Error(`${opened.fault.detail}\n${story}`);
  const spool = opened.value;
  const blocks = await readAll(spool);
  const { accepted, refused, expired, damaged } = spool.tally();
  await spool.close();

  expect(events, story).toEqual([]);
  expect({ refused, expired, damaged }, story).toEqual({ refused: 0, expired: 0, damaged: 0 });
  const durable = Math.max(0, ...said.map((line) => Number(line.split(' ')[1])));
  expect(accepted, story).toBeGreaterThanOrEqual(durable);
  // The samples count up from 0, whichever block they are in.
  expect(
    blocks.flatMap(({ values }) => [...values]),
    story,
  ).toEqual(Array.from({ length: accepted }, (_, at) => at));
}

it('a spool holds every sample that was accepted, once and in order', async () => {
  const plan = { directory: await emptyDirectory(), seed: seedOfThisRun(), marks: 30 };
  const place = (directory: string) => path.join(directory, 'site/spool');
  const command = (directory: string) => [SPOOL_FOREVER, place(directory), String(SPOOL_BYTES)];
  const checked = await cutPower({ ...plan, command, once: 30, twice: [5, 6] }, (directory, said, story) =>
    checkSpool(place(directory), said.flat(), story),
  );
  expect(checked).toBe(60);
});

it('a historian holds every block that was acknowledged, once, and its accounts say so', async () => {
  const plan = { directory: await emptyDirectory(), seed: seedOfThisRun(), marks: 300 };
  const place = (directory: string) => path.join(directory, 'site/history');
  const command = (directory: string) => [INGEST, place(directory)];
  const look = (records: readonly TraceRecord[]) => {
    const removed = records.filter((record) => record.kind === 'remove' && record.path.endsWith('.segment'));
    expect(removed.length, 'segments that were merged into others').toBeGreaterThan(0);
  };
  const checked = await cutPower({ ...plan, command, look, once: 40, twice: [5, 6] }, (directory, said, story) =>
    checkNumberedBlocks(place(directory), said.flat(), story),
  );
  expect(checked).toBe(70);
});
