/** Datagrams that somebody has tampered with, handed to the stages behind the receiving socket: as many as one likes. */

import { ManualClock } from '@tidegate/core/clock/manualClock.ts';
import { GroupSetBuilder } from '../forward/diode/groupSet.ts';
import { LaneQueue } from '../forward/diode/laneQueue.ts';
import { decodeDatagramHeader } from '../frame/diode/datagramLayout.ts';
import { ErasureCode } from '../frame/diode/erasureCode.ts';
import { FRAME_HEADER_BYTES, FrameKind, writeFrameHeader } from '../frame/frameLayout.ts';
import { DiodeSender } from '../receive/diode/diodeSender.ts';
import { newKey } from './diodeBoundary.ts';
import { seededRandom } from './diodeLink.ts';
import { DiodeSink } from './diodeSink.ts';
import { DiodeSource } from './diodeSource.ts';

export interface MutationCounts {
  /** Datagrams whose bytes were changed, and of these, those that had an effect: none may. */
  mutated: number;
  accepted: number;
  malformed: number;
  unauthenticated: number;
  replayed: number;
  /** Blocks of the genuine datagrams that came between them, sent and stored. */
  readonly sent: number;
  stored: number;
  heapBytesBefore: number;
  heapBytesAfter: number;
}

const SESSION = 5_000;
const BLOCKS = 20;

/**
 * Mutates `count` datagrams of one session, each a genuine one with up to eight bits flipped, cut off, grown or wholly
 * random bytes; the genuine ones come between them, each once.
 */
export async function mutateDatagrams(count: number, seed: number): Promise<MutationCounts> {
  const key = newKey();
  const clock = new ManualClock();
  const genuine = genuineDatagrams(key, clock);
  const sink = new DiodeSink();
  const sender = new DiodeSender({
    ...{ gateway: 'north', key, sink, clock, code: new ErasureCode(), reorderMs: 250, pendingBytes: 2 ** 26 },
    ...{ accepted: undefined, onGap: () => {}, onFault: () => {}, onSession: () => {}, onEvent: () => {} },
  });
  const random = seededRandom(seed);
  const counts: MutationCounts = {
    ...{ mutated: 0, accepted: 0, malformed: 0, unauthenticated: 0, replayed: 0, sent: BLOCKS, stored: 0 },
    ...{ heapBytesBefore: 0, heapBytesAfter: 0 },
  };
  const take = (datagram: Uint8Array) => {
    const header = decodeDatagramHeader(datagram);
    if (!header) return 'malformed';
    return header.keyId === key.id ? sender.take(header, datagram) : 'unauthenticated';
  };
  const every = Math.max(1, Math.floor(count / genuine.length));
  for (let index = 0; index < count; index++) {
    if (index % every === 0 && index / every < genuine.length) take(genuine[index / every]);
    if (index === Math.floor(count / 10)) counts.heapBytesBefore = heapBytes();
    const reception = take(mutated(genuine[Math.floor(random() * genuine.length)], random));
    counts.mutated++;
    counts[reception === 'taken' ? 'accepted' : reception]++;
  }
  counts.heapBytesAfter = heapBytes();
  await sender.finish();
  counts.stored = sink.stored.size;
  return counts;
}

function genuineDatagrams(key: ReturnType<typeof newKey>, clock: ManualClock): Uint8Array[] {
  const source = new DiodeSource();
  source.seal(500, BLOCKS);
  const builder = new GroupSetBuilder({ k: 16, m: 4, symbolBytes: 1_392, setGroups: 8 }, new ErasureCode());
  for (const { epoch, sequence, bytes } of source.sealed) {
    const header = new Uint8Array(FRAME_HEADER_BYTES);
    writeFrameHeader(header, 0, FrameKind.block, bytes.length);
    builder.beginRecord();
    builder.put(header);
    builder.put(bytes);
    builder.endBlock({ position: { epoch, sequence }, accepted: 0 });
  }
  const queue = new LaneQueue({
    ...{ key: key.sessionKey(SESSION), keyId: key.id, session: SESSION, stream: 0, clock, repeatMs: 0 },
    ...{ wake: () => {}, onSettled: () => {} },
  });
  queue.push(builder.close());
  const datagrams: Uint8Array[] = [];
  for (let parts = queue.next(); parts; parts = queue.next()) datagrams.push(Buffer.concat(parts));
  return datagrams;
}

function mutated(datagram: Uint8Array, random: () => number): Uint8Array {
  const below = (limit: number) => Math.floor(random() * limit);
  const kind = below(10);
  if (kind === 0) return datagram.subarray(0, below(datagram.length));
  if (kind === 1) return Buffer.concat([datagram, new Uint8Array(1 + below(64))]);
  const copy = Buffer.from(datagram);
  if (kind === 2) {
    for (let at = 6; at < copy.length; at++) copy[at] = below(256);
    return copy;
  }
  // Different bits, so that they do not undo each other.
  const first = below(copy.length * 8);
  for (let flips = 1 + below(8), bit = first; flips > 0; flips--, bit = (bit + 13) % (copy.length * 8)) {
    copy[bit >> 3] ^= 1 << (bit & 7);
  }
  return copy;
}

function heapBytes(): number {
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
