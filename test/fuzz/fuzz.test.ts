/**
 * Mutated frames for every driver of the registry and every dissector: each gives a fault or a reading and never a throw,
 * none takes long, and memory stays flat.
 *
 * `npm test` tries `FUZZ_FRAMES` = 20,000 frames of each, `npm run test:fuzz` a million. `FUZZ_SEED` repeats a run.
 */

import { FAULTS } from '@tidegate/core/fault/faultTable.ts';
import type { AnyDriver } from '@tidegate/edge/acquisition/driver.ts';
import { loadDriver, PROTOCOLS } from '@tidegate/edge/acquisition/drivers/driverRegistry.ts';
import { describe, expect, it } from 'vitest';
import { DISSECTORS, type FuzzedDissector } from './dissectors.ts';
import { FlatMemory } from './flatMemory.ts';
import { FrameSource } from './frameSource.ts';
import { FuzzedLine } from './fuzzedLine.ts';
import { Random } from './random.ts';
import type { Repair } from './repair/repair.ts';
import { readSeeds } from './seeds.ts';
import { SlowFrames } from './slowFrames.ts';
import { SUBJECTS } from './subjects.ts';

const { FUZZ_FRAMES = '20000', FUZZ_SEED = '1' } = process.env;
const FRAMES = Number(FUZZ_FRAMES);
const SEED = Number(FUZZ_SEED);
const TIMEOUT_MS = 60_000 + FRAMES;

const protocols = await Promise.all(
  PROTOCOLS.map(async (protocol): Promise<[string, AnyDriver]> => [protocol, (await loadDriver(protocol))!]),
);
const guards: FuzzedDissector[] = protocols.map(([protocol, { dissect }]) => {
  return { ...SUBJECTS[protocol], name: `${protocol} request of the guard`, dissect };
});

describe(`${FRAMES} mutated frames, FUZZ_SEED=${SEED}`, () => {
  it.each(protocols)('%s: the driver', { timeout: TIMEOUT_MS }, (protocol, driver) =>
    fuzzTwice(protocol, () => fuzzDriver(protocol, driver)),
  );

  it.each([...guards, ...DISSECTORS])('$name: the dissector', { timeout: TIMEOUT_MS }, (dissector) =>
    fuzzTwice(dissector.name, async () => fuzzDissector(dissector)),
  );
});

/** Repeats the run where a frame was slow, because the machine may have been. */
async function fuzzTwice(name: string, fuzz: () => Promise<SlowFrames>): Promise<void> {
  const first = await fuzz();
  const slow = first.suspicious ? first.alsoIn(await fuzz()) : [];
  expect(slow, `${name}: these frames take too long`).toEqual([]);
}

async function fuzzDriver(protocol: string, driver: AnyDriver): Promise<SlowFrames> {
  const subject = SUBJECTS[protocol];
  const { random, frames, slow } = runOf(subject.folder, subject.repair);
  const line = new FuzzedLine(driver, subject, { random, frames, slow });
  const memory = new FlatMemory(FRAMES);
  while (frames.count < FRAMES) {
    try {
      await line.scan();
      slow.end();
    } catch (error) {
      throw new Error(`${saidOf(frames)}: ${error instanceof Error ? error.message : error}`, { cause: error });
    }
    memory.look(frames.count);
  }
  expect(line.readings).toBeGreaterThan(0);
  expect(line.values).toBeGreaterThan(FRAMES / 1_000);
  memory.expectFlat();
  return slow;
}

function fuzzDissector({ folder, repair, dissect }: FuzzedDissector): SlowFrames {
  const { frames, slow } = runOf(folder, repair);
  const memory = new FlatMemory(FRAMES);
  let understood = 0;
  while (frames.count < FRAMES) {
    const bytes = frames.next();
    slow.begin();
    try {
      const dissected = dissect(bytes);
      if (dissected.ok) understood++;
      else if (!(dissected.fault.code in FAULTS)) throw new Error(`${dissected.fault.code} is no fault`);
    } catch (error) {
      throw new Error(`${saidOf(frames)}: ${error instanceof Error ? error.message : error}`, { cause: error });
    }
    slow.end();
    memory.look(frames.count);
  }
  expect(understood).toBeGreaterThan(FRAMES / 1_000);
  memory.expectFlat();
  return slow;
}

function runOf(folder: string, repair: Repair) {
  const random = new Random(SEED);
  return { random, frames: new FrameSource(readSeeds(folder), repair, random), slow: new SlowFrames() };
}

function saidOf({ count, latest }: FrameSource): string {
  return `frame ${count}, ${Buffer.from(latest).toString('hex')}`;
}
