/** What a tag is at given times, as expressions see it. */

import { ValueKind } from '@tidegate/core/block/sampleBlock.ts';
import { STATUS } from '@tidegate/core/sample/statusCode.ts';
import { blankRun, type SampleRun } from '../../archive/sampleRun.ts';

export interface TagColumnOptions {
  readonly stepped: boolean;
  /**
   * The value goes on across bad samples, as in OPC UA Part 13, 5.4.3.3: held or on a line, with UncertainDataSubNormal.
   * By default a tag is bad from a bad sample until the next usable one, so that an expression can ask whether it is.
   */
  readonly bridgeBad?: boolean;
  readonly treatUncertainAsBad?: boolean;
}

const UNCERTAIN = 0x40000000;
const BAD = 0x80000000;

/**
 * The value and the status of a tag at each of `times`, which ascend; `run` holds the samples around them.
 *
 * - At the time of a usable sample: that sample; of several of one time the last.
 * - Between two usable samples: a line, or where the tag is stepped or either is a string the value before. It is uncertain
 *   (UncertainDataSubNormal) where one of the two is.
 * - Behind the last sample: its value, and UncertainDataSubNormal. So is what is held towards a bad sample of a sloped tag.
 * - From a bad sample on (unless `bridgeBad`): no value, and its status. Before the first sample: BadNoData.
 */
export function tagColumn(run: SampleRun, times: Float64Array, options: TagColumnOptions): SampleRun {
  const column = blankRun(times.length, run.strings);
  column.times.set(times);
  const reader = new TagReader(run, options);
  for (let row = 0; row < times.length; row++) reader.read(times[row], column, row);
  return column;
}

/** Goes along a run once, as the times go on. */
class TagReader {
  readonly #run: SampleRun;
  readonly #options: TagColumnOptions;
  readonly #unusableFrom: number;
  /** The first row behind the time, the last row not behind it that counts, and the next that counts. */
  #next = 0;
  #before = -1;
  #after = 0;

  constructor(run: SampleRun, options: TagColumnOptions) {
    this.#run = run;
    this.#options = options;
    this.#unusableFrom = options.treatUncertainAsBad ? UNCERTAIN : BAD;
  }

  /** Writes what the tag is at `time` into a row. */
  read(time: number, into: SampleRun, row: number): void {
    const { times, statuses } = this.#run;
    const { stepped, bridgeBad } = this.#options;
    for (; this.#next < times.length && times[this.#next] <= time; this.#next++) {
      if (this.#isUsable(this.#next) || !bridgeBad) this.#before = this.#next;
    }
    const before = this.#before;
    if (before < 0 || !this.#isUsable(before)) {
      const status = before < 0 ? STATUS.BadNoData : statuses[before];
      into.statuses[row] = status >= UNCERTAIN ? status : STATUS.BadNoData;
      return;
    }
    into.kinds[row] = this.#run.kinds[before];
    into.values[row] = this.#run.values[before];
    into.statuses[row] = statuses[before];
    if (times[before] === time) return;
    const after = this.#usableAfter();
    const hasGap = after >= times.length || after > this.#next || this.#next - 1 > before;
    if (!stepped && after < times.length && this.#isNumber(before) && this.#isNumber(after)) {
      into.values[row] = this.#onLine(before, after, time);
      if (statuses[after] >= UNCERTAIN) into.statuses[row] = STATUS.UncertainDataSubNormal;
    }
    const isHeldInGood = stepped && this.#next < times.length && this.#next - 1 === before;
    if ((hasGap && !isHeldInGood) || statuses[before] >= UNCERTAIN) into.statuses[row] = STATUS.UncertainDataSubNormal;
  }

  /** The row at which a line from `#before` ends: the very next one, unless bad ones are bridged; else none. */
  #usableAfter(): number {
    const { times } = this.#run;
    this.#after = Math.max(this.#after, this.#next);
    while (this.#options.bridgeBad && this.#after < times.length && !this.#isUsable(this.#after)) this.#after++;
    return this.#after < times.length && this.#isUsable(this.#after) ? this.#after : times.length;
  }

  #isUsable(row: number): boolean {
    const { kinds, statuses, values } = this.#run;
    const isFiniteOrText = kinds[row] !== ValueKind.number || Number.isFinite(values[row]);
    return kinds[row] !== ValueKind.none && isFiniteOrText && statuses[row] < this.#unusableFrom;
  }

  #isNumber(row: number): boolean {
    return this.#run.kinds[row] === ValueKind.number;
  }

  #onLine(before: number, after: number, time: number): number {
    const { times, values } = this.#run;
    return (
      values[before] + ((values[after] - values[before]) / (times[after] - times[before])) * (time - times[before])
    );
  }
}
