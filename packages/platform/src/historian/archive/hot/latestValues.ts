/** The sample of the latest time of every tag, in columns; of samples of equal time the one that arrived last. */

import { type SampleBlock, ValueKind } from '@tidegate/core/block/sampleBlock.ts';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import type { Sample } from '@tidegate/core/sample/sample.ts';
import type { StatusCode } from '@tidegate/core/sample/statusCode.ts';

/** Columns of equal length, one row for each tag. */
export interface LatestColumns {
  readonly tags: Uint32Array;
  readonly times: Float64Array;
  /** A number, a boolean as 0 or 1, or an index into `strings`; 0 where there is no value. */
  readonly values: Float64Array;
  readonly kinds: Uint8Array;
  readonly statuses: Uint32Array;
  readonly strings: string[];
}

const INITIAL_TAGS = 256;
/** Stands for "no sample yet" in the column of kinds. */
const ABSENT = 255;

export class LatestValues {
  #times = new Float64Array(0);
  #values = new Float64Array(0);
  #statuses = new Uint32Array(0);
  #kinds = new Uint8Array(0);
  readonly #texts = new Map<number, string>();
  /** How many tags have a sample. */
  tags = 0;

  /** Row `i` of `block` belongs to tag `tags[i]`. */
  takeBlock(tags: Uint32Array, { count, times, values, kinds, statuses, strings }: SampleBlock): void {
    this.#growFor(tags, count);
    const [ownTimes, ownValues, ownStatuses, ownKinds] = [this.#times, this.#values, this.#statuses, this.#kinds];
    for (let row = 0; row < count; row++) {
      const tag = tags[row];
      const time = times[row];
      if (ownKinds[tag] === ABSENT) this.tags++;
      else if (time < ownTimes[tag]) continue;
      const kind = kinds[row];
      ownTimes[tag] = time;
      ownValues[tag] = values[row];
      ownStatuses[tag] = statuses[row];
      ownKinds[tag] = kind;
      if (kind === ValueKind.string) this.#texts.set(tag, strings[values[row]]);
    }
  }

  /** As `takeBlock`, for one sample whose text, if it is one, is not known yet; true where it is now the latest. */
  takeOne(tag: number, time: number, value: number, kind: number, status: number): boolean {
    if (tag >= this.#kinds.length) this.#grow(tag);
    if (this.#kinds[tag] === ABSENT) this.tags++;
    else if (time < this.#times[tag]) return false;
    this.#times[tag] = time;
    this.#values[tag] = value;
    this.#statuses[tag] = status;
    this.#kinds[tag] = kind;
    return true;
  }

  setText(tag: number, text: string): void {
    this.#texts.set(tag, text);
  }

  get(tag: number): Sample | undefined {
    const kind = tag < this.#kinds.length ? this.#kinds[tag] : ABSENT;
    if (kind === ABSENT) return undefined;
    const value =
      kind === ValueKind.none ? null : kind === ValueKind.string ? (this.#texts.get(tag) ?? null) : this.#values[tag];
    return { time: this.#times[tag] as Timestamp, value, status: this.#statuses[tag] as StatusCode };
  }

  /** One row for each of `tags` that has a sample, in their order; with `all` for the others, too, to be filled in. */
  columns(tags: ArrayLike<number>, all = false): LatestColumns {
    const { length } = tags;
    const [found, strings] = [new Uint32Array(length), [] as string[]];
    const [times, values] = [new Float64Array(length), new Float64Array(length)];
    const [kinds, statuses] = [new Uint8Array(length), new Uint32Array(length)];
    let count = 0;
    for (let at = 0; at < length; at++) {
      const tag = tags[at];
      const kind = tag < this.#kinds.length ? this.#kinds[tag] : ABSENT;
      if (kind === ABSENT && !all) continue;
      found[count] = tag;
      if (kind !== ABSENT) {
        times[count] = this.#times[tag];
        kinds[count] = kind;
        statuses[count] = this.#statuses[tag];
        values[count] = kind === ValueKind.string ? strings.push(this.#texts.get(tag) ?? '') - 1 : this.#values[tag];
      }
      count++;
    }
    const cut = <Column extends Uint8Array | Uint32Array | Float64Array>(column: Column) =>
      (count === length ? column : column.subarray(0, count)) as Column;
    return {
      ...{ tags: cut(found), times: cut(times), values: cut(values) },
      ...{ kinds: cut(kinds), statuses: cut(statuses), strings },
    };
  }

  #growFor(tags: Uint32Array, count: number): void {
    let last = 0;
    for (let row = 0; row < count; row++) if (tags[row] > last) last = tags[row];
    if (last >= this.#kinds.length) this.#grow(last);
  }

  #grow(tag: number): void {
    const capacity = Math.max(INITIAL_TAGS, tag + 1 + (tag >>> 1));
    const { length } = this.#kinds;
    this.#times = grown(this.#times, new Float64Array(capacity));
    this.#values = grown(this.#values, new Float64Array(capacity));
    this.#statuses = grown(this.#statuses, new Uint32Array(capacity));
    this.#kinds = grown(this.#kinds, new Uint8Array(capacity)).fill(ABSENT, length);
  }
}

function grown<Column extends Uint8Array | Uint32Array | Float64Array>(from: Column, to: Column): Column {
  to.set(from);
  return to;
}
