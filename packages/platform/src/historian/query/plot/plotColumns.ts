/** The columns that a plot fills, with a table of strings of their own. */

import { ValueKind } from '@tidegate/core/block/sampleBlock.ts';
import { blankRun, type SampleRun, sliceRun } from '../../archive/sampleRun.ts';
import type { PlotPoint } from './plotPoint.ts';

export class PlotColumns {
  readonly #run: SampleRun;
  readonly #strings: string[] = [];
  readonly #indexOfString = new Map<string, number>();
  #count = 0;

  /** Room for `capacity` samples. */
  constructor(capacity: number) {
    this.#run = blankRun(capacity, this.#strings);
  }

  add(point: PlotPoint): void {
    const at = this.#count++;
    this.#run.times[at] = point.time;
    this.#run.values[at] = point.kind === ValueKind.string ? this.#indexOf(point.strings[point.value]) : point.value;
    this.#run.kinds[at] = point.kind;
    this.#run.statuses[at] = point.status;
  }

  /**
   * Adds the first point, those of a few others that are set and equal none before them nor an end, and the last point; one
   * alone where there is only one. The ends stay at their places, because lines come in and go out there.
   */
  addDistinct(first: PlotPoint, inner: readonly PlotPoint[], last: PlotPoint): void {
    this.add(first);
    const start = this.#count;
    for (let at = 0; at < inner.length; at++) {
      const point = inner[at];
      let isNew = point.isSet && !first.equals(point) && !last.equals(point);
      for (let before = 0; isNew && before < at; before++) {
        isNew = !(inner[before].isSet && inner[before].equals(point));
      }
      if (isNew) this.add(point);
    }
    if (this.#count > start || !last.equals(first)) this.add(last);
  }

  /** What has been added, in that order. */
  toRun(): SampleRun {
    return sliceRun(this.#run, 0, this.#count);
  }

  #indexOf(text: string): number {
    let index = this.#indexOfString.get(text);
    if (index === undefined) {
      index = this.#strings.push(text) - 1;
      this.#indexOfString.set(text, index);
    }
    return index;
  }
}
