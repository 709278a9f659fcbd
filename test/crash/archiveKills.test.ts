/** A historian that is killed again and again, at any moment of its life, keeps what it has acknowledged. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { checkNumberedBlocks } from './checkNumberedBlocks.ts';

const INGEST = fileURLToPath(new URL('./ingestNumberedBlocks.ts', import.meta.url));
/** Directories that go through their kills beside each other, and one after the other in each line. */
const LINES = 2;
const DIRECTORIES_PER_LINE = 5;
const KILLS_PER_DIRECTORY = 12;
/** One life in so many is ended while it still opens what is there. */
const LIVES_PER_EARLY_END = 4;
const EARLY_END_MS = 400;
const MAX_ACKNOWLEDGEMENTS = 150;
const MAX_MOMENT_MS = 30;

/** Gives the lines that it wrote. */
async function runAndKill(directory: string): Promise<string[]> {
  const child = spawn(process.execPath, [INGEST, directory], { stdio: ['ignore', 'pipe', 'inherit'] });
  const closed = once(child, 'close');
  const said = text(child.stdout);
  if (Math.random() * LIVES_PER_EARLY_END < 1) await sleep(Math.random() * EARLY_END_MS);
  else {
    let missing = Math.floor(Math.random() * MAX_ACKNOWLEDGEMENTS);
    const heard = new Promise<void>((resolve) => {
      child.stdout.on('data', (lines: Buffer) => {
        missing -= lines.toString().split('\n').length - 1;
        if (missing <= 0) resolve();
      });
    });
    await Promise.race([heard, closed]);
    await sleep(Math.random() * MAX_MOMENT_MS);
  }
  child.kill('SIGKILL');
  await closed;
  expect(child.signalCode, 'it ended by itself').toBe('SIGKILL');
  return (await said).split('\n').slice(0, -1);
}

async function killAgainAndAgain(counts: { kills: number; acknowledgements: number }): Promise<void> {
  const directory = await mkdtemp(path.join(tmpdir(), 'tidegate-kill-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  for (let kill = 0; kill < KILLS_PER_DIRECTORY; kill++) {
    const said = await runAndKill(directory);
    await checkNumberedBlocks(directory, said, `kill ${kill + 1} of ${directory}`);
    counts.kills++;
    counts.acknowledgements += said.length;
  }
}

it('every block that was acknowledged is there once, over more than 100 kills', async () => {
  const counts = { kills: 0, acknowledgements: 0 };
  const line = async () => {
    for (let at = 0; at < DIRECTORIES_PER_LINE; at++) await killAgainAndAgain(counts);
  };
  await Promise.all(Array.from({ length: LINES }, line));
  expect(counts.kills).toBeGreaterThan(100);
  expect(counts.acknowledgements).toBeGreaterThan(1_000);
  process.stderr.write(`${counts.acknowledgements} acknowledgements over ${counts.kills} kills, each kept\n`);
});
