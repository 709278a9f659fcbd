/**
 * An outstation that never runs out of events: whatever it is asked to read, it answers with the same fragments, which
 * were prepared before; only their sequence numbers follow the request.
 */

import { type Fault, failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { outstationFrame } from '@tidegate/edge/acquisition/drivers/dnp3/testbed/outstationFrame.ts';
import type { Link } from '@tidegate/edge/acquisition/transport/link.ts';
import type { WriteGuard } from '@tidegate/edge/acquisition/transport/writeGuard.ts';

export const OUTSTATION = 10;
/** Points whose changes are reported: indices 0 and on. */
export const ANALOGS = 130;
export const BINARIES = 180;
/** An answer has fragments of analog and of binary events in turns. */
const FRAGMENTS = 8;
export const EVENTS_PER_ANSWER = ((ANALOGS + BINARIES) * FRAGMENTS) / 2;

const SEQUENCES = 16;
const FIR = 0x80;
const FIN = 0x40;
const CON = 0x20;
const READ = 1;
const RESPONSE = 129;
const ONLINE = 0x01;
const STATE = 0x80;
/** All objects follow each other, each behind an index of two bytes, their number having two bytes, too. */
const COUNT_AND_INDEX_16 = 0x28;
/** Of user data in a frame, behind the transport header (IEEE Std 1815-2012, 8.2.1). */
const SEGMENT_BYTES = 249;
/** Where the application layer begins: behind the header of the link and that of the transport function. */
const APPLICATION_AT = 11;

/** What the outstation sends in answer to a read with this sequence number; events bear the time `atMs`. */
export function eventAnswer(sequence: number, atMs: number): Uint8Array {
  const frames: Uint8Array[] = [];
  for (let nth = 0; nth < FRAGMENTS; nth++) {
    const ends = (nth === 0 ? FIR : 0) | (nth === FRAGMENTS - 1 ? FIN : 0);
    const header = [ends | CON | ((sequence + nth) % SEQUENCES), RESPONSE, 0, 0];
    frames.push(...framesOf([...header, ...(nth % 2 === 0 ? analogEvents(atMs) : binaryEvents(atMs))]));
  }
  return Buffer.concat(frames);
}

/** Group 32, variation 3: 32 bits with flags and time. */
function analogEvents(atMs: number): number[] {
  const objects = [32, 3, COUNT_AND_INDEX_16, ANALOGS & 0xff, ANALOGS >> 8];
  for (let index = 0; index < ANALOGS; index++) {
    const value = index * 1_000;
    objects.push(index & 0xff, index >> 8, ONLINE, value & 0xff, (value >> 8) & 0xff, value >> 16, 0, ...timeOf(atMs));
  }
  return objects;
}

/** Group 2, variation 2: flags, which hold the state, and time. */
function binaryEvents(atMs: number): number[] {
  const objects = [2, 2, COUNT_AND_INDEX_16, BINARIES & 0xff, BINARIES >> 8];
  for (let index = 0; index < BINARIES; index++) {
    objects.push(index & 0xff, index >> 8, index % 2 === 0 ? ONLINE | STATE : ONLINE, ...timeOf(atMs));
  }
  return objects;
}

/** Milliseconds since 1970 in 48 bits. */
function timeOf(atMs: number): number[] {
  return Array.from({ length: 6 }, (_, byte) => Math.floor(atMs / 2 ** (8 * byte)) & 0xff);
}

function framesOf(fragment: readonly number[]): Uint8Array[] {
  const frames: Uint8Array[] = [];
  for (let at = 0, segment = 0; at < fragment.length; at += SEGMENT_BYTES, segment++) {
    const last = at + SEGMENT_BYTES >= fragment.length;
    const header = (last ? 0x80 : 0) | (at === 0 ? 0x40 : 0) | (segment % 64);
    frames.push(outstationFrame(OUTSTATION, Uint8Array.of(header, ...fragment.slice(at, at + SEGMENT_BYTES))));
  }
  return frames;
}

/** The link to such an outstation. What is sent passes the guard; what comes, comes in pieces as from a socket. */
export class EventOutstation implements Link {
  readonly closed = new Promise<Fault>(() => {});
  sentBytes = 0;
  receivedBytes = 0;
  readonly #guard: WriteGuard;
  readonly #answers: readonly Uint8Array[];
  readonly #waiting: Uint8Array[] = [];

  constructor(guard: WriteGuard, atMs: number) {
    this.#guard = guard;
    this.#answers = Array.from({ length: SEQUENCES }, (_, sequence) => eventAnswer(sequence, atMs));
  }

  send(...frames: readonly Uint8Array[]): Result<void> {
    for (const frame of frames) {
      const checked = this.#guard.check(frame);
      if (!checked.ok) return checked;
      this.sentBytes += frame.length;
      this.#hear(frame[APPLICATION_AT] % SEQUENCES, frame[APPLICATION_AT + 1]);
    }
    return success(undefined);
  }

  async receive(): Promise<Result<Uint8Array>> {
    const bytes = this.#waiting.shift();
    if (!bytes) return failure('link.timeout', 'the outstation has said everything');
    this.receivedBytes += bytes.length;
    return success(bytes);
  }

  close(): void {}

  #hear(sequence: number, functionCode: number): void {
    // A confirm wants no answer.
    if (functionCode === 0) return;
    if (functionCode === READ) this.#waiting.push(this.#answers[sequence]);
    else this.#waiting.push(...framesOf([FIR | FIN | sequence, RESPONSE, 0, 0]));
  }
}
