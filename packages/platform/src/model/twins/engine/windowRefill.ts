/** Fills time windows from history: at the start, and where a sample came late. */

import type { Clock } from '@tidegate/core/clock/clock.ts';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import type { SampleRun } from '../../../historian/archive/sampleRun.ts';
import { isUncertain, usableNumber } from '../../../historian/query/expression/windowColumn.ts';
import { WindowSegments } from '../../../historian/query/expression/windowSegments.ts';
import type { HistorianReader, TagIndex } from '../../../historian/query/historianReader.ts';
import type { CellWindow } from './engineState.ts';

/** A window is filled from at most so many samples, the newest. */
const MAX_WINDOW_SAMPLES = 100_000;

/** The tag that a cell holds, and how its values become those of the cell. */
export interface CellTag {
  readonly tag: TagIndex;
  readonly scale: number;
  readonly offset: number;
}

export class WindowRefill {
  readonly #feed: Pick<HistorianReader, 'raw'>;
  readonly #clock: Clock;
  readonly #waiting = new Set<CellWindow>();
  #isRunning = false;

  constructor(feed: Pick<HistorianReader, 'raw'>, clock: Clock) {
    this.#feed = feed;
    this.#clock = clock;
  }

  add(window: CellWindow): void {
    this.#waiting.add(window);
  }

  clear(): void {
    this.#waiting.clear();
  }

  /**
   * Reads what is waited for, one after the other. A window over what is no tag fills as time goes on. Where samples have come
   * meanwhile that history did not give yet, the window waits for the next run. Rejects where history cannot be read.
   */
  async run(tagOf: (cell: number) => CellTag | undefined, onFilled: (cell: number) => void): Promise<void> {
    if (this.#isRunning) return;
    this.#isRunning = true;
    try {
      const windows = [...this.#waiting];
      for (const window of windows) {
        const tag = tagOf(window.cell);
        const filled = tag && (await this.#read(window, tag));
        if (!this.#waiting.delete(window) || !filled) continue;
        if (filled.lastTime < window.segments.lastTime) this.#waiting.add(window);
        else {
          window.segments.adopt(filled);
          onFilled(window.cell);
        }
      }
    } finally {
      this.#isRunning = false;
    }
  }

  async #read({ widthUs }: CellWindow, { tag, scale, offset }: CellTag): Promise<WindowSegments> {
    const now = this.#clock.now();
    const start = (now - widthUs) as Timestamp;
    const segments = new WindowSegments(widthUs);
    const add = ({ times, kinds, values, statuses }: SampleRun) => {
      for (let row = 0; row < times.length; row++) {
        const value = usableNumber(kinds[row], values[row], statuses[row]);
        segments.add(times[row], value * scale + offset, isUncertain(statuses[row]));
      }
    };
    add(await this.#feed.raw(tag, Number.NEGATIVE_INFINITY as Timestamp, start, 1, 'newest'));
    add(await this.#feed.raw(tag, start, Number.POSITIVE_INFINITY as Timestamp, MAX_WINDOW_SAMPLES, 'newest'));
    return segments;
  }
}
