import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Answer, AnswerReader, decodeAnswer, encodeAnswer } from './answer.ts';
import { ANSWER_AT, ANSWER_BYTES, viewOf } from './frameLayout.ts';

const position = fc.option(fc.record({ epoch: fc.maxSafeNat(), sequence: fc.maxSafeNat() }), { nil: undefined });
const answer: fc.Arbitrary<Answer> = fc.oneof(
  fc.record({ kind: fc.constant('welcome' as const), position }),
  fc.record({ kind: fc.constant('ack' as const), position }),
  fc.record({ kind: fc.constant('refuse' as const), refusal: fc.constantFrom('boundary.identity', 'block.checksum') }),
);

function readAll(chunks: readonly Uint8Array[]) {
  const reader = new AnswerReader();
  const answers: Answer[] = [];
  for (const chunk of chunks) {
    const read = reader.read(chunk, (one) => answers.push(one) > 0);
    if (!read.ok) return { answers, fault: read.fault.code };
  }
  return { answers, fault: undefined };
}

describe('answers', () => {
  it('are the same after encoding and decoding, each in the same number of bytes, however they are cut', () => {
    fc.assert(
      fc.property(fc.array(answer, { maxLength: 8 }), fc.array(fc.nat(8 * ANSWER_BYTES)), (answers, places) => {
        const encoded = answers.map(encodeAnswer);
        expect(encoded.every((bytes) => bytes.length === ANSWER_BYTES)).toBe(true);
        const bytes = Buffer.concat(encoded);
        const edges = [0, ...places.toSorted((a, b) => a - b), bytes.length];
        const chunks = edges.slice(1).map((edge, index) => bytes.subarray(edges[index], edge));
        expect(readAll(chunks)).toEqual({ answers, fault: undefined });
      }),
    );
  });

  const bytes = encodeAnswer({ kind: 'ack', position: { epoch: 7, sequence: 9 } });
  const changed = (change: (view: DataView) => void, from: Answer = { kind: 'ack', position: undefined }) => {
    const copy = encodeAnswer(from);
    change(viewOf(copy));
    return copy;
  };
  const CASES: Record<string, [Uint8Array, string]> = {
    'one byte short': [bytes.subarray(1), 'boundary.malformed'],
    'an echo of a frame': [changed((view) => view.setUint8(ANSWER_AT.kind, 1)), 'boundary.malformed'],
    'an unknown kind': [changed((view) => view.setUint8(ANSWER_AT.kind, 0x84)), 'boundary.malformed'],
    'another magic': [changed((view) => view.setUint32(ANSWER_AT.magic, 1)), 'boundary.malformed'],
    'a reserved byte in use': [changed((view) => view.setUint8(ANSWER_AT.zero, 1)), 'boundary.malformed'],
    'a number in an ACK': [changed((view) => view.setUint16(ANSWER_AT.number, 1)), 'boundary.malformed'],
    'half a position': [changed((view) => view.setBigInt64(ANSWER_AT.epoch, 4n)), 'boundary.malformed'],
    'an epoch beyond 2^53': [
      changed((view) => view.setBigInt64(ANSWER_AT.epoch, 1n << 60n, true)),
      'boundary.malformed',
    ],
    'an unknown refusal': [
      changed((view) => view.setUint16(ANSWER_AT.number, 999), { kind: 'refuse', refusal: 'boundary.tags' }),
      'boundary.malformed',
    ],
    'refusal number 0': [
      changed((view) => view.setUint16(ANSWER_AT.number, 0), { kind: 'refuse', refusal: 'boundary.tags' }),
      'boundary.malformed',
    ],
    'a refusal with a position': [
      changed(
        (view) => {
          view.setBigInt64(ANSWER_AT.epoch, 0n);
          view.setBigInt64(ANSWER_AT.sequence, 0n);
        },
        { kind: 'refuse', refusal: 'boundary.tags' },
      ),
      'boundary.malformed',
    ],
    'a WELCOME of another version': [
      changed((view) => view.setUint16(ANSWER_AT.number, 1, true), { kind: 'welcome', position: undefined }),
      'boundary.version',
    ],
  };
  for (const [name, [wrong, code]] of Object.entries(CASES)) {
    it(`SR 5.2: the return direction refuses ${name}`, () => {
      const decoded = decodeAnswer(wrong);
      expect(decoded.ok ? 'accepted' : decoded.fault.code).toBe(code);
    });
  }

  it('SR 5.2: random bytes are a fault, never a throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: ANSWER_BYTES, maxLength: 100 }), (random) => {
        expect(readAll([random])).toEqual({ answers: [], fault: 'boundary.malformed' });
      }),
    );
  });

  it('SR 5.2: any single changed byte outside the position is refused', () => {
    for (let at = 0; at < ANSWER_AT.epoch; at++) {
      for (let flip = 1; flip < 256; flip++) {
        const copy = bytes.slice();
        copy[at] ^= flip;
        const decoded = decodeAnswer(copy);
        expect(decoded.ok, `byte ${at} with ${flip}`).toBe(false);
      }
    }
  });
});
