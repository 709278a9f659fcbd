/** Hands the samples of a tag to what calculates from them, as they come or in another unit, all of them or some. */

import type { RunSummary } from '../../archive/runSummary.ts';
import type { SampleRun } from '../../archive/sampleRun.ts';
import type { TagIndex } from '../../ingest/storedTag.ts';
import { Quality, qualityOf } from '../aggregate/samplePoint.ts';
import type { History } from '../history.ts';
import type { UnitConverter } from '../unit/unitConverter.ts';
import { convertRun, convertSummary } from './convertRun.ts';
import { type AroundRange, samplesAround } from './samplesAround.ts';

/** Takes samples in order of time. */
export interface SampleConsumer {
  /** Keeps nothing of the run, whose memory is used again. */
  push(run: SampleRun): void;
  /** Whether it takes a summary in place of samples; see `HistoryRange.wantsWhole`. Without it, it takes none. */
  wantsWhole?(firstTime: number, lastTime: number, statusBits: number): boolean;
  /** False where it needs the samples after all. */
  pushSummary?(summary: RunSummary): unknown;
  /** Whether it takes summaries of which most is found only when it asks for it; see `HistoryRange.inBlocks`. */
  readonly inBlocks?: boolean;
}

/** What happens to samples on their way. */
export interface SampleWay {
  readonly converter?: UnitConverter | undefined;
  /** Leaves out samples. */
  readonly filter?: ((run: SampleRun) => Promise<SampleRun>) | undefined;
}

/**
 * Hands every consumer the samples that `range` names. Returns the time of the last usable sample that was read: up to there
 * no value can change any more by what follows. `-Infinity` where there was none.
 */
export async function feed(
  history: Pick<History, 'scan'>,
  tag: TagIndex,
  range: Omit<AroundRange, 'wantsWhole' | 'inBlocks' | 'take'>,
  consumers: readonly SampleConsumer[],
  { converter, filter }: SampleWay = {},
): Promise<number> {
  let lastUsable = Number.NEGATIVE_INFINITY;
  let lastSummary: RunSummary | undefined;
  const prepare = async (run: SampleRun) => {
    const kept = filter ? await filter(run) : run;
    return converter ? convertRun(kept, converter) : kept;
  };
  const takesSummaries = !filter && consumers.every((consumer) => consumer.wantsWhole);
  const wantsWhole = takesSummaries
    ? (first: number, last: number, bits: number) => consumers.every((one) => one.wantsWhole?.(first, last, bits))
    : undefined;
  const inBlocks = !converter && consumers.every((consumer) => consumer.inBlocks);
  const push = (run: SampleRun, prepared: SampleRun) => {
    for (const consumer of consumers) consumer.push(prepared);
    const time = lastUsableTime(run, range.treatUncertainAsBad);
    if (time > lastUsable) [lastUsable, lastSummary] = [time, undefined];
  };
  const [first, ...others] = consumers;
  const take = (part: SampleRun | RunSummary) => {
    if ('times' in part) push(part, converter ? convertRun(part, converter) : part);
    else {
      // Of several consumers some may refuse it.
      if (others.length > 0) return false;
      if (first.pushSummary?.(converter ? convertSummary(part, converter) : part) === false) return false;
      lastSummary = part;
    }
    return true;
  };
  for await (const batch of samplesAround(history, tag, {
    ...range,
    wantsWhole,
    inBlocks,
    take: filter ? undefined : take,
  })) {
    if ('times' in batch) {
      push(batch, filter || converter ? await prepare(batch) : batch);
      continue;
    }
    for (const summary of batch) {
      const given = converter ? convertSummary(summary, converter) : summary;
      const refusing = consumers.filter((consumer) => consumer.pushSummary?.(given) === false);
      lastSummary = summary;
      if (refusing.length === 0) continue;
      const whole = { start: summary.firstTime, end: summary.lastTime + 1, knownAt: range.knownAt };
      for await (const run of history.scan(tag, whole)) {
        if (!('times' in run)) continue;
        const prepared = await prepare(run);
        for (const consumer of refusing) consumer.push(prepared);
      }
    }
  }
  return lastSummary?.lastTime ?? lastUsable;
}

function lastUsableTime(run: SampleRun, treatUncertainAsBad: boolean): number {
  let row = run.times.length - 1;
  while (row >= 0 && qualityOf(run, row, treatUncertainAsBad) === Quality.bad) row--;
  return row < 0 ? Number.NEGATIVE_INFINITY : run.times[row];
}
