/**
 * What a run of registers may hold, guessed from several samples over time: the way to cut it into values that makes
 * the most sense as a whole. A guess is a help to whoever configures tags, and no more.
 */

import { decodeText } from '../../../decodeText.ts';
import { BYTE_ORDERS, type ByteOrder } from '../byteOrder.ts';
import { type DataType, REGISTERS } from '../dataType.ts';
import { GUESSED_TYPES, plausibility, valueAt } from './plausibility.ts';

export interface TypeSuggestion {
  /** The first register. */
  readonly first: number;
  /** How many registers it takes. */
  readonly registers: number;
  readonly dataType: DataType;
  /** As configuration writes it. */
  readonly wordOrder: ByteOrder;
  /** From 0 to 1; below 0.6 nothing speaks for it but that nothing speaks for anything else. */
  readonly confidence: number;
  /** What it was at last. */
  readonly value: number | string;
}

/** A text has at least so many registers, and mostly letters. */
const MIN_TEXT_REGISTERS = 2;
const MIN_LETTERS = 3;
const TEXT_SCORE = 0.95;

/** `samples` are the registers from `first` on, at different times, the oldest first; all are equally long. */
export function suggestTypes(first: number, samples: readonly Uint16Array[]): TypeSuggestion[] {
  const length = samples[0]?.length ?? 0;
  const scores = new Float64Array(length + 1).fill(Number.NEGATIVE_INFINITY);
  const chosen: (TypeSuggestion | undefined)[] = [];
  scores[0] = 0;
  for (let at = 0; at < length; at++) {
    for (const suggestion of suggestionsAt(first, samples, at)) {
      const end = at + suggestion.registers;
      const score = scores[at] + suggestion.confidence * suggestion.registers;
      if (score <= scores[end]) continue;
      scores[end] = score;
      chosen[end] = suggestion;
    }
  }
  const suggestions: TypeSuggestion[] = [];
  for (let end = length; end > 0; end -= chosen[end]!.registers) suggestions.push(chosen[end]!);
  return suggestions.reverse();
}

function suggestionsAt(first: number, samples: readonly Uint16Array[], at: number): TypeSuggestion[] {
  const last = samples[samples.length - 1];
  const suggestions: TypeSuggestion[] = [];
  for (const dataType of GUESSED_TYPES) {
    const registers = REGISTERS[dataType];
    if (at + registers > last.length) continue;
    for (const wordOrder of registers === 1 ? (['ABCD'] as const) : BYTE_ORDERS) {
      const confidence = plausibility(samples, at, dataType, wordOrder);
      const value = valueAt(last, at, dataType, wordOrder);
      if (confidence > 0) suggestions.push({ first: first + at, registers, dataType, wordOrder, confidence, value });
    }
  }
  const text = textAt(first, samples, at);
  return text ? [...suggestions, text] : suggestions;
}

/** The longest run of registers that holds a text which does not change. */
function textAt(first: number, samples: readonly Uint16Array[], at: number): TypeSuggestion | undefined {
  const last = samples[samples.length - 1];
  let end = at;
  let closed = false;
  while (end < last.length && !closed && samples.every((sample) => sample[end] === last[end]) && isText(last[end])) {
    closed = (last[end] & 0xff) === 0 || last[end] >> 8 === 0;
    end++;
  }
  if (end - at < MIN_TEXT_REGISTERS) return undefined;
  // The end of a text of odd length stands in the higher byte of its register, unless the bytes are swapped.
  const swapped = closed && last[end - 1] >> 8 === 0 && last[end - 1] !== 0;
  const value = decodeText(bytesOf(last.subarray(at, end), swapped)).trimEnd();
  if ((value.match(/[A-Za-z]/g) ?? []).length < Math.max(MIN_LETTERS, value.length / 3)) return undefined;
  const wordOrder = swapped ? 'BADC' : 'ABCD';
  return { first: first + at, registers: end - at, dataType: 'string', wordOrder, confidence: TEXT_SCORE, value };
}

/** Two printable characters; or one, or none, and then the text is at its end. */
function isText(word: number): boolean {
  const [high, low] = [word >> 8, word & 0xff];
  const printable = (byte: number) => byte >= 0x20 && byte < 0x7f;
  return (printable(high) || high === 0) && (printable(low) || low === 0);
}

function bytesOf(words: Uint16Array, swapped: boolean): Uint8Array {
  const bytes = new Uint8Array(words.length * 2);
  for (const [index, word] of words.entries()) {
    bytes[index * 2] = swapped ? word : word >> 8;
    bytes[index * 2 + 1] = swapped ? word >> 8 : word;
  }
  return bytes;
}
