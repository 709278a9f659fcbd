/** The layer that simulates power cuts sees what it has to see: known flaws are caught, and right programs are not accused. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { type Flaw, heldNumbers, type Kind, NUMBERS } from '../powercut/testbed/keptNumbers.ts';
import { TracedRun } from '../powercut/tracedRun.ts';

const KEEPER = fileURLToPath(new URL('../powercut/testbed/keeper.ts', import.meta.url));
/** A flaw has to show within so many. */
const CUTS = 60;

async function runKeeper(kind: Kind, flaw?: Flaw): Promise<TracedRun> {
  const directory = await mkdtemp(path.join(tmpdir(), 'keeper-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  const run = await TracedRun.of({ command: [KEEPER, directory, kind, ...(flaw ? [flaw] : [])], directory });
  onTestFinished(() => run.remove());
  expect(heldNumbers(kind, directory)).toBe(NUMBERS);
  return run;
}

/** The stories of the cuts behind which something promised is not there. */
async function brokenPromises(kind: Kind, run: TracedRun): Promise<string[]> {
  const stories: string[] = [];
  for await (const { directory, said, story } of run.cuts(CUTS, Math.floor(Math.random() * 2 ** 31))) {
    if (heldNumbers(kind, directory) < said.length) stories.push(story);
  }
  return stories;
}

it.each<Kind>(['append', 'thread', 'replace', 'sqlite'])(
  'a right program (%s) keeps what it promises',
  async (kind) => {
    expect(await brokenPromises(kind, await runKeeper(kind))).toEqual([]);
  },
);

it.each<[Kind, Flaw]>([
  ['append', 'no sync'],
  ['append', 'promise before the sync'],
  ['append', 'no sync of the directory'],
  ['append', 'no sync of the parent directory'],
  ['thread', 'no sync'],
  ['replace', 'no sync before the rename'],
  ['replace', 'no sync of the directory'],
  ['replace', 'promise before the sync'],
  ['sqlite', 'no sync'],
])('a flaw is caught: %s, %s', async (kind, flaw) => {
  const run = await runKeeper(kind, flaw);
  expect((await brokenPromises(kind, run)).length).toBeGreaterThan(0);
});

it('what it cannot see is not taken for the truth', async () => {
  await expect(runKeeper('child')).rejects.toThrow('The trace does not tell how these came about: lines');
});
