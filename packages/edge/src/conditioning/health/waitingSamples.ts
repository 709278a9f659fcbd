/** Samples of the features of one equipment that wait for those of the same time: in order of time, however they came. */

const FIRST_ROOM = 64;
/** What waits beyond this lies ahead of the clock, or nobody has looked for minutes. */
const MOST = 8192;

export class WaitingSamples {
  #times = new Float64Array(FIRST_ROOM);
  #values = new Float64Array(FIRST_ROOM);
  #features = new Uint32Array(FIRST_ROOM);
  #good = new Uint8Array(FIRST_ROOM);
  /** What waits lies from the first of these places to before the other. */
  #start = 0;
  #end = 0;

  /** Behind those of the same time. Where there is no room, the one furthest ahead is left out, and it is false. */
  insert(time: number, feature: number, value: number, isGood: boolean): boolean {
    const hasRoom = this.#end - this.#start < MOST;
    if (!hasRoom) {
      if (this.#times[this.#end - 1] <= time) return false;
      this.#end--;
    }
    if (this.#end === this.#times.length) this.#makeRoom();
    let place = this.#end++;
    for (; place > this.#start && this.#times[place - 1] > time; place--) this.#move(place - 1, place);
    this.#times[place] = time;
    this.#values[place] = value;
    this.#features[place] = feature;
    this.#good[place] = isGood ? 1 : 0;
    return hasRoom;
  }

  /** Of the first; infinite where none waits. */
  get time(): number {
    return this.#start < this.#end ? this.#times[this.#start] : Number.POSITIVE_INFINITY;
  }

  get value(): number {
    return this.#values[this.#start];
  }

  get feature(): number {
    return this.#features[this.#start];
  }

  get isGood(): boolean {
    return this.#good[this.#start] === 1;
  }

  /** The first waits no more. */
  shift(): void {
    this.#start++;
    if (this.#start === this.#end) this.clear();
  }

  clear(): void {
    this.#start = 0;
    this.#end = 0;
  }

  #move(from: number, to: number): void {
    this.#times[to] = this.#times[from];
    this.#values[to] = this.#values[from];
    this.#features[to] = this.#features[from];
    this.#good[to] = this.#good[from];
  }

  /** Moves what waits to the front, into longer columns where it fills more than half of those there are. */
  #makeRoom(): void {
    const length = this.#times.length;
    const longer = this.#end - this.#start > length / 2 ? 2 * length : length;
    const [start, end] = [this.#start, this.#end];
    const moved = <Column extends Float64Array | Uint32Array | Uint8Array>(column: Column, empty: Column): Column => {
      empty.set(column.subarray(start, end));
      return empty;
    };
    this.#times = moved(this.#times, new Float64Array(longer));
    this.#values = moved(this.#values, new Float64Array(longer));
    this.#features = moved(this.#features, new Uint32Array(longer));
    this.#good = moved(this.#good, new Uint8Array(longer));
    this.#end -= start;
    this.#start = 0;
  }
}
