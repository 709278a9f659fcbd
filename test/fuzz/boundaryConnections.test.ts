/** Bytes that nobody should have sent, against both ends of the boundary over TLS. `FUZZ_SEED` repeats a run. */

import { crc32 } from 'node:zlib';
import { decodeBlock } from '@tidegate/core/block/decodeBlock.ts';
import type { BlockPosition } from '@tidegate/core/block/sampleBlock.ts';
import { ManualClock } from '@tidegate/core/clock/manualClock.ts';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { type Fault, success } from '@tidegate/core/fault/fault.ts';
import { FAULTS } from '@tidegate/core/fault/faultTable.ts';
import type { BlockSink } from '@tidegate/core/port/blockSink.ts';
import { ForwardSession } from '@tidegate/oneway/forward/session.ts';
import { Connection, type ConnectionOptions } from '@tidegate/oneway/receive/connection.ts';
import { TAG } from '@tidegate/oneway/testbed/boundary.ts';
import { MemorySource } from '@tidegate/oneway/testbed/memorySource.ts';
import { MemoryWire } from '@tidegate/oneway/testbed/memoryWire.ts';
import { BLOCKS, isAnswer } from '@tidegate/oneway/testbed/wireTraffic.ts';
import { describe, expect, it } from 'vitest';
import { ANSWERS, PAYLOADS, reportFigures, SEED, TIMEOUT_MS } from './boundarySize.ts';
import { FlatMemory } from './flatMemory.ts';
import { hostileAnswers, hostileSession } from './hostileStreams.ts';
import { Random } from './random.ts';

const NEVER = Number.POSITIVE_INFINITY as Timestamp;

/** So many connections at a time, so that a turn of the event loop is not all that is measured. */
const BATCH = 100;
const OPTIONS = { timeout: TIMEOUT_MS };
const clock = new ManualClock();

/** Reads what it is given as an ingest does, and keeps nothing. */
class ReadingSink implements BlockSink {
  blocks = 0;
  readable = 0;
  tagLists = 0;
  heartbeats = 0;

  async admit() {
    return success(undefined);
  }

  position(): BlockPosition | undefined {
    return undefined;
  }

  async append(...[header, bytes]: Parameters<BlockSink['append']>) {
    const decoded = decodeBlock(bytes, crc32);
    if (header.gateway !== 'north' || header.lane !== 'operational') throw new Error('a block of another stream');
    this.blocks++;
    if (decoded.ok) this.readable++;
    return success(undefined);
  }

  async defineTags() {
    this.tagLists++;
    return success(undefined);
  }

  heartbeat(): void {
    this.heartbeats++;
  }
}

describe(`FUZZ_SEED=${SEED}`, () => {
  it(
    `SR 3.5, SR 7.1: ${PAYLOADS} mutated sessions of gateways each end with a fault or are heard, and memory stays flat`,
    OPTIONS,
    async () => {
      const sink = new ReadingSink();
      const ends = new Map<string, number>();
      const hear = async (bytes: Buffer, random: Random) => {
        const wire = new MemoryWire();
        const connection = new Connection(wire.socket, 'north', optionsOf(sink, ends));
        for (const chunk of chunks(bytes, random)) wire.push(chunk);
        await nextTurn();
        wire.destroy();
        await connection.finished;
        for (const answer of wire.written) if (!isAnswer(answer)) throw new Error('an answer that is none');
      };
      await fuzz('mutated sessions', PAYLOADS, hostileSession, hear, () => ({
        ...sink,
        ends: Object.fromEntries(ends),
      }));
      for (const code of ends.keys()) expect(FAULTS).toHaveProperty([code]);
      const reached = Math.min(sink.readable, sink.blocks - sink.readable, sink.tagLists, sink.heartbeats);
      expect(reached).toBeGreaterThan(PAYLOADS / 1_000);
      for (const code of ['boundary.malformed', 'boundary.tags', 'block.checksum', 'boundary.identity'])
        expect(ends.get(code), code).toBeGreaterThan(PAYLOADS / 1_000);
    },
  );

  it(
    `SR 3.5, SR 7.1: ${ANSWERS} mutated answers of servers settle no block that was not sent, and memory stays flat`,
    OPTIONS,
    async () => {
      const ends = new Map<string, number>();
      let acknowledged = 0;
      const hear = async (bytes: Buffer, random: Random) => {
        const wire = new MemoryWire();
        const onPosition = (position: BlockPosition | undefined, welcome: boolean) => {
          if (welcome) return;
          acknowledged++;
          if (position?.epoch !== 1 || !BLOCKS.some(({ sequence }) => sequence === position.sequence))
            throw new Error('a block that was not sent');
        };
        const session = new ForwardSession(wire.socket, sessionOptions(onPosition));
        const running = session.run();
        const [first, ...rest] = chunks(bytes, random);
        wire.push(first);
        await nextTurn();
        for (const chunk of rest) wire.push(chunk);
        await nextTurn();
        session.close();
        count(ends, await running);
      };
      await fuzz('mutated answers', ANSWERS, hostileAnswers, hear, () => ({
        acknowledged,
        ends: Object.fromEntries(ends),
      }));
      for (const code of ends.keys()) expect(FAULTS).toHaveProperty([code]);
      expect(acknowledged).toBeGreaterThan(ANSWERS / 100);
      expect(ends.get('boundary.malformed')).toBeGreaterThan(ANSWERS / 10);
    },
  );
});

/** Makes `count` streams of bytes with `make` and has each heard, a batch at a time. */
async function fuzz(
  what: string,
  times: number,
  make: (random: Random) => Buffer,
  hear: (bytes: Buffer, random: Random) => Promise<void>,
  figures: () => object,
): Promise<void> {
  const startedAtMs = performance.now();
  const random = new Random(SEED);
  const memory = new FlatMemory(times);
  for (let done = 0; done < times; done += BATCH) {
    const batch = Array.from({ length: Math.min(BATCH, times - done) }, () => make(random));
    const hearOne = (bytes: Buffer, at: number) =>
      hear(bytes, random).catch((error: unknown) => {
        throw new Error(`${what} ${done + at} of seed ${SEED}, ${bytes.toString('hex')}: ${error}`, { cause: error });
      });
    await Promise.all(batch.map(hearOne));
    // What the last of them held is let go of in the turn after.
    await nextTurn();
    memory.look(done + batch.length);
  }
  memory.expectFlat();
  const { warmBytes, endBytes } = memory;
  reportFigures(what, times, startedAtMs, { ...figures(), warmBytes, endBytes });
}

function optionsOf(sink: BlockSink, ends: Map<string, number>): ConnectionOptions {
  return {
    ...{ sink, clock, idleTimeoutMs: 10_000, pendingBytes: 1024 * 1024, validUntil: NEVER },
    ...{
      tagListPauseMs: () => 0,
      speaksFor: (gateway) => gateway === 'north',
      onHello: () => Promise.resolve(success(undefined)),
      onOpen: () => {},
    },
    onClose: (_, fault) => count(ends, fault),
  };
}

function sessionOptions(onPosition: (position: BlockPosition | undefined, welcome: boolean) => void) {
  const source = new MemorySource();
  for (const block of BLOCKS) source.put(block);
  const first = { epoch: 1, sequence: 0 };
  return {
    ...{
      source,
      stretch: { role: 'live', first } as const,
      tags: () => [TAG],
      policy: () => undefined,
      clock,
      validUntil: Number.MAX_SAFE_INTEGER as Timestamp,
      onPosition,
    },
    ...{ heartbeatMs: 1_000, ackTimeoutMs: 10_000, readBytes: 1024 * 1024 },
    window: { queueMs: 100, minBytes: 1024 * 1024, maxBytes: 1024 * 1024 },
  };
}

/** One to three pieces, wherever they are cut. */
function chunks(bytes: Buffer, random: Random): Buffer[] {
  const cuts = Array.from({ length: random.below(3) }, () => random.below(bytes.length + 1)).sort((a, b) => a - b);
  return [...cuts, bytes.length].map((end, index) => bytes.subarray(cuts[index - 1] ?? 0, end));
}

function count(ends: Map<string, number>, fault: Fault | undefined): void {
  const code = fault?.code ?? 'none';
  ends.set(code, (ends.get(code) ?? 0) + 1);
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
