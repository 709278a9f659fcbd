/** The return direction: three answers of fixed size, and a reader that takes nothing else. */

import type { BlockPosition } from '@tidegate/core/block/sampleBlock.ts';
import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { ANSWER_AT, ANSWER_BYTES, ANSWER_MAGIC, AnswerKind, PROTOCOL_VERSION, viewOf } from './frameLayout.ts';
import { readPosition, writePosition } from './position.ts';
import { type Refusal, refusalNumber, refusalOf } from './refusal.ts';

export type Answer =
  | { readonly kind: 'welcome'; readonly position: BlockPosition | undefined }
  | { readonly kind: 'ack'; readonly position: BlockPosition | undefined }
  | { readonly kind: 'refuse'; readonly refusal: Refusal };

const malformed = (detail: string) => failure('boundary.malformed', detail);

export function encodeAnswer(answer: Answer): Uint8Array {
  const bytes = new Uint8Array(ANSWER_BYTES);
  const view = viewOf(bytes);
  view.setUint8(ANSWER_AT.kind, AnswerKind[answer.kind]);
  view.setUint16(ANSWER_AT.number, numberOf(answer), true);
  view.setUint32(ANSWER_AT.magic, ANSWER_MAGIC, true);
  writePosition(view, ANSWER_AT.epoch, answer.kind === 'refuse' ? undefined : answer.position);
  return bytes;
}

function numberOf(answer: Answer): number {
  if (answer.kind === 'welcome') return PROTOCOL_VERSION;
  return answer.kind === 'ack' ? 0 : refusalNumber(answer.refusal);
}

/** Reads one answer of exactly `ANSWER_BYTES`. Faults: `boundary.malformed`, `boundary.version`. */
export function decodeAnswer(bytes: Uint8Array): Result<Answer> {
  if (bytes.length !== ANSWER_BYTES) return malformed(`answer of ${bytes.length} bytes`);
  const view = viewOf(bytes);
  if (view.getUint32(ANSWER_AT.magic, true) !== ANSWER_MAGIC || view.getUint8(ANSWER_AT.zero) !== 0) {
    return malformed('the bytes from the server are no answer');
  }
  const number = view.getUint16(ANSWER_AT.number, true);
  const position = readPosition(view, ANSWER_AT.epoch);
  if (!position) return malformed('answer with a position out of range');
  switch (view.getUint8(ANSWER_AT.kind)) {
    case AnswerKind.welcome:
      if (number !== PROTOCOL_VERSION) {
        return failure('boundary.version', `version ${number}; this program knows ${PROTOCOL_VERSION}`);
      }
      return success({ kind: 'welcome', position: position.value });
    case AnswerKind.ack:
      return number === 0 ? success({ kind: 'ack', position: position.value }) : malformed(`ACK with number ${number}`);
    case AnswerKind.refuse:
      return readRefusal(number, position.value);
    default:
      return malformed(`answer of kind ${view.getUint8(ANSWER_AT.kind)}`);
  }
}

function readRefusal(number: number, position: BlockPosition | undefined): Result<Answer> {
  const refusal = refusalOf(number);
  if (!refusal || position) return malformed(`REFUSE with number ${number}${position ? ' and a position' : ''}`);
  return success({ kind: 'refuse', refusal });
}

/** Cuts the return direction into answers; it never holds more than one. */
export class AnswerReader {
  readonly #partial = new Uint8Array(ANSWER_BYTES);
  #filled = 0;

  /** Hands each answer that `chunk` completes to `take`, which returns false to stop. The first fault ends the reading. */
  read(chunk: Uint8Array, take: (answer: Answer) => boolean): Result<void> {
    let at = 0;
    while (at < chunk.length) {
      const part = chunk.subarray(at, at + ANSWER_BYTES - this.#filled);
      this.#partial.set(part, this.#filled);
      this.#filled += part.length;
      at += part.length;
      if (this.#filled < ANSWER_BYTES) break;
      this.#filled = 0;
      const answer = decodeAnswer(this.#partial);
      if (!answer.ok) return answer;
      if (!take(answer.value)) break;
    }
    return success(undefined);
  }
}
