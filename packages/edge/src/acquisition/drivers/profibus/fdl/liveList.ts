/** Which stations are on the line: those that answer, and those that did and have fallen silent. */

import { STATIONS } from './telegram.ts';

/** A master asks once and repeats up to this often before it takes a station for dead (max_retry_limit, at most 3 in practice). */
const UNANSWERED_IN_A_ROW = 4;

export type Presence = 'unheard' | 'present' | 'lost';

/** Indices into the names. */
const PRESENT = 1;
const LOST = 2;
const NAMES: readonly Presence[] = ['unheard', 'present', 'lost'];

export interface LiveListListener {
  stationLost(station: number): void;
  /** Heard again after it was lost. */
  stationReturned(station: number): void;
}

export class LiveList {
  readonly #listener: LiveListListener;
  readonly #presence = new Uint8Array(STATIONS);
  readonly #unanswered = new Uint8Array(STATIONS);
  readonly #heardMs = new Float64Array(STATIONS).fill(Number.NEGATIVE_INFINITY);

  constructor(listener: LiveListListener) {
    this.#listener = listener;
  }

  presenceOf(station: number): Presence {
    return NAMES[this.#presence[station]];
  }

  /** When the station was heard last, by the clock's `elapsedMs`; minus infinity where it never was. */
  heardMs(station: number): number {
    return this.#heardMs[station];
  }

  /** The stations that are present, in order. */
  get stations(): number[] {
    return Array.from(this.#presence.keys()).filter((station) => this.#presence[station] === PRESENT);
  }

  /** The station has sent something of its own. */
  heard(station: number, elapsedMs: number): void {
    this.#heardMs[station] = elapsedMs;
    this.#unanswered[station] = 0;
    const before = this.#presence[station];
    if (before === PRESENT) return;
    this.#presence[station] = PRESENT;
    if (before === LOST) this.#listener.stationReturned(station);
  }

  /** A request to the station has found no answer; of one that was never heard that says nothing. */
  unanswered(station: number): void {
    if (this.#presence[station] !== PRESENT || ++this.#unanswered[station] < UNANSWERED_IN_A_ROW) return;
    this.#presence[station] = LOST;
    this.#listener.stationLost(station);
  }
}
