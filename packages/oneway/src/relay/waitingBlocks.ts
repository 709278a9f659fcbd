/** Blocks of a stream that wait in a relay, in the order of their positions, whatever the order in which they came. */

import { type BlockPosition, comparePositions } from '@tidegate/core/block/sampleBlock.ts';
import type { SpoolDepth, SpooledBlock } from '@tidegate/core/port/blockSource.ts';
import type { JournalRecord } from '@tidegate/journal/segment.ts';
import { type RunBlock, RunColumns } from './runColumns.ts';

export interface WaitingBlock extends BlockPosition, RunBlock {}

interface Run {
  readonly epoch: number;
  readonly columns: RunColumns;
}

export class WaitingBlocks {
  /** In the order of their epochs; none is empty. */
  #runs: Run[] = [];
  #blocks = 0;
  #samples = 0;
  #bytes = 0;

  get depth(): SpoolDepth {
    return { blocks: this.#blocks, samples: this.#samples, bytes: this.#bytes };
  }

  get oldest(): BlockPosition | undefined {
    const run = this.#runs[0];
    return run && { epoch: run.epoch, sequence: run.columns.sequenceAt(0) };
  }

  /** The lowest record of all; `undefined` where nothing waits. */
  get oldestRecord(): number | undefined {
    let oldest: number | undefined;
    for (const { columns } of this.#runs) {
      const record = columns.oldestRecord;
      if (record !== undefined && (oldest === undefined || record < oldest)) oldest = record;
    }
    return oldest;
  }

  /** Takes in a block whose position is not here yet. */
  insert(block: WaitingBlock): void {
    this.#runOf(block.epoch).insert(block);
    this.#count(block, 1);
  }

  has({ epoch, sequence }: BlockPosition): boolean {
    const run = this.#runs.find((each) => each.epoch === epoch);
    const place = run?.columns.placeOf(sequence) ?? 0;
    return run !== undefined && place < run.columns.length && run.columns.sequenceAt(place) === sequence;
  }

  hasAfter(after: BlockPosition | undefined): boolean {
    return this.next(after, 0).length > 0;
  }

  /** The blocks behind `after`, or from the oldest, whose bytes fit into `maxBytes`; the first one even where it does not. */
  next(after: BlockPosition | undefined, maxBytes: number): readonly WaitingBlock[] {
    const found: WaitingBlock[] = [];
    let budget = maxBytes;
    for (const { epoch, columns } of this.#runs) {
      if (after && epoch < after.epoch) continue;
      const from = after?.epoch === epoch ? columns.placeOf(after.sequence + 1) : 0;
      for (let place = from; place < columns.length; place++) {
        const block = columns.at(place);
        if (found.length > 0 && block.bytes > budget) return found;
        found.push({ epoch, ...block });
        budget -= block.bytes;
      }
    }
    return found;
  }

  /** Forgets the blocks from `first` up to and including `last`, and tells of each in order. */
  removeThrough(first: BlockPosition, last: BlockPosition, tell: (block: WaitingBlock) => void): void {
    for (const { epoch, columns } of this.#runs) {
      if (epoch < first.epoch || epoch > last.epoch) continue;
      const from = epoch === first.epoch ? columns.placeOf(first.sequence) : 0;
      const to = epoch === last.epoch ? columns.placeOf(last.sequence + 1) : columns.length;
      if (comparePositions(first, last) <= 0) this.#remove({ epoch, columns }, from, to, tell);
    }
    this.#dropEmptyRuns();
  }

  /** Forgets the blocks in the records from `first` to below `end`, and tells of each. */
  removeRecords(first: number, end: number, tell: (block: WaitingBlock) => void): void {
    for (const run of this.#runs) {
      const { columns } = run;
      for (let to = columns.length; to > 0; ) {
        const isIn = isWithin(columns.at(to - 1).record, first, end);
        let from = to - 1;
        while (from > 0 && isWithin(columns.at(from - 1).record, first, end) === isIn) from--;
        if (isIn) this.#remove(run, from, to, tell);
        to = from;
      }
    }
    this.#dropEmptyRuns();
  }

  /** Takes over everything from `other`, none of whose blocks is here. */
  takeAll(other: WaitingBlocks): void {
    for (const { epoch, columns } of other.#runs) {
      const own = this.#runs.find((run) => run.epoch === epoch);
      if (own) for (let place = 0; place < columns.length; place++) own.columns.insert(columns.at(place));
      else this.#insertRun({ epoch, columns });
    }
    this.#blocks += other.#blocks;
    this.#samples += other.#samples;
    this.#bytes += other.#bytes;
    other.#runs = [];
    other.#blocks = other.#samples = other.#bytes = 0;
  }

  #remove({ epoch, columns }: Run, from: number, to: number, tell: (block: WaitingBlock) => void): void {
    for (let place = from; place < to; place++) {
      const block = { epoch, ...columns.at(place) };
      this.#count(block, -1);
      tell(block);
    }
    if (to > from) columns.remove(from, to);
  }

  #count({ samples, bytes }: WaitingBlock, sign: 1 | -1): void {
    this.#blocks += sign;
    this.#samples += sign * samples;
    this.#bytes += sign * bytes;
  }

  #runOf(epoch: number): RunColumns {
    const last = this.#runs.at(-1);
    if (last?.epoch === epoch) return last.columns;
    const run = this.#runs.find((each) => each.epoch === epoch);
    return run?.columns ?? this.#insertRun({ epoch, columns: new RunColumns() });
  }

  #insertRun(run: Run): RunColumns {
    const at = this.#runs.findIndex(({ epoch }) => epoch > run.epoch);
    this.#runs.splice(at < 0 ? this.#runs.length : at, 0, run);
    return run.columns;
  }

  #dropEmptyRuns(): void {
    if (this.#runs.some(({ columns }) => columns.length === 0)) {
      this.#runs = this.#runs.filter(({ columns }) => columns.length > 0);
    }
  }
}

function isWithin(record: number, first: number, end: number): boolean {
  return record >= first && record < end;
}

/** The blocks of `waiting` that `records` hold, in order, up to the first that they do not; others lie between. */
export function blocksIn(records: readonly JournalRecord[], waiting: readonly WaitingBlock[]): SpooledBlock[] {
  const blocks: SpooledBlock[] = [];
  for (const { number, payload } of records) {
    const next = waiting[blocks.length];
    if (next === undefined || next.record < number) break;
    if (next.record === number) blocks.push({ epoch: next.epoch, sequence: next.sequence, bytes: payload });
  }
  return blocks;
}
