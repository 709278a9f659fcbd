/** The functions of SQL over the live historian: names are found and times are read as the REST interface does. */

import { ValueKind } from '@tidegate/core/block/sampleBlock.ts';
import type { Clock } from '@tidegate/core/clock/clock.ts';
import { failure, success } from '@tidegate/core/fault/fault.ts';
import type { SampleRun } from '../../historian/archive/sampleRun.ts';
import type { RawPlace } from '../../historian/query/answer/rawAnswer.ts';
import type { HistorianReader, StoredTag } from '../../historian/query/historianReader.ts';
import type { HistoryQueries } from '../../historian/query/historyQueries.ts';
import { MAX_VALUES } from '../contract/historyQuestion.ts';
import { parseTimeSpan } from '../contract/timeExpression.ts';
import { askedAggregates } from '../rest/history/askedTags.ts';
import { boundariesOf, futureOf, planOf, type Range, rangeOf } from '../rest/history/moments.ts';
import { answer, type Outcome, refusal } from '../rest/outcome.ts';
import { lookUpTag } from '../rest/tagLookup.ts';
import type { HistoryAnswer, HistoryFunctions } from './historyFunctions.ts';

/** What the functions ask. */
export interface AskedHistorian extends HistorianReader {
  readonly queries: Pick<HistoryQueries, 'raw' | 'at' | 'processed'>;
}

interface Asked {
  readonly tag: StoredTag;
  readonly range: Range;
}

/** As the times of the tables. */
const TIME_ZONE = 'UTC';
/** The engine holds them in memory, 34 bytes for each. */
const MAX_RAW_SAMPLES = 5_000_000;
/** So many are read at a time. A scan begins with a copy of what of the tag is in memory: small pages would cost more than they spare. */
const PAGE_SAMPLES = 1_000_000;

export class HistoryDoor implements HistoryFunctions {
  readonly #historian: AskedHistorian;
  readonly #clock: Clock;

  constructor(historian: AskedHistorian, clock: Clock) {
    this.#historian = historian;
    this.#clock = clock;
  }

  async *raw(tag: string, start: string, end: string, signal: AbortSignal): HistoryAnswer {
    const asked = this.#asked(tag, start, end);
    if (!asked.ok) return void (yield asked);
    const { tag: found, range } = asked.value;
    const request = { ...range, limit: PAGE_SAMPLES, returnBounds: false };
    let behind: RawPlace | undefined;
    let samples = 0;
    do {
      const page = await this.#historian.queries.raw({ tag: found, request, behind });
      if (!page.ok) return void (yield page);
      samples += page.value.samples.times.length;
      if (samples > MAX_RAW_SAMPLES) {
        const detail = `raw: ${found.path} has more than ${MAX_RAW_SAMPLES} samples there; \`history\` has no such limit.`;
        return void (yield failure('history.too-much', detail));
      }
      yield success([{ tag: found, run: page.value.samples }]);
      behind = page.value.next;
    } while (behind && !signal.aborted);
  }

  async *interpolated(tag: string, start: string, end: string, interval: string): HistoryAnswer {
    const asked = this.#asked(tag, start, end);
    if (!asked.ok) return void (yield asked);
    const span = spanText(interval);
    if (!span.ok) return void (yield span);
    const boundaries = boundariesOf(asked.value.range, span.value, TIME_ZONE);
    if (!boundaries.ok) return void (yield boundaries);
    const times = boundaries.value.subarray(0, -1);
    const read = await this.#historian.queries.at({ tag: asked.value.tag, times });
    yield read.ok ? success([{ tag: asked.value.tag, run: read.value.values }]) : read;
  }

  async *aggregate(tag: string, aggregate: string, start: string, end: string, interval: string): HistoryAnswer {
    const aggregates = askedAggregates([aggregate]);
    if (!aggregates.ok) return void (yield aggregates);
    if (aggregates.value.length !== 1) {
      return void (yield failure('sql.argument', 'aggregate: it takes one aggregate at a time.'));
    }
    const asked = this.#asked(tag, start, end, true);
    if (!asked.ok) return void (yield asked);
    const span = spanText(interval);
    if (!span.ok) return void (yield span);
    const plan = planOf(asked.value.range, span.value, TIME_ZONE, MAX_VALUES);
    if (!plan.ok) return void (yield plan);
    const question = { tag: asked.value.tag, aggregates: aggregates.value, plan: plan.value };
    const read = await this.#historian.queries.processed(question);
    yield read.ok ? success([{ tag: asked.value.tag, run: read.value[0].results }]) : read;
  }

  async *latest(pattern: string): HistoryAnswer {
    const tags = this.#matching(pattern);
    if (!tags.ok) return void (yield tags);
    const { tags: indexes, ...columns } = this.#historian.latestColumns(tags.value.map(({ index }) => index));
    const byIndex = new Map(tags.value.map((tag) => [tag.index, tag]));
    yield success(Array.from(indexes, (index, row) => ({ tag: byIndex.get(index)!, run: rowOf(columns, row) })));
  }

  #asked(tag: string, start: string, end: string, isEitherWay = false): Outcome<Asked> {
    const found = lookUpTag(this.#historian, tag);
    if (!found.ok) return found;
    const now = this.#clock.now();
    const range = rangeOf({ start, end, timeZone: TIME_ZONE }, now, isEitherWay);
    if (!range.ok) return range;
    const future = futureOf(this.#historian, [found.value], range.value, now);
    return future.ok ? answer({ tag: found.value, range: range.value }) : future;
  }

  /** `*` stands for any characters of a path; a name without one is that of a single tag. */
  #matching(pattern: string): Outcome<readonly StoredTag[]> {
    if (!pattern.includes('*')) {
      const tag = lookUpTag(this.#historian, pattern);
      return tag.ok ? answer([tag.value]) : tag;
    }
    const parts = pattern.split('*').map((part) => RegExp.escape(part));
    const whole = new RegExp(`^${parts.join('.*')}$`, 's');
    return answer(this.#historian.tags().filter(({ path }) => whole.test(path)));
  }
}

/** An SQL interval comes in milliseconds, of which a time span takes nine digits: long ones are whole seconds. */
function spanText(interval: string): Outcome<string> {
  const text = interval.replace(/^(\d{7,})000ms$/, '$1s');
  if (parseTimeSpan(text)) return answer(text);
  const detail = `The interval "${interval}" is no length of time above 0, such as '90s', '15min', '1h', '1d' or '1mo'.`;
  return refusal('sql.argument', detail);
}

function rowOf({ times, values, kinds, statuses, strings }: SampleRun, row: number): SampleRun {
  const isText = kinds[row] === ValueKind.string;
  return {
    times: times.subarray(row, row + 1),
    values: isText ? Float64Array.of(0) : values.subarray(row, row + 1),
    kinds: kinds.subarray(row, row + 1),
    statuses: statuses.subarray(row, row + 1),
    strings: isText ? [strings[values[row]]] : [],
  };
}
