/** The tags chosen for the trend with their samples: history is loaded, live samples are added to it. */

import type { Tag } from '@tidegate/platform/northbound/contract/tag.ts';
import type { LiveRows } from '../live/latestValues.ts';
import { type History, plainValue, type ReadSeries, readHistory } from './history.ts';
import { SampleSeries } from './sampleSeries.ts';

export const MAX_TRACES = 8;

type TraceState = { readonly kind: 'loading' | 'ready' } | { readonly kind: 'failed'; readonly reason: string };

export interface Trace {
  readonly tag: Tag;
  /** Place in the palette, from 0: kept as long as the tag is chosen. */
  readonly colour: number;
  readonly state: TraceState;
  readonly history: History;
  /** Every sample of a stretch that was zoomed into, where `history` is coarse. */
  readonly detail: History | undefined;
}

interface LiveTrace extends Trace {
  state: TraceState;
  history: History;
  detail: History | undefined;
  loading: AbortController;
  detailing: AbortController;
}

const NOTHING_LOADED: History = { series: new SampleSeries(1), startMs: 0, endMs: 0, coarseMs: undefined };
/** A line should enter the window from outside it. */
const MARGIN = 0.02;
/** A browser that cannot keep up is not given more to do at once. */
const RELOAD_AFTER_MS = 10_000;

export class Traces {
  readonly #read: ReadSeries;
  readonly #nowMs: () => number;
  readonly #traces = new Map<number, LiveTrace>();
  /** Live samples that arrive while the history of their tag is still on its way. */
  readonly #early = new Map<number, LiveRows[]>();
  readonly #listeners = new Set<() => void>();
  #windowMs: number;
  #reloadTimer: ReturnType<typeof setTimeout> | undefined;
  #list: readonly Trace[] = [];

  constructor(read: ReadSeries, windowMs: number, nowMs: () => number) {
    this.#read = read;
    this.#windowMs = windowMs;
    this.#nowMs = nowMs;
  }

  /** In the order in which they were chosen; another array whenever anything but samples has changed. */
  get list(): readonly Trace[] {
    return this.#list;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Makes `tags` the chosen ones: new ones are loaded, absent ones forgotten. */
  choose(tags: readonly Tag[]): void {
    for (const [index, trace] of this.#traces) {
      if (tags.some((tag) => tag.index === index)) continue;
      trace.loading.abort();
      trace.detailing.abort();
      this.#traces.delete(index);
      this.#early.delete(index);
    }
    for (const tag of tags.slice(0, MAX_TRACES)) {
      if (!this.#traces.has(tag.index)) this.#add(tag);
    }
    this.#changed();
  }

  /** Loads the history of another window; the lines there are stay until it has come. */
  setWindow(windowMs: number): void {
    if (windowMs === this.#windowMs) return;
    this.#windowMs = windowMs;
    this.reload();
  }

  /** Loads everything again, as after a loss of the connection, in which live samples were missed. */
  reload(): void {
    for (const trace of this.#traces.values()) void this.#load(trace);
    this.#changed();
  }

  /** Asks for every sample of a stretch, where only a coarse history is held. */
  zoomTo(startMs: number, endMs: number): void {
    for (const trace of this.#traces.values()) {
      trace.detailing.abort();
      if (trace.history.coarseMs !== undefined) void this.#loadDetail(trace, startMs, endMs);
    }
  }

  /** Takes rows that are not all there were: the history has the others, which is loaded again before long. */
  takeSome(rows: LiveRows): void {
    this.take(rows);
    this.#reloadTimer ??= setTimeout(() => {
      this.#reloadTimer = undefined;
      this.reload();
    }, RELOAD_AFTER_MS);
  }

  take(rows: LiveRows): void {
    if (this.#traces.size === 0) return;
    for (const early of this.#early.values()) early.push(rows);
    for (let row = 0; row < rows.tags.length; row++) {
      const trace = this.#traces.get(rows.tags[row]);
      if (trace && trace.history !== NOTHING_LOADED) addLive(trace, rows, row);
    }
  }

  #add(tag: Tag): void {
    const taken = new Set([...this.#traces.values()].map((trace) => trace.colour));
    let colour = 0;
    while (taken.has(colour)) colour++;
    const trace: LiveTrace = {
      tag,
      colour,
      state: { kind: 'loading' },
      history: NOTHING_LOADED,
      detail: undefined,
      loading: new AbortController(),
      detailing: new AbortController(),
    };
    this.#traces.set(tag.index, trace);
    void this.#load(trace);
  }

  async #load(trace: LiveTrace): Promise<void> {
    trace.loading.abort();
    const loading = new AbortController();
    trace.loading = loading;
    trace.state = { kind: 'loading' };
    this.#early.set(trace.tag.index, []);
    const endMs = this.#nowMs();
    const startMs = endMs - this.#windowMs * (1 + MARGIN);
    try {
      const history = await readHistory(this.#read, trace.tag.index, startMs, endMs, loading.signal);
      if (loading.signal.aborted) return;
      trace.history = history;
      trace.detail = undefined;
      trace.state = { kind: 'ready' };
      for (const rows of this.#early.get(trace.tag.index) ?? []) {
        for (let row = 0; row < rows.tags.length; row++) {
          if (rows.tags[row] === trace.tag.index) addLive(trace, rows, row);
        }
      }
    } catch (error) {
      if (loading.signal.aborted) return;
      trace.state = { kind: 'failed', reason: (error as Error).message };
    }
    this.#early.delete(trace.tag.index);
    this.#changed();
  }

  async #loadDetail(trace: LiveTrace, startMs: number, endMs: number): Promise<void> {
    const detailing = new AbortController();
    trace.detailing = detailing;
    try {
      const detail = await readHistory(this.#read, trace.tag.index, startMs, endMs, detailing.signal);
      if (detailing.signal.aborted) return;
      trace.detail = detail;
      this.#changed();
    } catch {
      // The coarse line stays, which the legend calls coarse: nothing wrong is shown.
    }
  }

  #changed(): void {
    this.#list = [...this.#traces.values()].map((trace) => ({ ...trace }));
    for (const listener of this.#listeners) listener();
  }
}

function addLive(trace: LiveTrace, rows: LiveRows, row: number): void {
  trace.history.series.add(rows.times[row], plainValue(rows.values[row], trace.tag.type), rows.statuses[row]);
}

/** The samples to draw for a stretch: the detail where it covers it, the history otherwise. */
export function shownHistory(trace: Trace, startMs: number, endMs: number): History {
  const { detail, history } = trace;
  return detail && detail.startMs <= startMs && detail.endMs >= endMs ? detail : history;
}
