/** Real connections on which something else comes than TLS expects: flipped bits on the way, and hostile peers. */

import { once } from 'node:events';
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { systemClock } from '@tidegate/core/clock/clock.ts';
import { Fetcher } from '@tidegate/oneway/receive/fetcher.ts';
import { FetchDoor } from '@tidegate/oneway/relay/fetchDoor.ts';
import { Boundary } from '@tidegate/oneway/testbed/boundary.ts';
import { MemorySource } from '@tidegate/oneway/testbed/memorySource.ts';
import { TcpProxy } from '@tidegate/oneway/testbed/tcpProxy.ts';
import { afterEach, describe, expect, it } from 'vitest';
import { HANDSHAKES, reportFigures, SEED, TIMEOUT_MS } from './boundarySize.ts';
import { FlatMemory } from './flatMemory.ts';
import { hostileSession } from './hostileStreams.ts';
import { mutated } from './mutator.ts';
import { Random } from './random.ts';

const OPTIONS = { timeout: TIMEOUT_MS };
const BATCH = 10;
/** Of the bytes that a connection begins with: its handshake, and the first frames. */
const FLIPPED_BYTES = 6_000;
const QUICK = { idleTimeoutMs: 500 };
let boundary: Boundary;

afterEach(() => boundary.stop());

describe(`FUZZ_SEED=${SEED}`, () => {
  it(
    `SR 3.1: ${HANDSHAKES} connections with one bit flipped on the way bring nothing else than was sent`,
    OPTIONS,
    async () => {
      const startedAtMs = performance.now();
      boundary = new Boundary();
      const random = new Random(SEED);
      const receiver = await boundary.receiver(QUICK);
      const proxy = await TcpProxy.start(receiver.port);
      const source = new MemorySource();
      const sent: Buffer[] = [];
      const seal = () => sent.push(Buffer.from(source.seal(1 + random.below(100)).bytes));
      seal();
      let flips = 0;
      let flippedLine = 0;
      let before = random.below(FLIPPED_BYTES);
      proxy.fault = (chunk) => {
        if (flips >= HANDSHAKES || flippedLine === proxy.opened) return chunk;
        before -= chunk.length;
        if (before > 0) return chunk;
        const flipped = Buffer.from(chunk);
        flipped[random.below(chunk.length)] ^= 1 << random.below(8);
        flips++;
        seal();
        flippedLine = proxy.opened;
        before = random.below(FLIPPED_BYTES);
        return flipped;
      };
      boundary.forwarder(proxy.port, { source, ackTimeoutMs: 500, heartbeatMs: 5, backoff: { firstMs: 1, maxMs: 1 } });
      await expect.poll(() => flips, { timeout: TIMEOUT_MS, interval: 20 }).toBe(HANDSHAKES);
      await expect.poll(() => source.acknowledged.at(-1)?.sequence, { timeout: 10_000 }).toBe(sent.length - 1);
      expect(boundary.sink.stored.map(({ bytes }) => Buffer.from(bytes))).toEqual(sent);
      expect(proxy.opened).toBeGreaterThan(HANDSHAKES);
      reportFigures('flips on the wire', flips, startedAtMs, { connections: proxy.opened });
      await proxy.stop();
    },
  );

  it(
    `SR 3.5, SR 7.1: ${HANDSHAKES} hostile sessions of a holder of a certificate over TLS, and others are served`,
    OPTIONS,
    async () => {
      await fuzzReceiver('hostile sessions over TLS', async (port, random) => {
        const { key, cert, ca } = boundary.gateways.north;
        const socket = connectTls({ host: '127.0.0.1', port, key, cert, ca, servername: 'localhost' });
        await once(socket, 'secureConnect');
        await spend(socket, hostileSession(random));
      });
    },
  );

  it(
    `SR 3.5, SR 7.1: ${HANDSHAKES} strangers who speak no TLS, or almost, and others are served`,
    OPTIONS,
    async () => {
      const [greeting] = await greetings();
      await fuzzReceiver('strangers', async (port, random) => {
        const socket = connectTcp(port, '127.0.0.1');
        await spend(socket, mutated([greeting], random));
      });
    },
  );

  it(
    `SR 3.5, SR 7.1: ${HANDSHAKES} strangers at the door where a server fetches, and the server is served`,
    OPTIONS,
    async () => {
      const startedAtMs = performance.now();
      const [, answer] = await greetings();
      boundary = new Boundary();
      const random = new Random(SEED);
      const receiver = await boundary.receiver();
      const door = await FetchDoor.listen('127.0.0.1', 0);
      if (!door.ok) throw new Error(door.fault.detail);
      const take = (signal: AbortSignal) => door.value.take(signal);
      const source = new MemorySource();
      source.seal();
      const server = { host: '127.0.0.1', port: 0, serverName: 'localhost', take };
      boundary.forwarder(0, { source, server, ackTimeoutMs: 200, backoff: { firstMs: 1, maxMs: 1 } });
      await inBatches(HANDSHAKES, async () => {
        await spend(connectTcp(door.value.port, '127.0.0.1'), mutated([answer], random));
      });
      expect(boundary.sink.stored).toEqual([]);
      const { port } = door.value;
      const fetcher = new Fetcher({ host: '127.0.0.1', port, receiver, clock: systemClock, events: () => undefined });
      await expect.poll(() => boundary.sink.stored.length, { timeout: 10_000 }).toBe(1);
      fetcher.stop();
      await boundary.stop();
      await door.value.close();
      reportFigures('strangers at the door', HANDSHAKES, startedAtMs);
    },
  );
});

/** Has a receiver attacked, and then used. */
async function fuzzReceiver(what: string, attack: (port: number, random: Random) => Promise<void>): Promise<void> {
  const startedAtMs = performance.now();
  boundary = new Boundary();
  const random = new Random(SEED);
  const receiver = await boundary.receiver(QUICK);
  const memory = new FlatMemory(HANDSHAKES);
  await inBatches(
    HANDSHAKES,
    () => attack(receiver.port, random),
    (count) => memory.look(count),
  );
  await expect.poll(() => receiver.connections().length).toBe(0);
  memory.expectFlat();
  boundary.sink.stored.length = 0;
  const source = new MemorySource('south');
  source.seal();
  boundary.forwarder(receiver.port, { source });
  await expect.poll(() => boundary.sink.stored.length).toBe(1);
  const { warmBytes, endBytes } = memory;
  reportFigures(what, HANDSHAKES, startedAtMs, { warmBytes, endBytes });
}

async function inBatches(times: number, act: () => Promise<void>, onBatch?: (count: number) => void): Promise<void> {
  for (let done = 0; done < times; done += BATCH) {
    await Promise.all(Array.from({ length: BATCH }, act));
    onBatch?.(done + BATCH);
  }
}

/** Says all of it, and is gone when the far end closes, or soon. */
async function spend(socket: Socket, bytes: Uint8Array): Promise<void> {
  const closed = once(socket, 'close');
  socket.on('error', () => {});
  socket.resume();
  socket.end(bytes);
  const timer = setTimeout(() => socket.destroy(), 50);
  await closed;
  clearTimeout(timer);
}

/** What who opens a connection says first, and what the other answers. */
async function greetings(): Promise<readonly Uint8Array[]> {
  const recorded = new Boundary();
  const receiver = await recorded.receiver();
  const proxy = await TcpProxy.start(receiver.port);
  const chunks: Uint8Array[] = [];
  proxy.fault = (chunk) => {
    chunks.push(Buffer.from(chunk));
    return chunk;
  };
  recorded.forwarder(proxy.port);
  await expect.poll(() => recorded.sink.heartbeats.length).toBeGreaterThan(0);
  await recorded.stop();
  await proxy.stop();
  return chunks.slice(0, 2);
}
