import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { systemClock } from '@tidegate/core/clock/clock.ts';
import { imbalanceOf } from '@tidegate/core/ledger/tally.ts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LaneSpool } from './laneSpool.ts';
import { SpoolBudget } from './spoolBudget.ts';
import { type ReadBlock, readAll } from './testbed/spoolFixture.ts';

const ROUNDS = 5;
const SPOOL_FOREVER = fileURLToPath(new URL('./testbed/spoolForever.ts', import.meta.url));

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'spool-'));
});

afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** Lets a process fill the spool and kills it at some moment; gives the last line that it printed. */
async function fillUntilKilled(
  maxBytes: number,
  flushes: number,
  ...more: string[]
): Promise<{ durable: number; expired: number }> {
  const child: ChildProcessWithoutNullStreams = spawn(process.execPath, [
    SPOOL_FOREVER,
    directory,
    `${maxBytes}`,
    ...more,
  ]);
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    printed += chunk;
  });
  const lines = 3 + Math.random() * flushes;
  while (printed.split('\n').length < lines && child.exitCode === null) await once(child.stdout, 'data');
  child.kill('SIGKILL');
  await once(child, 'close');
  const last = printed.slice(0, printed.lastIndexOf('\n')).split('\n').at(-1) ?? '';
  const [word, durable, expired] = last.split(' ');
  expect(word).toBe('durable');
  return { durable: Number(durable), expired: Number(expired) };
}

async function open(maxBytes: number): Promise<LaneSpool> {
  const result = await LaneSpool.open({
    gateway: 'gw',
    instance: 'a5'.repeat(16),
    lane: 'analytical',
    directory,
    budget: new SpoolBudget({ maxBytes, clock: systemClock }),
    clock: systemClock,
    events: (event) => expect(event).toBe('none after a kill'),
  });
  if (!result.ok) throw new Error(result.fault.detail);
  return result.value;
}

/** Each block's samples are exactly those that its header says were accepted since the block before. */
function expectUnbroken(blocks: readonly ReadBlock[], first: number): number {
  let accepted = first;
  let before: ReadBlock['header'] | undefined;
  for (const { header, values } of blocks) {
    expect([values[0] ?? accepted, values.length, header.tally.accepted]).toEqual([
      accepted,
      header.count,
      accepted + header.count,
    ]);
    expect(values.at(-1) ?? accepted - 1).toBe(accepted + header.count - 1);
    expect(imbalanceOf(header.tally)).toBe(0);
    const goesOn = header.epoch === before?.epoch ? header.sequence === before.sequence + 1 : header.sequence === 0;
    expect(goesOn || before === undefined).toBe(true);
    accepted += header.count;
    before = header;
  }
  return accepted;
}

describe('a spool whose process is killed', () => {
  it('gives every accepted block once and in order, and its tally goes on', async () => {
    const maxBytes = 1e9;
    let acknowledged = 0;
    let newest: ReadBlock['header'] | undefined;
    for (let round = 0; round < ROUNDS; round++) {
      const { durable } = await fillUntilKilled(maxBytes, 60);
      const spool = await open(maxBytes);
      const blocks = await readAll(spool);
      const accepted = expectUnbroken(blocks, acknowledged);
      expect(accepted).toBeGreaterThanOrEqual(durable);
      expect(spool.tally()).toMatchObject({ read: accepted, accepted, refused: 0, expired: 0, damaged: 0 });
      expect(spool.depth().samples).toBe(accepted - acknowledged);
      if (newest) expect(blocks[0].header.epoch).toBeGreaterThanOrEqual(newest.epoch);
      // What is acknowledged does not come again, also where the process is killed afterwards.
      newest = blocks[Math.floor(blocks.length / 2)].header;
      spool.acknowledge(blocks[0].header, newest);
      acknowledged = newest.tally.accepted;
      await spool.close();
    }
  });

  it('takes nothing that was delivered and dropped for a loss', async () => {
    const maxBytes = 1e9;
    let everSettled = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const { durable } = await fillUntilKilled(maxBytes, 400, 'deliver');
      const spool = await open(maxBytes);
      const blocks = await readAll(spool);
      const [{ header }] = blocks;
      const accepted = expectUnbroken(blocks, header.tally.accepted - header.count);
      expect(accepted).toBeGreaterThanOrEqual(durable);
      expect(spool.tally()).toMatchObject({ accepted, expired: 0, damaged: 0 });
      everSettled += header.tally.accepted - header.count;
      await spool.close();
    }
    expect(everSettled).toBeGreaterThan(0);
  });

  it('keeps an exact count of what has expired', async () => {
    const maxBytes = 60_000;
    let everExpired = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const { durable, expired } = await fillUntilKilled(maxBytes, 60);
      const spool = await open(maxBytes);
      const tally = spool.tally();
      expect(tally.accepted).toBeGreaterThanOrEqual(durable);
      expect(tally.expired).toBeGreaterThanOrEqual(expired);
      const accepted = expectUnbroken(await readAll(spool), tally.expired);
      expect(accepted).toBe(tally.accepted);
      expect(spool.depth().samples).toBe(tally.accepted - tally.expired);
      await spool.close();
      everExpired += expired;
    }
    expect(everExpired).toBeGreaterThan(0);
  });
});
