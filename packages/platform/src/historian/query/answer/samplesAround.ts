/** The samples of a range together with those outside that a calculation needs, however far away they lie. */

import { US_PER_S } from '@tidegate/core/clock/timestamp.ts';
import type { RunSummary } from '../../archive/runSummary.ts';
import { copyRun, lowerBound, type SampleRun, sliceRun, upperBound } from '../../archive/sampleRun.ts';
import type { TakePart } from '../../archive/scan/segmentSource.ts';
import type { TagIndex } from '../../ingest/storedTag.ts';
import type { NeededSamples } from '../aggregate/neededSamples.ts';
import { Quality, qualityOf } from '../aggregate/samplePoint.ts';
import type { History, HistoryRange } from '../history.ts';

export interface AroundRange extends NeededSamples, Pick<HistoryRange, 'knownAt' | 'wantsWhole' | 'inBlocks'> {
  readonly treatUncertainAsBad: boolean;
  /** Takes most of the samples in their turn, in memory that is used again; they are not among the batches then. */
  readonly take?: TakePart | undefined;
}

/** What a scan gives; see `History.scan`. */
export type SampleBatch = SampleRun | readonly RunSummary[];

/**
 * So far around a range its scan reaches: most tags have a sample there, and what lies in the chunks at its ends costs nothing
 * more. Where it has none, wider and wider stretches are searched, so that no more chunks are read than there must be.
 */
const NEAR_US = 60 * US_PER_S;
const WIDER = 24;
/** Wider than any archive. */
const WIDEST_US = 2 ** 52;

/**
 * Batches in order of time: what `range` asks for before `earliest`, all from there to `latest`, and what it asks for behind.
 * Of stretches before the range that hold nothing usable only the ends are given. Whoever has enough stops.
 */
export async function* samplesAround(
  history: Pick<History, 'scan'>,
  tag: TagIndex,
  range: AroundRange,
): AsyncGenerator<SampleBatch, void, undefined> {
  const { earliest, latest, knownAt, wantsWhole, inBlocks } = range;
  const nearUs = range.insideOnly ? 0 : NEAR_US;
  const [start, end] = [earliest - nearUs, latest + 1 + nearUs];
  const lead: SampleRun[] = [];
  let isLeading = !range.insideOnly;
  let isEnough = range.insideOnly === true;
  const isInside = wantsWhole
    ? (first: number, last: number, bits: number) =>
        first >= earliest && last <= latest && wantsWhole(first, last, bits)
    : undefined;
  const { take } = range;
  const takeInside = take
    ? (part: SampleRun | RunSummary) => {
        if (isLeading || !take(part)) return false;
        if ('times' in part) isEnough ||= reachesBeyond(part, range);
        return true;
      }
    : undefined;
  const near = { start, end, knownAt, wantsWhole: isInside, inBlocks, take: takeInside };
  for await (const batch of history.scan(tag, near)) {
    if (isLeading) {
      const leading = 'times' in batch ? lowerBound(batch.times, earliest) : 0;
      if ('times' in batch && leading > 0) lead.push(copyRun(sliceRun(batch, 0, leading)));
      if ('times' in batch && leading === batch.times.length) continue;
      yield* leadIn(history, tag, range, lead);
      isLeading = false;
      yield 'times' in batch ? sliceRun(batch, leading, batch.times.length) : batch;
    } else yield batch;
    if ('times' in batch) isEnough ||= reachesBeyond(batch, range);
  }
  if (isLeading) yield* leadIn(history, tag, range, lead);
  if (!isEnough) yield* samplesBehind(history, tag, range, end);
}

/** What is needed before the range: of what lies near as much as there is, and what is missing from farther away. */
async function* leadIn(
  history: Pick<History, 'scan'>,
  tag: TagIndex,
  range: AroundRange,
  near: readonly SampleRun[],
): AsyncGenerator<SampleRun, void, undefined> {
  const wanted = Math.max(1, range.usableBefore);
  let found = near.reduce((sum, run) => sum + fitting(run, range, wanted), 0);
  const far: SampleRun[] = [];
  let end = range.earliest - NEAR_US;
  for (let widthUs = NEAR_US * WIDER; found < wanted && end > -WIDEST_US; widthUs *= WIDER) {
    const start = Math.max(-WIDEST_US, end - widthUs);
    for await (const run of history.scan(tag, { start, end, knownAt: range.knownAt }, 'backward')) {
      if (!('times' in run)) continue;
      const more = fitting(run, range, wanted - found);
      far.push(more === 0 ? endsOf(run) : run);
      found += more;
      if (found >= wanted) break;
    }
    end = start;
  }
  for (const run of far.reverse()) yield run;
  yield* near;
}

async function* samplesBehind(
  history: Pick<History, 'scan'>,
  tag: TagIndex,
  range: AroundRange,
  from: number,
): AsyncGenerator<SampleRun, void, undefined> {
  let start = from;
  for (let widthUs = NEAR_US * WIDER; start < WIDEST_US; widthUs *= WIDER) {
    const end = Math.min(WIDEST_US, start + widthUs);
    for await (const run of history.scan(tag, { start, end, knownAt: range.knownAt })) {
      if (!('times' in run)) continue;
      yield run;
      if (reachesBeyond(run, range)) return;
    }
    start = end;
  }
}

/** How many samples of the run, up to `most`, are such as are needed before the range. */
function fitting(run: SampleRun, { usableBefore, treatUncertainAsBad }: AroundRange, most: number): number {
  if (usableBefore === 0) return Math.min(most, run.times.length);
  let count = 0;
  for (let row = run.times.length - 1; row >= 0 && count < most; row--) {
    if (qualityOf(run, row, treatUncertainAsBad) !== Quality.bad) count++;
  }
  return count;
}

/** Whether the run holds what is needed behind the range. */
function reachesBeyond(run: SampleRun, { latest, usableAfter, treatUncertainAsBad }: AroundRange): boolean {
  let row = upperBound(run.times, latest);
  if (usableAfter === 0) return row < run.times.length;
  while (row < run.times.length && qualityOf(run, row, treatUncertainAsBad) === Quality.bad) row++;
  return row < run.times.length;
}

/** The first and the last sample: between them nothing is usable, and no calculation asks what it was. */
function endsOf(run: SampleRun): SampleRun {
  const last = run.times.length - 1;
  if (last < 2) return run;
  return {
    times: Float64Array.of(run.times[0], run.times[last]),
    values: Float64Array.of(run.values[0], run.values[last]),
    kinds: Uint8Array.of(run.kinds[0], run.kinds[last]),
    statuses: Uint32Array.of(run.statuses[0], run.statuses[last]),
    strings: run.strings,
  };
}
