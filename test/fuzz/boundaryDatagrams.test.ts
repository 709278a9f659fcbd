/** Datagrams that nobody should have sent, against the receiving end of a diode. `FUZZ_SEED` repeats a run. */

import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { DiodeBoundary } from '@tidegate/oneway/testbed/diodeBoundary.ts';
import { seededRandom } from '@tidegate/oneway/testbed/diodeLink.ts';
import {
  genuineDatagrams,
  mutateDatagrams,
  mutated,
  sendUnwanted,
  withBitFlipped,
} from '@tidegate/oneway/testbed/diodeMutations.ts';
import { describe, expect, it } from 'vitest';
import { DATAGRAMS, FLIPS, reportFigures, SEED, TIMEOUT_MS, UDP_DATAGRAMS } from './boundarySize.ts';
import { FlatMemory } from './flatMemory.ts';

/** As many datagrams as the smallest buffer of a socket has room for. */
const BATCH = 64;
/** Of the event loop; what has not come by then is lost, and missing in the count. */
const MAX_TURNS = 10_000;
const OPTIONS = { timeout: TIMEOUT_MS };

describe(`FUZZ_SEED=${SEED}`, () => {
  it(
    `SR 3.5, SR 7.1: of ${DATAGRAMS} mutated datagrams none has an effect, and memory stays flat`,
    OPTIONS,
    async () => {
      const startedAtMs = performance.now();
      const memory = new FlatMemory(DATAGRAMS);
      const counts = await mutateDatagrams({ count: DATAGRAMS, seed: SEED, onStep: (count) => memory.look(count) });
      const { accepted, malformed, unauthenticated, replayed, events, sent, stored } = counts;
      expect({ accepted, stored }).toEqual({ accepted: 0, stored: sent });
      expect(malformed + unauthenticated + replayed).toBe(DATAGRAMS);
      expect(Math.min(malformed, unauthenticated)).toBeGreaterThan(DATAGRAMS / 10);
      expect(events).toBeLessThan(40);
      memory.expectFlat();
      const { warmBytes, endBytes } = memory;
      reportFigures('mutated datagrams', DATAGRAMS, startedAtMs, { ...counts, warmBytes, endBytes });
    },
  );

  it(`SR 3.1: of ${FLIPS} datagrams with one bit flipped none is accepted`, OPTIONS, async () => {
    const startedAtMs = performance.now();
    const counts = await mutateDatagrams({ count: FLIPS, seed: SEED, mutate: withBitFlipped });
    const { accepted, malformed, unauthenticated, replayed, sent, stored } = counts;
    expect({ accepted, stored }).toEqual({ accepted: 0, stored: sent });
    expect(malformed + unauthenticated + replayed).toBe(FLIPS);
    reportFigures('flipped datagrams', FLIPS, startedAtMs, counts);
  });

  it(
    `SR 3.1, SR 3.8: ${FLIPS} replayed, spoofed and duplicated datagrams among reordered ones are counted and dropped`,
    OPTIONS,
    async () => {
      const startedAtMs = performance.now();
      const { replayed, spoofed, duplicated, sent, stored, status } = await sendUnwanted(FLIPS, SEED);
      expect(Math.min(replayed, spoofed, duplicated)).toBeGreaterThan(FLIPS / 4);
      expect(status).toMatchObject({ malformed: 0, unauthenticated: spoofed, replayed });
      const [stream] = status.gateways[0].streams;
      expect(stream).toMatchObject({ duplicated, replayed: 0, unrecoverable: 0, gaps: 0, blocks: sent });
      expect(stream.reordered).toBeGreaterThan(0);
      expect(stored).toEqual(Array.from({ length: sent }, (_, sequence) => sequence));
      reportFigures('unwanted datagrams', replayed + spoofed + duplicated, startedAtMs, {
        ...{ replayed, spoofed, duplicated, reordered: stream.reordered },
      });
    },
  );

  it(
    `SR 3.5, SR 7.1: ${UDP_DATAGRAMS} mutated datagrams through a socket, and the receiver still receives`,
    OPTIONS,
    async () => {
      const startedAtMs = performance.now();
      const boundary = await DiodeBoundary.open();
      const receiver = await boundary.receiver();
      const socket = createSocket('udp4');
      socket.bind(0, '127.0.0.1');
      await once(socket, 'listening');
      const random = seededRandom(SEED);
      const { datagrams, blocks } = genuineDatagrams(boundary.key);
      const memory = new FlatMemory(UDP_DATAGRAMS);
      const send = async (datagram: Uint8Array) => {
        await new Promise((resolve) => socket.send(datagram, receiver.port, '127.0.0.1', resolve));
      };
      for (let count = 0; count < UDP_DATAGRAMS; count += BATCH) {
        const batch = Array.from({ length: Math.min(BATCH, UDP_DATAGRAMS - count) }, () => {
          return mutated(datagrams[Math.floor(random() * datagrams.length)], random);
        });
        await Promise.all(batch.map(send));
        // `expect.poll` would keep something of each call until the test ends.
        const isComplete = () => receiver.status().datagrams === count + batch.length;
        for (let turns = 0; !isComplete() && turns < MAX_TURNS; turns++)
          await new Promise((resolve) => setImmediate(resolve));
        memory.look(count + batch.length);
      }
      memory.expectFlat();
      const { malformed, unauthenticated, replayed, kernelDrops } = receiver.status();
      expect(malformed + unauthenticated + replayed).toBe(UDP_DATAGRAMS);
      for (const datagram of datagrams) await send(datagram);
      await expect.poll(() => boundary.sink.stored.size).toBe(blocks);
      socket.close();
      await boundary.stop();
      const { warmBytes, endBytes } = memory;
      const figures = { malformed, unauthenticated, replayed, kernelDrops, warmBytes, endBytes };
      reportFigures('mutated datagrams through UDP', UDP_DATAGRAMS, startedAtMs, figures);
    },
  );
});
