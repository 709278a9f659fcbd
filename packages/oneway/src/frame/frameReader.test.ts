import { MAX_BLOCK_BYTES, MIN_BLOCK_BYTES } from '@tidegate/core/block/blockLayout.ts';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { EMPTY_TALLY } from '@tidegate/core/ledger/tally.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeFrame, FRAME_HEADER_BYTES, FrameKind, HEARTBEAT_BYTES, writeFrameHeader } from './frameLayout.ts';
import { type Frame, FrameReader } from './frameReader.ts';
import { encodeHeartbeat } from './heartbeat.ts';
import { encodeHello } from './hello.ts';

const FIRST = { epoch: 1, sequence: 0 };
const hello = encodeFrame(
  FrameKind.hello,
  encodeHello({
    ...{ gateway: 'north', lane: 'analytical', role: 'live' },
    ...{ instance: 'a5'.repeat(16), first: FIRST, oldest: FIRST },
  }),
);
const heartbeat = encodeFrame(
  FrameKind.heartbeat,
  encodeHeartbeat({
    at: 5 as Timestamp,
    head: undefined,
    oldest: undefined,
    policy: undefined,
    depth: { blocks: 1, samples: 2, bytes: 3 },
    tally: EMPTY_TALLY,
  }),
);
const blockOf = (length: number) =>
  encodeFrame(
    FrameKind.block,
    Uint8Array.from({ length }, (_, at) => at),
  );
const stream = Buffer.concat([hello, heartbeat, blockOf(200), blockOf(70_000), heartbeat, blockOf(MIN_BLOCK_BYTES)]);

/** Reads `chunks` to the end or to the first fault. */
function readAll(chunks: readonly Uint8Array[]): { frames: Frame[]; fault: string | undefined } {
  const reader = new FrameReader();
  const frames: Frame[] = [];
  for (const chunk of chunks) {
    reader.push(chunk);
    for (;;) {
      const next = reader.next();
      if (!next.ok) return { frames, fault: next.fault.code };
      if (!next.value) break;
      frames.push(next.value);
    }
  }
  return { frames, fault: undefined };
}

/** Cuts `bytes` at the given places. */
function cut(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const edges = [0, ...places.toSorted((a, b) => a - b), bytes.length];
  return edges.slice(1).map((edge, index) => bytes.subarray(edges[index], edge));
}

const flat = ({ kind, payload }: Frame) => `${kind}:${Buffer.from(payload).toString('base64')}`;
const whole = readAll([stream]).frames.map(flat);

describe('a stream of frames', () => {
  it('gives the same frames however it is cut', () => {
    expect(whole).toHaveLength(6);
    fc.assert(
      fc.property(fc.array(fc.nat(stream.length), { maxLength: 40 }), (places) => {
        const { frames, fault } = readAll(cut(stream, places));
        expect(fault).toBeUndefined();
        expect(frames.map(flat)).toEqual(whole);
      }),
    );
  });

  it('gives the same frames byte by byte', () => {
    const bytes = stream.subarray(0, 1_000);
    const single = readAll(Array.from(bytes, (byte) => Uint8Array.of(byte)));
    expect(single.frames.map(flat)).toEqual(readAll([bytes]).frames.map(flat));
  });

  it('asks for more at every prefix, and never throws', () => {
    for (let length = 0; length < 1_000; length++) {
      const { frames, fault } = readAll([stream.subarray(0, length)]);
      expect(fault).toBeUndefined();
      expect(frames.map(flat)).toEqual(whole.slice(0, frames.length));
    }
  });

  it('does not copy a frame that lies in one chunk', () => {
    expect(readAll([stream]).frames.every(({ payload }) => payload.buffer === stream.buffer)).toBe(true);
  });

  it('takes a frame of the greatest length in small chunks within linear time', () => {
    const long = encodeFrame(FrameKind.block, new Uint8Array(MAX_BLOCK_BYTES));
    const places = Array.from({ length: 16_384 }, (_, index) => index * 1_024);
    const { frames } = readAll([hello, ...cut(long, places)]);
    expect(frames.map(({ payload }) => payload.length)).toEqual([hello.length - FRAME_HEADER_BYTES, MAX_BLOCK_BYTES]);
  });
});

describe('SR 3.5: what is no frame is a fault', () => {
  const headed = (kind: number, length: number) => {
    const header = new Uint8Array(FRAME_HEADER_BYTES);
    writeFrameHeader(header, 0, kind as FrameKind, length);
    return header;
  };
  const CASES: Record<string, readonly Uint8Array[]> = {
    'a block longer than any block': [hello, headed(FrameKind.block, MAX_BLOCK_BYTES + 1)],
    'a block longer than 2 GiB': [hello, headed(FrameKind.block, 0xffffffff)],
    'a block shorter than any block': [hello, headed(FrameKind.block, MIN_BLOCK_BYTES - 1)],
    'a heartbeat of another length': [hello, headed(FrameKind.heartbeat, HEARTBEAT_BYTES + 1)],
    'an empty tag list': [hello, headed(FrameKind.tags, 16)],
    'an unknown kind': [hello, headed(5, 100)],
    'kind 0': [hello, headed(0, 100)],
    'anything before HELLO': [heartbeat],
    'a second HELLO': [hello, hello],
    'a HELLO too long': [headed(FrameKind.hello, 121)],
    'a reserved byte that is not zero': [Uint8Array.of(1, 1, 0, 0, 13, 0, 0, 0)],
    HTTP: [Buffer.from('GET / HTTP/1.1\r\n')],
  };
  for (const [name, chunks] of Object.entries(CASES)) {
    it(name, () => expect(readAll(chunks).fault).toBe('boundary.malformed'));
  }

  it('random bytes, alone and behind a HELLO, and stays one', () => {
    fc.assert(
      fc.property(fc.boolean(), fc.array(fc.uint8Array({ maxLength: 64 }), { maxLength: 10 }), (greeted, chunks) => {
        const { fault } = readAll(greeted ? [hello, ...chunks] : chunks);
        if (fault !== undefined) expect(fault).toBe('boundary.malformed');
        const reader = new FrameReader();
        reader.push(Buffer.from('not a frame at all'));
        expect(reader.next().ok).toBe(false);
        for (const chunk of chunks) reader.push(chunk);
        expect(reader.next().ok).toBe(false);
      }),
    );
  });
});
