/** What crosses by each flow: how much, how fast, and when last. One look at an array for each sample. */

const SECONDS = 64;
const SHORT_S = 10;
const LONG_S = 60;
const MS_PER_S = 1_000;
const FIRST_TAGS = 1024;

/** Nobody has said yet of what flow the tag is. */
const UNASSIGNED = -1;

export interface FlowFigures {
  readonly samples: number;
  /** In the time of the caller; `undefined` where nothing has been seen. */
  readonly lastSeen: number | undefined;
  /** Samples per second over the last ten seconds, and over the last minute, the second that runs not counted. */
  readonly rate10s: number;
  readonly rate60s: number;
}

export class FlowObserver {
  readonly #flows: number;
  /** By tag; the last flow of all is that of tags that need none. */
  #flowOf = new Int32Array(FIRST_TAGS).fill(UNASSIGNED);
  readonly #total: Float64Array;
  readonly #lastSeen: Float64Array;
  /** By second, modulo `SECONDS`, and flow. */
  readonly #ring: Float64Array;
  readonly #counts: Uint32Array;
  /** The flows that the block at hand has samples of. */
  readonly #touched: Uint32Array;
  #second = 0;

  /** Flows are numbers below `flows`. */
  constructor(flows: number) {
    this.#flows = flows;
    this.#total = new Float64Array(flows);
    this.#lastSeen = new Float64Array(flows);
    this.#ring = new Float64Array(SECONDS * flows);
    this.#counts = new Uint32Array(flows + 1);
    this.#touched = new Uint32Array(flows + 1);
  }

  /** Says of what flow a tag is; `undefined` where its samples need none. */
  assign(tag: number, flow: number | undefined): void {
    if (tag >= this.#flowOf.length) {
      const longer = new Int32Array(Math.max(tag + 1, this.#flowOf.length * 2)).fill(UNASSIGNED);
      longer.set(this.#flowOf);
      this.#flowOf = longer;
    }
    this.#flowOf[tag] = flow ?? this.#flows;
  }

  /** Forgets of what flow each tag is. */
  forgetTags(): void {
    this.#flowOf.fill(UNASSIGNED);
  }

  /** Of what flow a tag is: a number below that of flows, which itself stands for none; or `UNASSIGNED`. */
  flowOf(tag: number): number {
    return tag < this.#flowOf.length ? this.#flowOf[tag] : UNASSIGNED;
  }

  /** Adds to `counts`, by flow, how often `tags` are of each; gives the tags that are not assigned, which are not counted. */
  count(tags: Uint32Array, counts: Uint32Array): ReadonlySet<number> {
    const flowOf = this.#flowOf;
    let strangers: Set<number> | undefined;
    for (let row = 0; row < tags.length; row++) {
      const tag = tags[row];
      const flow = tag < flowOf.length ? flowOf[tag] : UNASSIGNED;
      if (flow !== UNASSIGNED) counts[flow]++;
      else {
        strangers ??= new Set();
        strangers.add(tag);
      }
    }
    return strangers ?? NONE;
  }

  /** Counts samples of `tags`, seen at `at`; gives the tags that are not assigned, whose samples are not counted. */
  observe(tags: Uint32Array, at: number, elapsedMs: number): ReadonlySet<number> {
    this.#turnTo(Math.floor(elapsedMs / MS_PER_S));
    const flowOf = this.#flowOf;
    const counts = this.#counts;
    let touched = 0;
    let strangers: Set<number> | undefined;
    for (let row = 0; row < tags.length; row++) {
      const tag = tags[row];
      const flow = tag < flowOf.length ? flowOf[tag] : UNASSIGNED;
      if (flow !== UNASSIGNED) {
        if (counts[flow]++ === 0) this.#touched[touched++] = flow;
      } else {
        strangers ??= new Set();
        strangers.add(tag);
      }
    }
    this.#settle(touched, at);
    return strangers ?? NONE;
  }

  figures(flow: number, elapsedMs: number): FlowFigures {
    this.#turnTo(Math.floor(elapsedMs / MS_PER_S));
    const samples = this.#total[flow];
    const sumOf = (seconds: number) => {
      let sum = 0;
      for (let back = 1; back <= seconds; back++) sum += this.#ring[this.#slot(this.#second - back) + flow];
      return sum;
    };
    return {
      samples,
      lastSeen: samples === 0 ? undefined : this.#lastSeen[flow],
      rate10s: sumOf(SHORT_S) / SHORT_S,
      rate60s: sumOf(LONG_S) / LONG_S,
    };
  }

  #settle(touched: number, at: number): void {
    const slot = this.#slot(this.#second);
    for (let index = 0; index < touched; index++) {
      const flow = this.#touched[index];
      const count = this.#counts[flow];
      this.#counts[flow] = 0;
      if (flow === this.#flows) continue;
      this.#total[flow] += count;
      this.#lastSeen[flow] = at;
      this.#ring[slot + flow] += count;
    }
  }

  /** Empties the seconds that have begun since the last one. */
  #turnTo(second: number): void {
    for (let next = Math.max(this.#second + 1, second - SECONDS + 1); next <= second; next++) {
      const slot = this.#slot(next);
      this.#ring.fill(0, slot, slot + this.#flows);
    }
    this.#second = Math.max(this.#second, second);
  }

  #slot(second: number): number {
    return (((second % SECONDS) + SECONDS) % SECONDS) * this.#flows;
  }
}

const NONE: ReadonlySet<number> = new Set();
