/** A program that is run on what a power cut has left of its directory, and whose power is cut once more. */

import { TracedRun } from './tracedRun.ts';
import type { TraceRecord } from './traceRecord.ts';

export interface CutPlan {
  /** The program's arguments for `directory`; `life` is 0 at first, and 1 behind the first power cut. */
  readonly command: (directory: string, life: number) => readonly string[];
  readonly marks: number;
  /** Looks at what the first life has done: power cuts test what a program does, and nothing else. */
  readonly look?: (records: readonly TraceRecord[]) => void;
  /** An empty directory. */
  readonly directory: string;
  readonly seed: number;
  /** How many power cuts of the first life are checked. */
  readonly once: number;
  /** How many others are followed by a second life, and how many power cuts of each of these are checked. */
  readonly twice: readonly [lives: number, cutsEach: number];
}

/** What a program has promised by its standard output until the power was cut, each of its lives by itself. */
export type Check = (directory: string, said: readonly (readonly string[])[], story: string) => Promise<void>;

/** Throws what `check` throws. Resolves with the number of power cuts that were checked. */
export async function cutPower(plan: CutPlan, check: Check): Promise<number> {
  const { command, directory, marks, seed } = plan;
  const [lives, cutsEach] = plan.twice;
  let checked = 0;
  const first = await TracedRun.of({ command: command(directory, 0), directory, marks });
  try {
    plan.look?.(first.records);
    for await (const cut of first.cuts(plan.once, seed)) {
      await check(cut.directory, [cut.said], cut.story);
      checked++;
    }
    for await (const before of first.cuts(lives, seed + 1)) {
      const second = await TracedRun.of({ command: command(before.directory, 1), directory: before.directory, marks });
      try {
        for await (const cut of second.cuts(cutsEach, seed + 2 + checked)) {
          await check(cut.directory, [before.said, cut.said], `${before.story}\n${cut.story}`);
          checked++;
        }
      } finally {
        await second.remove();
      }
    }
  } finally {
    await first.remove();
  }
  return checked;
}
