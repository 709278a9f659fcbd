/**
 * The logical ring of the masters: who holds the token, who takes part, and how long the token takes to come round.
 *
 * Rotation time. Bytes come in chunks (a USB converter gives one each 1 to 16 ms, a serial server each packet), and within
 * a chunk the pauses between telegrams cannot be seen, only the time that the bytes themselves took. A single rotation that
 * is shorter than a chunk can therefore not be measured. Their mean can: the time from the first to the last arrival of the
 * token at one master, divided by the rotations between, is wrong by at most one chunk in all of them together. That is why
 * the mean is taken over a window of at least a second, and why the longest rotation is only as exact as a chunk is short.
 *
 * A token has no check sum, and noise makes false ones: a master belongs to the ring once it has passed the token twice.
 */

import { NONE, STATIONS } from './telegram.ts';

const WINDOW_MS = 1000;
/** A master that the token has not visited for so many rotations has left the ring. */
const ABSENT_ROTATIONS = 3;
const PASSES_TO_BELONG = 2;

export interface TokenRingListener {
  masterJoined(station: number): void;
  masterLeft(station: number): void;
}

export interface Rotation {
  /** Over the last whole window. */
  readonly meanMs: number;
  /** The longest one in it. */
  readonly maxMs: number;
}

export class TokenRing {
  readonly #listener: TokenRingListener;
  #holder = NONE;
  #from = NONE;
  /** How often each master has passed the token since it came, up to the passes that make it a member. */
  readonly #passes = new Uint8Array(STATIONS);
  /** In which rotation each master passed it last. */
  readonly #lastRotation = new Float64Array(STATIONS);
  /** The master whose passing completes a rotation. */
  #reference = NONE;
  #passesSinceReference = 0;
  #rotations = 0;
  #lastPassMs = 0;
  #windowStartMs = 0;
  #windowRotations = 0;
  #windowMaxMs = 0;
  #rotation: Rotation | undefined;
  #repetitions = 0;

  constructor(listener: TokenRingListener) {
    this.#listener = listener;
  }

  /** The master that has the token; `NONE` while none was heard. */
  get holder(): number {
    return this.#holder;
  }

  /** The masters in the ring, in order. */
  get masters(): number[] {
    return Array.from(this.#passes.keys()).filter((station) => this.#passes[station] >= PASSES_TO_BELONG);
  }

  /** How long the token takes to come round; undefined until a window is full. */
  get rotation(): Rotation | undefined {
    return this.#rotation;
  }

  /** Tokens that were passed again because the next master did not take them. */
  get repetitions(): number {
    return this.#repetitions;
  }

  /** The token has gone from `from` to `to`, at `elapsedMs`. */
  passed(from: number, to: number, elapsedMs: number): void {
    const repeated = from !== to && from === this.#from && to === this.#holder;
    this.#from = from;
    this.#holder = to;
    if (repeated) {
      this.#repetitions++;
      return;
    }
    this.#lastRotation[from] = this.#rotations;
    if (this.#passes[from] < PASSES_TO_BELONG && ++this.#passes[from] === PASSES_TO_BELONG) {
      this.#listener.masterJoined(from);
    }
    if (from === this.#reference) this.#completeRotation(elapsedMs);
    else if (this.#reference === NONE || ++this.#passesSinceReference > ABSENT_ROTATIONS * STATIONS) {
      this.#countFrom(from, elapsedMs);
    }
  }

  /** Nobody has passed a token for long: the ring is gone, and with it what was known of it. */
  dissolve(): void {
    this.#holder = NONE;
    this.#from = NONE;
    this.#reference = NONE;
    this.#passes.fill(0);
    this.#rotation = undefined;
  }

  #countFrom(reference: number, elapsedMs: number): void {
    this.#reference = reference;
    this.#passesSinceReference = 0;
    this.#lastPassMs = elapsedMs;
    this.#startWindow(elapsedMs);
  }

  #startWindow(elapsedMs: number): void {
    this.#windowStartMs = elapsedMs;
    this.#windowRotations = 0;
    this.#windowMaxMs = 0;
  }

  #completeRotation(elapsedMs: number): void {
    this.#windowMaxMs = Math.max(this.#windowMaxMs, elapsedMs - this.#lastPassMs);
    this.#lastPassMs = elapsedMs;
    this.#passesSinceReference = 0;
    this.#rotations++;
    this.#windowRotations++;
    const windowMs = elapsedMs - this.#windowStartMs;
    if (windowMs >= WINDOW_MS) {
      this.#rotation = { meanMs: windowMs / this.#windowRotations, maxMs: this.#windowMaxMs };
      this.#startWindow(elapsedMs);
    }
    this.#removeAbsent();
  }

  #removeAbsent(): void {
    for (let station = 0; station < STATIONS; station++) {
      const passes = this.#passes[station];
      if (passes === 0 || this.#rotations - this.#lastRotation[station] <= ABSENT_ROTATIONS) continue;
      this.#passes[station] = 0;
      if (passes >= PASSES_TO_BELONG) this.#listener.masterLeft(station);
    }
  }
}
