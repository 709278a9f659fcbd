/** Samples as they were stored: ReadRaw of OPC 10000-11, 6.5.3.2. */

import { type Result, success } from '@tidegate/core/fault/fault.ts';
import { EMPTY_RUN, type SampleRun, sliceRun } from '../../archive/sampleRun.ts';
import type { TagIndex } from '../../ingest/storedTag.ts';
import { type RawPage, rawPage } from '../bounds/rawPage.ts';
import { type RawRange, type RawRequest, rawRange } from '../bounds/rawRange.ts';
import { RunBuilder } from '../runBuilder.ts';
import { convertRun } from './convertRun.ts';
import { type QuerySources, type Question, wayOf } from './question.ts';
import { samplesAround } from './samplesAround.ts';

/** Where the page before ended: the time of its last sample, and how many samples of that time had been given. */
export interface RawPlace {
  readonly time: number;
  readonly given: number;
}

export interface RawQuestion extends Question {
  readonly request: Omit<RawRequest, 'continuesBehind'>;
  readonly behind?: RawPlace | undefined;
}

export interface RawAnswer {
  /** In the order of the request. */
  readonly samples: SampleRun;
  /** Where the next page goes on; `undefined` where there is none. A page that a filter has emptied can have one. */
  readonly next: RawPlace | undefined;
}

/** Faults: `request.invalid` as `rawRange`, and those of units and filters. */
export async function rawAnswer(sources: QuerySources, question: RawQuestion): Promise<Result<RawAnswer>> {
  const way = await wayOf(sources, question);
  if (!way.ok) return way;
  const range = rawRange(continued(question));
  if (!range.ok) return range;
  const given = question.behind?.given ?? 0;
  const { samples, hasMore } = withoutGiven(await readPage(sources, question, range.value), given);
  const next = hasMore ? placeBehind(samples, question.behind) : undefined;
  const { filter, converter } = way.value;
  const kept = filter ? await filterInOrder(samples, range.value.isReversed, filter) : samples;
  return success({ samples: converter ? convertRun(kept, converter) : kept, next });
}

/** Samples of the time at which the page before ended are read again, because some of them may not have been given. */
function continued({ request, behind }: RawQuestion): RawRequest {
  if (!behind) return request;
  const isReversed = request.start === undefined || (request.end !== undefined && request.end < request.start);
  const limit = request.limit === 0 ? 0 : request.limit + behind.given;
  return { ...request, limit, continuesBehind: isReversed ? behind.time + 1 : behind.time - 1 };
}

async function readPage(sources: QuerySources, { tag, knownAt }: Question, range: RawRange): Promise<RawPage> {
  const { low, high, atMost, isReversed, wantsBefore, wantsAfter } = range;
  const runs = new RunBuilder(atMost, isReversed ? 'newest' : 'oldest');
  if (low <= high) {
    const direction = isReversed ? 'backward' : 'forward';
    for await (const run of sources.history.scan(tag.index, { start: low, end: high + 1, knownAt }, direction)) {
      if ('times' in run) runs.add(run);
      if (runs.isFull) break;
    }
  }
  const before = wantsBefore ? await neighbour(sources, tag.index, low, 'before', knownAt) : EMPTY_RUN;
  const after = wantsAfter ? await neighbour(sources, tag.index, high, 'after', knownAt) : EMPTY_RUN;
  return rawPage(range, { inside: runs.build(), before, after });
}

/** The last sample before a moment, or the first one behind it, whatever it is; an empty run where there is none. */
async function neighbour(
  { history }: QuerySources,
  tag: TagIndex,
  moment: number,
  side: 'before' | 'after',
  knownAt: number | undefined,
): Promise<SampleRun> {
  const range = {
    earliest: moment,
    latest: moment,
    usableBefore: 0,
    usableAfter: 0,
    treatUncertainAsBad: false,
  } as const;
  let found = EMPTY_RUN;
  for await (const run of samplesAround(history, tag, { ...range, knownAt })) {
    if (!('times' in run)) continue;
    for (let row = 0; row < run.times.length; row++) {
      if (side === 'before' && run.times[row] < moment) found = sliceRun(run, row, row + 1);
      if (side === 'after' && run.times[row] > moment) return sliceRun(run, row, row + 1);
    }
    if (side === 'before' && run.times[run.times.length - 1] >= moment) break;
  }
  return found;
}

function withoutGiven({ samples, hasMore }: RawPage, given: number): RawPage {
  return { samples: sliceRun(samples, Math.min(given, samples.times.length), samples.times.length), hasMore };
}

function placeBehind({ times }: SampleRun, behind: RawPlace | undefined): RawPlace | undefined {
  if (times.length === 0) return undefined;
  const time = times[times.length - 1];
  let given = time === behind?.time ? behind.given : 0;
  for (let row = times.length - 1; row >= 0 && times[row] === time; row--) given++;
  return { time, given };
}

/** Filters take samples in order of time. */
async function filterInOrder(
  samples: SampleRun,
  isReversed: boolean,
  filter: (run: SampleRun) => Promise<SampleRun>,
): Promise<SampleRun> {
  return isReversed ? reversed(await filter(reversed(samples))) : filter(samples);
}

function reversed({ times, values, kinds, statuses, strings }: SampleRun): SampleRun {
  return {
    times: times.toReversed(),
    values: values.toReversed(),
    kinds: kinds.toReversed(),
    statuses: statuses.toReversed(),
    strings,
  };
}
