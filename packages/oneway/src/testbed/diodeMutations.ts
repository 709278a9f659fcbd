/**
 * Datagrams that somebody has tampered with, recorded, repeated or made up, for the stages behind the receiving socket: as
 * many as one likes.
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ManualClock } from '@tidegate/core/clock/manualClock.ts';
import { GroupSetBuilder } from '../forward/diode/groupSet.ts';
import { LaneQueue } from '../forward/diode/laneQueue.ts';
import { ErasureCode } from '../frame/diode/erasureCode.ts';
import type { PresharedKey } from '../frame/diode/presharedKey.ts';
import { FRAME_HEADER_BYTES, FrameKind, writeFrameHeader } from '../frame/frameLayout.ts';
import { DiodeReceiver, type DiodeReceiverStatus } from '../receive/diode/diodeReceiver.ts';
import { SessionFile } from '../receive/diode/sessionFile.ts';
import { newKey } from './diodeBoundary.ts';
import { seededRandom } from './diodeLink.ts';
import { DiodeSink } from './diodeSink.ts';
import { DiodeSource } from './diodeSource.ts';

export interface MutationCounts {
  /** Datagrams whose bytes were changed, and of these, those that had an effect: none may. */
  readonly mutated: number;
  readonly accepted: number;
  readonly malformed: number;
  readonly unauthenticated: number;
  readonly replayed: number;
  /** Events that told of them. */
  readonly events: number;
  /** Blocks of the genuine datagrams that came between them, sent and stored. */
  readonly sent: number;
  readonly stored: number;
}

export interface MutationRun {
  readonly count: number;
  readonly seed: number;
  /** What becomes of a datagram; up to eight bits flipped, cut off, grown or wholly random where it is left out. */
  readonly mutate?: (datagram: Uint8Array, random: () => number) => Uint8Array;
  /** Told before each mutated datagram how many there have been. */
  readonly onStep?: (count: number) => void;
}

/** Datagrams that are not wanted, each of which was counted as what it is. */
export interface UnwantedCounts {
  /** Of a session that is over. */
  readonly replayed: number;
  /** Sealed with another key, under the key's own name and another. */
  readonly spoofed: number;
  /** Genuine ones that had come before. */
  readonly duplicated: number;
  readonly sent: number;
  readonly status: DiodeReceiverStatus;
  /** Sequences of the blocks that were stored, in the order of their coming. */
  readonly stored: readonly number[];
}

const SESSION = 5_000;
const BLOCKS = 20;
const ATTACKER = '192.0.2.66';
/** A datagram is overtaken by fewer than this. */
const REORDER_SPAN = 40;

/** Hands `count` mutated datagrams of one session to a receiver; the genuine ones come between them, each once. */
export async function mutateDatagrams({ count, seed, mutate = mutated, onStep }: MutationRun): Promise<MutationCounts> {
  const key = newKey();
  const random = seededRandom(seed);
  const { datagrams: genuine } = genuineDatagrams(key);
  const target = new ReceiverTarget(key);
  const every = Math.max(1, Math.floor(count / genuine.length));
  for (let index = 0; index < count; index++) {
    if (index % every === 0 && index / every < genuine.length) target.take(genuine[index / every]);
    onStep?.(index);
    target.take(mutate(genuine[Math.floor(random() * genuine.length)], random));
  }
  for (let index = Math.ceil(count / every); index < genuine.length; index++) target.take(genuine[index]);
  onStep?.(count);
  const { datagrams, malformed, unauthenticated, replayed } = await target.finish();
  const accepted = datagrams - malformed - unauthenticated - replayed - genuine.length;
  const { stored } = target.sink;
  return {
    ...{ mutated: count, accepted, malformed, unauthenticated, replayed, events: target.events, sent: BLOCKS },
    stored: stored.size,
  };
}

/**
 * Hands all datagrams of a session to a receiver, out of order, and about `count` more between them: recordings of the
 * session before, repetitions, and forgeries.
 */
export async function sendUnwanted(count: number, seed: number): Promise<UnwantedCounts> {
  const key = newKey();
  const thief = newKey();
  const random = seededRandom(seed);
  const old = genuineDatagrams(key, SESSION - 1).datagrams;
  const { datagrams: genuine } = genuineDatagrams(key);
  const forged = [thief.id, key.id].flatMap((id) => genuineDatagrams({ ...thief, id }).datagrams);
  const target = new ReceiverTarget(key);
  // A session is known by its first genuine datagram; before that, the one before it is the newest.
  const order = [genuine[0], ...reordered(genuine.slice(1), random)];
  const counts = { replayed: 0, spoofed: 0, duplicated: 0, sent: BLOCKS };
  const pick = (from: readonly Uint8Array[]) => from[Math.floor(random() * from.length)];
  const unwanted = Math.ceil(count / order.length);
  for (const [index, datagram] of order.entries()) {
    target.take(datagram);
    for (let more = 0; more < unwanted; more++) {
      const kind = (['replayed', 'spoofed', 'duplicated'] as const)[Math.floor(random() * 3)];
      counts[kind]++;
      target.take(pick(kind === 'replayed' ? old : kind === 'spoofed' ? forged : order.slice(0, index + 1)));
    }
  }
  const status = await target.finish();
  return { ...counts, status, stored: target.sink.sequences('operational') };
}

/** A receiver without a socket. */
class ReceiverTarget {
  readonly sink = new DiodeSink();
  events = 0;
  readonly #directory = mkdtempSync(path.join(tmpdir(), 'tidegate-mutations-'));
  readonly #receiver: DiodeReceiver;

  constructor(key: PresharedKey) {
    const sessionFile = path.join(this.#directory, 'sessions.json');
    const sessions = SessionFile.open(sessionFile);
    if (!sessions.ok) throw new Error(sessions.fault.detail);
    const options = {
      ...{ host: '', port: 0, keys: new Map([['north', key]]), sink: this.sink, clock: new ManualClock(), sessionFile },
      events: () => {
        this.events++;
      },
    };
    this.#receiver = new DiodeReceiver(options, sessions.value);
  }

  take(datagram: Uint8Array): void {
    this.#receiver.take(datagram, ATTACKER);
  }

  /** Resolves with what was counted when the sink holds everything. */
  async finish(): Promise<DiodeReceiverStatus> {
    await this.#receiver.stop();
    rmSync(this.#directory, { recursive: true });
    return this.#receiver.status();
  }
}

/** The datagrams of a session in which a gateway sends `BLOCKS` blocks, in their order. */
export function genuineDatagrams(key: PresharedKey, session = SESSION): { datagrams: Uint8Array[]; blocks: number } {
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
    ...{ key: key.sessionKey(session), keyId: key.id, session, stream: 0, clock: new ManualClock(), repeatMs: 0 },
    ...{ wake: () => {}, onSettled: () => {} },
  });
  queue.push(builder.close());
  const datagrams: Uint8Array[] = [];
  for (let parts = queue.next(); parts; parts = queue.next()) datagrams.push(Buffer.concat(parts));
  return { datagrams, blocks: BLOCKS };
}

/** Each is overtaken by fewer than `REORDER_SPAN` others. */
function reordered(datagrams: readonly Uint8Array[], random: () => number): Uint8Array[] {
  const places = datagrams.map((datagram, index) => ({ datagram, at: index + random() * REORDER_SPAN }));
  return places.sort((a, b) => a.at - b.at).map(({ datagram }) => datagram);
}

/** One bit of the datagram is another. */
export function withBitFlipped(datagram: Uint8Array, random: () => number): Uint8Array {
  const copy = Buffer.from(datagram);
  const bit = Math.floor(random() * copy.length * 8);
  copy[bit >> 3] ^= 1 << (bit & 7);
  return copy;
}

/** Up to eight bits flipped, cut off, grown or wholly random behind the magic. */
export function mutated(datagram: Uint8Array, random: () => number): Uint8Array {
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
