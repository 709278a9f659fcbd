/** The attributes of one asset as they change: the connection, and the latest value of each. */

import type { LiveSamples } from '@tidegate/platform/northbound/contract/live.ts';
import type { LiveAttributes as AttributeTable } from '@tidegate/platform/northbound/contract/twin.ts';
import type { LatestSample } from '../live/latestValues.ts';
import type { EventStream } from '../live/liveStream.ts';

/** Values that change more often than this cannot be read. */
const TELL_EVERY_MS = 250;

export type LiveReadings = ReadonlyMap<string, LatestSample>;

/** Numbers mean attributes only together with the table that came before them: each table begins anew. */
export class LiveAttributes {
  readonly #tell: (readings: LiveReadings) => void;
  readonly #after: (ms: number, tell: () => void) => void;
  #paths = new Map<number, string>();
  #readings = new Map<string, LatestSample>();
  #isTelling = false;

  /** `tell` gets another map each time, by path. */
  constructor(
    tell: (readings: LiveReadings) => void,
    after = (ms: number, run: () => void) => void setTimeout(run, ms),
  ) {
    this.#tell = tell;
    this.#after = after;
  }

  /** Takes what `source` says from now on. */
  listen(source: EventStream): void {
    source.addEventListener('attributes', ({ data }) => this.#begin(JSON.parse(data) as AttributeTable));
    source.addEventListener('samples', ({ data }) => this.#take(JSON.parse(data) as LiveSamples));
  }

  #begin({ numbers, paths }: AttributeTable): void {
    this.#paths = new Map(numbers.map((number, row) => [number, paths[row]]));
    this.#readings.clear();
    this.#tellSoon();
  }

  #take({ tags, times, values, statuses }: LiveSamples): void {
    for (const [row, tag] of tags.entries()) {
      const path = this.#paths.get(tag);
      if (path !== undefined) this.#readings.set(path, { time: times[row], value: values[row], status: statuses[row] });
    }
    this.#tellSoon();
  }

  #tellSoon(): void {
    if (this.#isTelling) return;
    this.#isTelling = true;
    this.#after(TELL_EVERY_MS, () => {
      this.#isTelling = false;
      this.#tell(new Map(this.#readings));
    });
  }
}
