/**
 * Kinds, statuses and strings of a chunk: the few states that its samples have, and how long each lasts. Nothing at all
 * where every sample is a number and Good.
 *
 *     | states: count | kind | status: 4 | string: length, UTF-8 | ... | samples | state | samples | state | ...
 *
 * A string belongs to the state, so that a text among numbers does not spoil the coding of the numbers.
 */

import { ValueKind } from '@tidegate/core/block/sampleBlock.ts';
import type { SampleRun } from '../sampleRun.ts';
import type { ByteSink } from './byteSink.ts';
import type { ByteSource } from './byteSource.ts';

interface State {
  readonly kind: number;
  readonly status: number;
  /** Index into the strings, 0 where there is none. */
  readonly string: number;
}

export interface StateRuns {
  readonly states: readonly State[];
  readonly strings: readonly string[];
  /** State of each run, and the row before which it ends. */
  readonly runStates: readonly number[];
  readonly runEnds: readonly number[];
}

const GOOD_NUMBERS: State = { kind: ValueKind.number, status: 0, string: 0 };
const utf8 = new TextEncoder();
const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Writes the states of the rows from `from` to before `to`. */
export function writeStateRuns(sink: ByteSink, run: SampleRun, from: number, to: number): void {
  const { kinds, statuses, values, strings } = run;
  if (endOfState(run, from, to) === to && kinds[from] === ValueKind.number && statuses[from] === 0) return;
  const states = new Map<string, number>();
  const runs: number[] = [];
  for (let start = from; start < to; ) {
    const end = endOfState(run, start, to);
    const key = stateKey(run, start);
    let state = states.get(key);
    if (state === undefined) {
      state = states.size;
      states.set(key, state);
    }
    runs.push(state, start, end);
    start = end;
  }
  sink.varint(states.size);
  let known = 0;
  for (let at = 0; at < runs.length; at += 3) {
    if (runs[at] !== known) continue;
    known++;
    const row = runs[at + 1];
    sink.byte(kinds[row]);
    for (let shift = 0; shift < 32; shift += 8) sink.byte(statuses[row] >>> shift);
    if (kinds[row] !== ValueKind.string) continue;
    const text = utf8.encode(strings[values[row]]);
    sink.varint(text.length);
    sink.append(text);
  }
  for (let at = 0; at < runs.length; at += 3) {
    sink.varint(runs[at + 2] - runs[at + 1]);
    if (states.size > 1) sink.varint(runs[at]);
  }
}

function stateKey({ kinds, statuses, values, strings }: SampleRun, row: number): string {
  const text = kinds[row] === ValueKind.string ? strings[values[row]] : '';
  return `${kinds[row]} ${statuses[row]} ${text}`;
}

function endOfState({ kinds, statuses, values }: SampleRun, from: number, to: number): number {
  const kind = kinds[from];
  const status = statuses[from];
  let end = from + 1;
  if (kind === ValueKind.string) {
    while (end < to && kinds[end] === kind && statuses[end] === status && values[end] === values[from]) end++;
  } else while (end < to && kinds[end] === kind && statuses[end] === status) end++;
  return end;
}

/** Reads what `writeStateRuns` wrote for `count` samples. `present` is false where it wrote nothing. */
export function readStateRuns(source: ByteSource, count: number, present: boolean): StateRuns {
  if (!present) return { states: [GOOD_NUMBERS], strings: [], runStates: [0], runEnds: [count] };
  const states: State[] = [];
  const strings: string[] = [];
  const runStates: number[] = [];
  const runEnds: number[] = [];
  const stateCount = source.varint();
  if (stateCount < 1 || stateCount > count) source.sound = false;
  while (source.sound && states.length < stateCount) {
    const kind = source.byte();
    const status = source.uint32();
    if (kind > ValueKind.string) source.sound = false;
    states.push({ kind, status, string: kind === ValueKind.string ? strings.push(readText(source)) - 1 : 0 });
  }
  for (let row = 0; row < count && source.sound; ) {
    const length = source.varint();
    const state = stateCount > 1 ? source.varint() : 0;
    row += length;
    if (length === 0 || row > count || state >= stateCount) source.sound = false;
    runStates.push(state);
    runEnds.push(row);
  }
  return { states, strings, runStates, runEnds };
}

function readText(source: ByteSource): string {
  const length = source.varint();
  const start = source.at;
  if (length > source.end - start) source.sound = false;
  if (!source.sound) return '';
  source.at += length;
  try {
    return strictUtf8.decode(source.bytes.subarray(start, source.at));
  } catch {
    source.sound = false;
    return '';
  }
}

/** Fills kinds and statuses of `run`, and the values that are no numbers: its rows are those of the chunk from `first` on. */
export function fillStates(
  { states, runStates, runEnds }: StateRuns,
  first: number,
  { kinds, statuses, values }: SampleRun,
): void {
  const last = first + kinds.length;
  let start = 0;
  for (let index = 0; index < runEnds.length && start < last; index++) {
    const end = runEnds[index];
    if (end > first) {
      const { kind, status, string } = states[runStates[index]];
      const [from, to] = [Math.max(start, first) - first, Math.min(end, last) - first];
      kinds.fill(kind, from, to);
      statuses.fill(status, from, to);
      if (kind !== ValueKind.number) values.fill(string, from, to);
    }
    start = end;
  }
}
