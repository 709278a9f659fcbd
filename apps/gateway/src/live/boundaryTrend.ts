/** How the boundary has been doing: since when each lane is connected or cut, and how fast the spool is written to. */

import type { Clock } from '@tidegate/core/clock/clock.ts';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import type { LiveSpool } from '@tidegate/core/port/liveView.ts';
import { LANES, type PerLane, perLane } from '@tidegate/core/sample/lane.ts';
import type { DurableListener } from '@tidegate/edge/spool/durableBlock.ts';

interface Written {
  readonly elapsedMs: number;
  readonly bytes: number;
}

interface Link {
  connected: boolean;
  since: Timestamp;
}

/** The rate is an average over so many looks, one a second. */
const LOOKS = 60;
/** Over less time than this there is no rate to speak of. */
const MIN_SPAN_MS = 3_000;
const MS_PER_S = 1_000;

export class BoundaryTrend {
  readonly startedAt: Timestamp;
  readonly #clock: Clock;
  readonly #links: PerLane<Link>;
  readonly #looks: Written[] = [];
  #writtenBytes = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.startedAt = clock.now();
    this.#links = perLane(() => ({ connected: false, since: this.startedAt }));
  }

  /** What the spools tell of their blocks. */
  readonly listener: DurableListener = (_block, bytes) => {
    this.#writtenBytes += bytes.length;
  };

  /** To be called once a second. */
  look(connected: PerLane<boolean>): void {
    for (const lane of LANES) {
      const link = this.#links[lane];
      if (link.connected === connected[lane]) continue;
      link.connected = connected[lane];
      link.since = this.#clock.now();
    }
    this.#looks.push({ elapsedMs: this.#clock.elapsedMs(), bytes: this.#writtenBytes });
    if (this.#looks.length > LOOKS) this.#looks.shift();
  }

  get links(): PerLane<Readonly<Link>> {
    return this.#links;
  }

  /** `usedBytes` are on disk, of all lanes. */
  spool(usedBytes: number, maxBytes: number): LiveSpool {
    const bytesPerSecond = this.#rate();
    if (!bytesPerSecond) return { usedBytes, maxBytes, ...(bytesPerSecond === 0 && { bytesPerSecond }) };
    const lastsSeconds = Math.max(0, maxBytes - usedBytes) / bytesPerSecond;
    return { usedBytes, maxBytes, bytesPerSecond, lastsSeconds };
  }

  #rate(): number | undefined {
    const [first] = this.#looks;
    const last = this.#looks.at(-1);
    if (!first || !last || last.elapsedMs - first.elapsedMs < MIN_SPAN_MS) return undefined;
    return ((last.bytes - first.bytes) * MS_PER_S) / (last.elapsedMs - first.elapsedMs);
  }
}
