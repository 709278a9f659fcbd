/** Members of a JSON document that is not believed, each as the type that is needed. */

import type { DetectorDocument } from './detector.ts';

/** More signals than this are no equipment, and would take memory that the document itself does not. */
const MOST_SIGNALS = 1000;

/** Says which member is not as it must be; leaves this folder as a fault only. */
export class UnfitDocument extends Error {}

export function demand(fits: boolean, member: string): asserts fits {
  if (!fits) throw new UnfitDocument(`'${member}' of the detector is not as it must be.`);
}

/** Objects, one at least. */
export function objectsOf(document: DetectorDocument, member: string): readonly DetectorDocument[] {
  const list = document[member];
  demand(Array.isArray(list) && list.length > 0 && list.every(isObject), member);
  return list;
}

export function objectOf(document: DetectorDocument, member: string): DetectorDocument {
  const object = document[member];
  demand(isObject(object), member);
  return object;
}

/** Names of signals: one at least, none twice. */
export function namesOf(document: DetectorDocument): readonly string[] {
  const { names } = document;
  demand(Array.isArray(names) && names.length > 0 && names.length <= MOST_SIGNALS, 'names');
  demand(names.every((name) => typeof name === 'string') && new Set(names).size === names.length, 'names');
  return names;
}

/** A number from `least` to `most`. */
export function numberOf(document: DetectorDocument, member: string, least: number, most = Number.MAX_VALUE): number {
  const number = document[member];
  demand(typeof number === 'number' && number >= least && number <= most, member);
  return number;
}

export function countOf(document: DetectorDocument, member: string, least: number, most = 2 ** 31): number {
  const count = numberOf(document, member, least, most);
  demand(Number.isInteger(count), member);
  return count;
}

/** Finite numbers, so many where a length is given. */
export function numbersOf(document: DetectorDocument, member: string, length?: number): Float64Array {
  const list = document[member];
  demand(Array.isArray(list) && (length ?? list.length) === list.length && list.every(Number.isFinite), member);
  return Float64Array.from(list);
}

/** Finite numbers, NaN for each that is null. */
export function gappedNumbersOf(document: DetectorDocument, member: string): Float64Array {
  const list = document[member];
  demand(Array.isArray(list) && list.every((value) => value === null || Number.isFinite(value)), member);
  return Float64Array.from(list, (value) => value ?? Number.NaN);
}

/** Numbers above 0, as spreads are. */
export function spreadsOf(document: DetectorDocument, length: number): Float64Array {
  const spread = numbersOf(document, 'spread', length);
  demand(
    spread.every((value) => value > 0),
    'spread',
  );
  return spread;
}

export function isObject(value: unknown): value is DetectorDocument {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
