/** The samples of one tag that the trend holds: a ring of typed columns in order of time, which grows at its end. */

const FIRST_CAPACITY = 1_024;

/**
 * Times are microseconds since 1970, statuses OPC UA status codes. Invariant: times ascend, though they may repeat. A sample without a value has NaN in the value column; a text has the
 * number under which `text` finds it.
 */
export class SampleSeries {
  readonly #limit: number;
  #times = new Float64Array(FIRST_CAPACITY);
  #values = new Float64Array(FIRST_CAPACITY);
  #statuses = new Uint32Array(FIRST_CAPACITY);
  #first = 0;
  #length = 0;
  readonly #texts: string[] = [];
  readonly #textNumbers = new Map<string, number>();

  /** At most `limit` samples are kept, the newest ones. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  get length(): number {
    return this.#length;
  }

  timeAt(place: number): number {
    return this.#times[(this.#first + place) % this.#times.length];
  }

  valueAt(place: number): number {
    return this.#values[(this.#first + place) % this.#times.length];
  }

  statusAt(place: number): number {
    return this.#statuses[(this.#first + place) % this.#times.length];
  }

  /** The text behind a value of a tag whose values are texts. */
  text(value: number): string | undefined {
    return this.#texts[value];
  }

  /** The first place whose time is not before `time`; `length` where there is none. */
  lowerBound(time: number): number {
    let low = 0;
    let high = this.#length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.timeAt(middle) < time) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Takes a sample in its place; a repetition of a sample already held is dropped. */
  add(time: number, value: number | string | null, status: number): void {
    const number = this.#numberFor(value);
    let place = this.#length;
    if (place > 0 && time <= this.timeAt(place - 1)) {
      place = this.#placeFor(time, number, status);
      if (place < 0) return;
    }
    if (this.#length === this.#limit) {
      // A sample older than all that a full ring holds is the one that the limit leaves out.
      if (place === 0) return;
      this.dropFirst(1);
      place--;
    } else if (this.#length === this.#times.length) {
      this.#grow();
    }
    this.#length++;
    for (let to = this.#length - 1; to > place; to--) this.#move(to - 1, to);
    this.#put(place, time, number, status);
  }

  dropFirst(count: number): void {
    const dropped = Math.min(count, this.#length);
    this.#first = (this.#first + dropped) % this.#times.length;
    this.#length -= dropped;
  }

  #numberFor(value: number | string | null): number {
    if (typeof value === 'number') return value;
    if (value === null) return Number.NaN;
    let number = this.#textNumbers.get(value);
    if (number === undefined) {
      number = this.#texts.push(value) - 1;
      this.#textNumbers.set(value, number);
    }
    return number;
  }

  /** Behind the samples of the same time, as they arrived; -1 where one of them is the same sample. */
  #placeFor(time: number, value: number, status: number): number {
    let place = this.lowerBound(time);
    for (; place < this.#length && this.timeAt(place) === time; place++) {
      if (Object.is(this.valueAt(place), value) && this.statusAt(place) === status) return -1;
    }
    return place;
  }

  #put(place: number, time: number, value: number, status: number): void {
    const at = (this.#first + place) % this.#times.length;
    this.#times[at] = time;
    this.#values[at] = value;
    this.#statuses[at] = status;
  }

  #move(from: number, to: number): void {
    this.#put(to, this.timeAt(from), this.valueAt(from), this.statusAt(from));
  }

  #grow(): void {
    const capacity = Math.min(this.#limit, this.#times.length * 2);
    const times = new Float64Array(capacity);
    const values = new Float64Array(capacity);
    const statuses = new Uint32Array(capacity);
    for (let place = 0; place < this.#length; place++) {
      times[place] = this.timeAt(place);
      values[place] = this.valueAt(place);
      statuses[place] = this.statusAt(place);
    }
    this.#times = times;
    this.#values = values;
    this.#statuses = statuses;
    this.#first = 0;
  }
}
