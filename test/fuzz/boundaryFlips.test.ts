/** One bit is another, anywhere on the way of a block: nothing but what was written is ever taken for it. */

import { createPublicKey, verify } from 'node:crypto';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { BlockPosition } from '@tidegate/core/block/sampleBlock.ts';
import { ManualClock } from '@tidegate/core/clock/manualClock.ts';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { success } from '@tidegate/core/fault/fault.ts';
import { decodeCheckpoint } from '@tidegate/core/ledger/checkpoint.ts';
import { LaneSpool } from '@tidegate/edge/spool/laneSpool.ts';
import { SpoolBudget } from '@tidegate/edge/spool/spoolBudget.ts';
import { writeCounting } from '@tidegate/edge/spool/testbed/spoolFixture.ts';
import { Connection } from '@tidegate/oneway/receive/connection.ts';
import { MemorySink } from '@tidegate/oneway/testbed/memorySink.ts';
import { MemoryWire } from '@tidegate/oneway/testbed/memoryWire.ts';
import { BLOCKS, gatewayFrames, TAGS } from '@tidegate/oneway/testbed/wireTraffic.ts';
import { JULY, SigningGateway } from '@tidegate/platform/historian/ingest/ledger/testbed/signingGateway.ts';
import { LOG_START } from '@tidegate/platform/historian/ingest/logPosition.ts';
import { generationDirectory, WriteAheadLog } from '@tidegate/platform/historian/ingest/writeAheadLog.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FLIPS, reportFigures, SEED, TIMEOUT_MS } from './boundarySize.ts';
import { flipBits, type RecordPlace, recordPlaces } from './flippedFiles.ts';
import { Random } from './random.ts';

const NEVER = Number.POSITIVE_INFINITY as Timestamp;

const SPOOLED_BLOCKS = 400;
const SEGMENT_BYTES = 16 * 1024;
const OPTIONS = { timeout: TIMEOUT_MS };
const clock = new ManualClock(JULY);
const silent = () => undefined;
let root: string;

beforeAll(() => {
  root = mkdtempSync(path.join(tmpdir(), 'tidegate-flips-'));
});
afterAll(() => rmSync(root, { recursive: true }));

describe(`FUZZ_SEED=${SEED}, ${FLIPS} flips each`, () => {
  it(
    'SR 3.1: frames inside of TLS: a block or a tag list is taken as it was sent, or not at all',
    OPTIONS,
    async () => {
      const startedAtMs = performance.now();
      const random = new Random(SEED);
      const frames = gatewayFrames('live');
      const stream = Buffer.concat(frames);
      const genuine = new Map(BLOCKS.map(({ sequence, bytes }) => [sequence, Buffer.from(bytes)]));
      const counts = { blocks: 0, tagLists: 0, refused: 0 };
      for (let flips = 0; flips < FLIPS; flips++) {
        const bit = random.below(stream.length * 8);
        const flipped = Buffer.from(stream);
        flipped[bit >> 3] ^= 1 << (bit & 7);
        const { sink, isRefused } = await hear(flipped);
        for (const { header, bytes } of sink.stored) {
          if (!genuine.get(header.sequence)?.equals(bytes)) throw new Error(`bit ${bit}: block ${header.sequence}`);
        }
        for (const list of sink.tagLists) expect(list, `bit ${bit}`).toEqual(TAGS);
        counts.blocks += sink.stored.length;
        counts.tagLists += sink.tagLists.length;
        if (isRefused) counts.refused++;
      }
      // All but the flips in the numbers of HELLO and HEARTBEAT, which TLS alone protects, are found out.
      expect(counts.refused).toBeGreaterThan(FLIPS * blockShare(frames));
      expect(counts.blocks).toBeGreaterThan(FLIPS / 10);
      reportFigures('flips in frames', FLIPS, startedAtMs, counts);
    },
  );

  it.each([
    ['plain', undefined],
    ['encrypted', { key: Buffer.alloc(32, 7), sealsNew: true }],
  ])(
    'SR 3.4: segments of a spool, %s: all other blocks are read, and no flipped one',
    OPTIONS,
    async (name, encryption) => {
      const open = async (directory: string) => {
        const budget = new SpoolBudget({ maxBytes: 1e9, clock });
        const spool = await LaneSpool.open({
          ...{ gateway: 'north', lane: 'operational', directory, budget, segmentBytes: SEGMENT_BYTES },
          ...{ instance: 'a5'.repeat(16), encryption, clock, events: silent },
        });
        if (!spool.ok) throw new Error(spool.fault.detail);
        return spool.value;
      };
      const original = path.join(root, `spool-${name}`);
      const spool = await open(original);
      for (let block = 0; block < SPOOLED_BLOCKS; block++) {
        writeCounting(spool, 1 + (block % 9));
        await spool.flush();
      }
      const written = await readSpool(spool);
      await spool.close();
      await flipRounds(`a ${name} spool`, original, original, async (directory, places, flipped) => {
        expect(places).toHaveLength(written.length);
        const damaged = await open(directory);
        const found = await readSpool(damaged);
        await damaged.close();
        expect(found).toEqual(written.filter((_, index) => !flipped.has(index)));
      });
    },
  );

  it(
    "SR 3.4, SR 3.9: segments of the server's log: all other blocks are read, and no flipped one",
    OPTIONS,
    async () => {
      const open = async (directory: string) => {
        const log = await WriteAheadLog.open({
          ...{ directory, clock, events: silent, covered: LOG_START, segmentBytes: SEGMENT_BYTES },
        });
        if (!log.ok) throw new Error(log.fault.detail);
        return log.value;
      };
      const original = path.join(root, 'log');
      const log = await open(original);
      const gateway = new SigningGateway();
      for (let block = 0; block < SPOOLED_BLOCKS; block++) {
        await log.append(gateway.seal([JULY + block, block], [JULY + block, 'x'.repeat(block)]).bytes, JULY + block);
      }
      const written = await readLog(log);
      await log.close();
      const segments = generationDirectory(original, LOG_START.generation);
      await flipRounds('the log', original, segments, async (directory, places, flipped) => {
        // Each block stands behind a record that says when it came.
        expect(places).toHaveLength(2 * written.length);
        const damaged = await open(directory);
        const found = await readLog(damaged);
        await damaged.close();
        const expected = written.flatMap((block, index) => {
          if (flipped.has(2 * index + 1)) return [];
          return [flipped.has(2 * index) ? { ...block, receivedAt: lastNote(written, flipped, index) } : block];
        });
        expect(found).toEqual(expected);
      });
    },
  );

  it('SR 3.9: signed checkpoints: none is taken for what a gateway signed', OPTIONS, () => {
    const startedAtMs = performance.now();
    const random = new Random(SEED);
    const gateway = new SigningGateway();
    const publicKey = createPublicKey(gateway.certificate);
    const isGenuine = (text: string) => {
      const decoded = decodeCheckpoint(text);
      return decoded.ok && verify(null, decoded.value.signed, publicKey, decoded.value.signature);
    };
    let readable = 0;
    let text = '';
    for (let flips = 0; flips < FLIPS; flips++) {
      if (flips % 1_000 === 0) {
        gateway.seal([JULY + flips, flips]);
        text = gateway.sign();
      }
      const bytes = Buffer.from(text);
      const bit = random.below(bytes.length * 8);
      bytes[bit >> 3] ^= 1 << (bit & 7);
      const flipped = bytes.toString();
      if (decodeCheckpoint(flipped).ok) readable++;
      if (isGenuine(flipped)) throw new Error(`bit ${bit} of ${text}`);
    }
    expect(isGenuine(text)).toBe(true);
    expect(readable).toBeGreaterThan(FLIPS / 10);
    reportFigures('flips in checkpoints', FLIPS, startedAtMs, { readable });
  });
});

/** What a server takes in of the bytes of a session. */
async function hear(bytes: Buffer): Promise<{ sink: MemorySink; isRefused: boolean }> {
  const sink = new MemorySink();
  const wire = new MemoryWire();
  let isRefused = false;
  const connection = new Connection(wire.socket, 'north', {
    ...{ sink, clock, idleTimeoutMs: 10_000, pendingBytes: 1024 * 1024, validUntil: NEVER },
    ...{
      tagListPauseMs: () => 0,
      speaksFor: (gateway) => gateway === 'north',
      onHello: () => Promise.resolve(success(undefined)),
      onOpen: silent,
    },
    onClose: (_, { code }) => {
      isRefused = code !== 'boundary.unreachable';
    },
  });
  wire.push(bytes);
  await new Promise(setImmediate);
  wire.destroy();
  await connection.finished;
  return { sink, isRefused };
}

/** How much of a session stands under a checksum. */
function blockShare(frames: readonly Uint8Array[]): number {
  const total = frames.reduce((sum, { length }) => sum + length, 0);
  return BLOCKS.reduce((sum, { bytes }) => sum + bytes.length, 0) / total - 0.02;
}

/** Flips a bit in some of the records of a copy, and has it looked at, until there have been enough flips. */
async function flipRounds(
  what: string,
  original: string,
  segments: string,
  look: (directory: string, places: readonly RecordPlace[], flipped: ReadonlySet<number>) => Promise<void>,
): Promise<void> {
  const startedAtMs = performance.now();
  const random = new Random(SEED);
  const directory = path.join(root, 'copy');
  let flips = 0;
  for (let round = 0; flips < FLIPS; round++) {
    cpSync(original, directory, { recursive: true });
    const places = recordPlaces(path.join(directory, path.relative(original, segments)));
    const flipped = new Set([...places.keys()].filter(() => random.oneIn(2)));
    flipBits(
      places.filter((_, index) => flipped.has(index)),
      random,
    );
    try {
      await look(directory, places, flipped);
    } catch (error) {
      throw new Error(`${what}, round ${round} of seed ${SEED}: ${error}`, { cause: error });
    }
    flips += flipped.size;
    rmSync(directory, { recursive: true });
  }
  reportFigures(`flips in ${what}`, flips, startedAtMs);
}

interface ReadBlock extends BlockPosition {
  readonly hex: string;
}

async function readSpool(spool: LaneSpool): Promise<ReadBlock[]> {
  const found: ReadBlock[] = [];
  for (;;) {
    const blocks = await spool.read(found.at(-1), 64 * 1024);
    if (blocks.length === 0) return found;
    for (const { epoch, sequence, bytes } of blocks)
      found.push({ epoch, sequence, hex: Buffer.from(bytes).toString('hex') });
  }
}

interface LoggedBlock {
  readonly receivedAt: number;
  readonly hex: string;
}

async function readLog(log: WriteAheadLog): Promise<LoggedBlock[]> {
  const found: LoggedBlock[] = [];
  for await (const { receivedAt, payload } of log.blocks()) {
    found.push({ receivedAt, hex: Buffer.from(payload).toString('hex') });
  }
  return found;
}

/** Where it is not known when a block came, it counts as having come with the one before. */
function lastNote(written: readonly LoggedBlock[], flipped: ReadonlySet<number>, index: number): number {
  for (let at = index - 1; at >= 0; at--) if (!flipped.has(2 * at)) return written[at].receivedAt;
  return 0;
}
