import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ManualClock } from '@tidegate/core/clock/manualClock.ts';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { imbalanceOf } from '@tidegate/core/ledger/tally.ts';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LaneSpool } from './laneSpool.ts';
import { SpoolBudget } from './spoolBudget.ts';
import { readAll, writeCounting } from './testbed/spoolFixture.ts';

const BLOCKS = 40;
const ACKNOWLEDGED_BLOCKS = 7;
const SAMPLES = 10;

let root: string;
let trial = 0;
const clock = new ManualClock(1_700_000_000_000_000 as Timestamp);

async function open(directory: string): Promise<LaneSpool> {
  const result = await LaneSpool.open({
    gateway: 'gw',
    instance: 'a5'.repeat(16),
    lane: 'operational',
    directory,
    budget: new SpoolBudget({ maxBytes: 1e9, clock }),
    segmentBytes: 2000,
    clock,
    events: () => undefined,
  });
  if (!result.ok) throw new Error(result.fault.detail);
  return result.value;
}

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'spool-'));
  const spool = await open(join(root, 'original'));
  for (let block = 0; block < BLOCKS; block++) {
    writeCounting(spool, SAMPLES);
    await spool.flush();
  }
  const epoch = spool.head()?.epoch ?? 0;
  spool.acknowledge({ epoch, sequence: 0 }, { epoch, sequence: ACKNOWLEDGED_BLOCKS - 1 });
  await spool.close();
});

afterAll(() => rmSync(root, { recursive: true, force: true }));

const blow = fc.record({
  kind: fc.constantFrom('flip', 'zeros', 'cut'),
  file: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  length: fc.integer({ min: 1, max: 600 }),
});

describe('damage to the files of a spool', () => {
  it.each([
    ['segments', (name: string) => name.endsWith('.segment'), true],
    ['any file', (name: string) => name !== 'lock', false],
  ])('is counted to the sample: %s', async (_, isTarget, isExact) => {
    await fc.assert(
      fc.asyncProperty(fc.array(blow, { minLength: 1, maxLength: 5 }), async (blows) => {
        const directory = join(root, `trial-${trial++}`);
        cpSync(join(root, 'original'), directory, { recursive: true });
        const files = readdirSync(directory).filter(isTarget);
        for (const { kind, file, at, length } of blows) {
          const path = join(directory, files[Math.floor(file * files.length)]);
          const bytes = readFileSync(path);
          const start = Math.floor(at * bytes.length);
          if (kind === 'flip' && start < bytes.length) bytes[start] ^= 1 << (length % 8);
          if (kind === 'zeros') bytes.fill(0, start, Math.min(start + length, bytes.length));
          writeFileSync(path, kind === 'cut' ? bytes.subarray(0, start) : bytes);
        }

        const epochs: number[] = [];
        for (const life of ['first', 'second']) {
          const spool = await open(directory);
          const blocks = await readAll(spool);
          const tally = spool.tally();
          const values = blocks.flatMap((block) => block.values);
          expect(values, life).toEqual([...new Set(values)].sort((a, b) => a - b));
          expect(spool.depth()).toMatchObject({ blocks: blocks.length, samples: values.length });
          if (isExact) {
            const added = life === 'first' ? 0 : 3;
            expect(tally.accepted).toBe(BLOCKS * SAMPLES + added);
            expect(values.length + tally.damaged).toBe((BLOCKS - ACKNOWLEDGED_BLOCKS) * SAMPLES + added);
          }
          expect(imbalanceOf(tally)).toBe(0);
          if (life === 'first') writeCounting(spool, 3);
          await spool.flush();
          epochs.push(spool.head()?.epoch ?? 0);
          await spool.close();
        }
        expect(epochs[1]).toBeGreaterThanOrEqual(epochs[0]);
        rmSync(directory, { recursive: true });
      }),
      { numRuns: 60 },
    );
  });
});
