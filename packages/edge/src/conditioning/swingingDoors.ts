/**
 * Compression: a swinging door (E. H. Bristol, "Swinging door trending", ISA 1990; US patent 4,669,097, expired) for each tag
 * that has one, behind report by exception.
 *
 * A door hangs at the last sample kept. Each sample that comes closes it a little: what is left are the slopes of the lines
 * that pass all samples since then at no more than the deviation. The newest sample is held back, and lies on such a line
 * itself. While the next one does, too, the line to it stands for both, and the one held back is left out. Where it does
 * not, the one held back is kept, and a new door hangs there.
 *
 * So that every sample that was left out lies within both deviations of the line between its neighbours that were kept, a
 * line is watched in front of the door as well: what report by exception suppresses must lie within its deviation of the
 * line through those that it passes on. (Its deviation is measured from the last one passed on; two that it suppressed may
 * lie twice as far from each other.)
 */

import { ValueKind } from '@tidegate/core/block/sampleBlock.ts';
import { US_PER_MS } from '@tidegate/core/clock/timestamp.ts';
import { Corridors } from './corridors.ts';
import type { TagRule } from './tagRule.ts';

/** In `ofTag`: the tag has no door. */
export const NO_DOOR = -1;

/** A tag can have a door where a line is drawn through its values. */
export function hasDoor({ compression, stepped }: TagRule): boolean {
  return compression !== undefined && !stepped;
}

export class SwingingDoors {
  /** The door of each tag, by tag number. */
  readonly ofTag: Int32Array;
  /** The tag of each door. */
  readonly tag: Uint32Array;
  /** The sample that is held back, where `isHeld` is 1; its status is that of the door. */
  readonly isHeld: Uint8Array;
  readonly heldTime: Float64Array;
  readonly heldValue: Float64Array;
  /** The status of the sample at which the door hangs. */
  readonly status: Uint32Array;
  /** When it was kept, by a clock that never goes back; see `nowMs`. */
  readonly hungMs: Float64Array;
  readonly maxIntervalUs: Float64Array;
  /** The time by that clock, as it was told last. */
  nowMs = 0;
  readonly #time: Float64Array;
  /** Not-a-number where it has none: no line leads away from it. */
  readonly #value: Float64Array;
  readonly #deviation: Float64Array;
  readonly #minIntervalUs: Float64Array;
  readonly #exceptionDeviation: Float64Array;
  /** 1 where the sample held back came within the minimum interval, and the line need not pass it. */
  readonly #isUnbound: Uint8Array;
  readonly #opening: Corridors;
  readonly #inFront: Corridors;

  constructor(rules: readonly TagRule[], tags: number) {
    const withDoor = rules.filter(hasDoor);
    const doors = withDoor.length;
    this.ofTag = new Int32Array(doors === 0 ? 0 : tags).fill(NO_DOOR);
    this.tag = new Uint32Array(doors);
    this.isHeld = new Uint8Array(doors);
    this.heldTime = new Float64Array(doors);
    this.heldValue = new Float64Array(doors);
    this.status = new Uint32Array(doors);
    this.hungMs = new Float64Array(doors);
    this.maxIntervalUs = new Float64Array(doors);
    this.#time = new Float64Array(doors);
    this.#value = new Float64Array(doors).fill(Number.NaN);
    this.#deviation = new Float64Array(doors);
    this.#minIntervalUs = new Float64Array(doors);
    this.#exceptionDeviation = new Float64Array(doors);
    this.#isUnbound = new Uint8Array(doors);
    this.#opening = new Corridors(doors);
    this.#inFront = new Corridors(doors);
    for (const [door, { number, exception, compression }] of withDoor.entries()) {
      this.ofTag[number] = door;
      this.tag[door] = number;
      this.#deviation[door] = compression!.deviation;
      this.#minIntervalUs[door] = (compression!.minIntervalMs ?? 0) * US_PER_MS;
      this.maxIntervalUs[door] = (compression!.maxIntervalMs ?? Number.POSITIVE_INFINITY) * US_PER_MS;
      this.#exceptionDeviation[door] = exception?.deviation ?? 0;
    }
  }

  /**
   * Whether report by exception must pass this sample on, whatever it says: so much time has passed since the last one kept
   * that it is kept, or it is the first after the minimum interval, and what was passed on in that bound no line.
   */
  isDue(door: number, time: number): boolean {
    const elapsedUs = time - this.#time[door];
    return (
      elapsedUs >= this.maxIntervalUs[door] || (this.#isUnbound[door] === 1 && elapsedUs >= this.#minIntervalUs[door])
    );
  }

  /**
   * In front of the door: whether the line from the last one passed on, `elapsedUs` before and lower by `rise`, misses one
   * suppressed in between. Where it does not, what is passed on next must not miss this sample either.
   */
  leavesLine(door: number, elapsedUs: number, rise: number): boolean {
    // At the time of the last one passed on, or beside not-a-number or an infinity, there is no line to leave.
    if (elapsedUs <= 0 || !Number.isFinite(rise)) return false;
    if (!this.#inFront.admits(door, rise / elapsedUs)) return true;
    this.#inFront.narrow(door, elapsedUs, rise, this.#exceptionDeviation[door]);
    return false;
  }

  /** A sample was passed on: a new line begins there. */
  startLine(door: number): void {
    this.#inFront.open(door);
  }

  /** Whether the sample held back must be kept because of this one, which does not lie on a line with it. */
  mustKeepHeld(door: number, time: number, value: number, kind: number, status: number): boolean {
    return this.isHeld[door] === 1 && !this.#continues(door, time, value, kind, status);
  }

  /** Holds the sample back, or gives false where it must be kept: then the door hangs there. */
  hold(door: number, time: number, value: number, kind: number, status: number): boolean {
    const elapsedUs = time - this.#time[door];
    if (elapsedUs >= this.maxIntervalUs[door] || !this.#continues(door, time, value, kind, status)) {
      this.#hang(door, time, kind === ValueKind.number ? value : Number.NaN, status);
      return false;
    }
    this.isHeld[door] = 1;
    this.heldTime[door] = time;
    this.heldValue[door] = value;
    this.#isUnbound[door] = elapsedUs < this.#minIntervalUs[door] ? 1 : 0;
    if (this.#isUnbound[door] === 0) {
      this.#opening.narrow(door, elapsedUs, value - this.#value[door], this.#deviation[door]);
    }
    return true;
  }

  /** The sample held back has been kept: the door hangs there. */
  hangAtHeld(door: number): void {
    this.#hang(door, this.heldTime[door], this.heldValue[door], this.status[door]);
  }

  /** Whether a sample of this time, which came late, lies where something was left out of the line. */
  isBehind(door: number, time: number): boolean {
    return time >= this.#time[door];
  }

  /** Whether the line from the one at which the door hangs can go through this one. */
  #continues(door: number, time: number, value: number, kind: number, status: number): boolean {
    if (kind !== ValueKind.number || status !== this.status[door]) return false;
    return this.#opening.admits(door, (value - this.#value[door]) / (time - this.#time[door]));
  }

  #hang(door: number, time: number, value: number, status: number): void {
    this.#time[door] = time;
    this.#value[door] = value;
    this.status[door] = status;
    this.hungMs[door] = this.nowMs;
    this.isHeld[door] = 0;
    this.#isUnbound[door] = 0;
    this.#opening.open(door);
  }
}
