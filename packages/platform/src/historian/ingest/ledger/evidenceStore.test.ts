import { mkdtempSync, readdirSync, readFileSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ManualClock } from '@tidegate/core/clock/manualClock.ts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { verifyEvidence } from '../../archive/care/verifyLog.ts';
import { isLogNote, WriteAheadLog } from '../writeAheadLog.ts';
import { EvidenceStore } from './evidenceStore.ts';
import { JULY, SigningGateway } from './testbed/signingGateway.ts';

const BLOCKS = 200;
const SEGMENT_BYTES = 4_096;

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'tidegate-evidence-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const evidenceDirectory = () => join(directory, 'evidence');

async function open(evidence: EvidenceStore) {
  const clock = new ManualClock(JULY);
  const opened = await WriteAheadLog.open({
    ...{ directory: join(directory, 'log'), clock, events: () => undefined },
    ...{ covered: { generation: 1, record: 0 }, keep: evidence.keep, segmentBytes: SEGMENT_BYTES },
  });
  if (!opened.ok) throw new Error(opened.fault.detail);
  return opened.value;
}

/** Fills a log and lets go of the first half of it. */
async function halfOfIt(evidence: EvidenceStore): Promise<readonly Uint8Array[]> {
  const gateway = new SigningGateway();
  let log = await open(evidence);
  const blocks: Uint8Array[] = [];
  for (let at = 0; at < BLOCKS; at++) {
    const { bytes } = gateway.seal([at, at], [at + 1, Math.sin(at)]);
    blocks.push(bytes);
    if (!(await log.append(bytes, JULY + at)).ok) throw new Error('not logged');
  }
  // What it notes of its blocks must be there after a restart, too.
  await log.close();
  log = await open(evidence);
  await log.dropBefore({ generation: 1, record: BLOCKS });
  await log.close();
  return blocks;
}

async function blocksIn(evidence: EvidenceStore): Promise<Buffer[]> {
  const found: Buffer[] = [];
  for await (const payload of evidence.records(() => true)) if (!isLogNote(payload)) found.push(Buffer.from(payload));
  return found;
}

describe('SR 3.9: evidence', () => {
  test('is the log as it was, moved and not deleted, and there after a restart', async () => {
    const evidence = await EvidenceStore.open(evidenceDirectory(), 1e9);
    const blocks = await halfOfIt(evidence);
    const kept = await blocksIn(evidence);
    expect(kept.length).toBeGreaterThan(BLOCKS / 3);
    expect(kept).toEqual(blocks.slice(0, kept.length).map((bytes) => Buffer.from(bytes)));
    const again = await EvidenceStore.open(evidenceDirectory(), 1e9);
    expect(again.statistics()).toEqual(evidence.statistics());
    expect(await blocksIn(again)).toEqual(kept);
    const log = await open(again);
    let left = 0;
    for await (const _ of log.blocks()) left++;
    await log.close();
    expect(left + kept.length).toBe(BLOCKS);
  });

  test('says of each file when its blocks were sealed and received', async () => {
    const evidence = await EvidenceStore.open(evidenceDirectory(), 1e9);
    await halfOfIt(evidence);
    const seen: number[] = [];
    for await (const _ of evidence.records((file) => {
      expect(file.sealedTo).toBeGreaterThan(file.sealedFrom);
      expect(file.receivedFrom).toBe(JULY + seen.reduce((sum, blocks) => sum + blocks, 0));
      seen.push(file.blocks);
      return false;
    }));
    expect(seen.length).toBeGreaterThan(1);
    expect(evidence.statistics().sealedFrom).toBe(JULY + 1_000);
  });

  test('SR 7.2: takes no more than it may, the oldest first out', async () => {
    const all = await EvidenceStore.open(evidenceDirectory(), 1e9);
    await halfOfIt(all);
    const { bytes, files } = all.statistics();
    const kept = await blocksIn(all);
    const less = await EvidenceStore.open(evidenceDirectory(), bytes - 1);
    expect(less.statistics().files).toBe(files - 1);
    const left = await blocksIn(less);
    expect(left).toEqual(kept.slice(-left.length));
    const none = await EvidenceStore.open(evidenceDirectory(), 0);
    expect(none.statistics()).toMatchObject({ files: 0, bytes: 0 });
    expect(readdirSync(evidenceDirectory())).toEqual([]);
  });

  test('is verified: a flipped bit of it is named', async () => {
    const evidence = await EvidenceStore.open(evidenceDirectory(), 1e9);
    await halfOfIt(evidence);
    const defects: string[] = [];
    const onDefect = (file: string, defect: string) => defects.push(`${file}: ${defect}`);
    const { signal } = new AbortController();
    const check = { directory: evidenceDirectory(), onDefect, onBytes: () => undefined, signal };
    const kept = (await blocksIn(evidence)).length;
    expect(await verifyEvidence(check)).toBe(kept);
    expect(defects).toEqual([]);
    const [name] = readdirSync(evidenceDirectory()).filter((one) => one.endsWith('.segment'));
    const bytes = readFileSync(join(evidenceDirectory(), name));
    bytes[bytes.length >>> 1] ^= 4;
    writeFileSync(join(evidenceDirectory(), name), bytes);
    expect(await verifyEvidence(check)).toBeLessThan(kept);
    expect(defects[0]).toContain(name);
  });

  test('drops a file whose move was interrupted', async () => {
    const evidence = await EvidenceStore.open(evidenceDirectory(), 1e9);
    await halfOfIt(evidence);
    const [note] = readdirSync(evidenceDirectory()).filter((name) => name.endsWith('.json'));
    unlinkSync(join(evidenceDirectory(), note));
    const again = await EvidenceStore.open(evidenceDirectory(), 1e9);
    expect(again.statistics().files).toBe(evidence.statistics().files - 1);
  });
});
