/** The blocks of one run that wait in a relay, in order. Columns, because a relay may hold millions of blocks for days. */

export interface RunBlock {
  readonly sequence: number;
  /** Its record in the journal of the stream. */
  readonly record: number;
  readonly samples: number;
  readonly bytes: number;
}

const INITIAL_CAPACITY = 64;

export class RunColumns {
  /** Entries are in [head, tail) of each column. */
  #head = 0;
  #tail = 0;
  #sequences = new Float64Array(INITIAL_CAPACITY);
  #records = new Float64Array(INITIAL_CAPACITY);
  #samples = new Uint32Array(INITIAL_CAPACITY);
  #bytes = new Uint32Array(INITIAL_CAPACITY);
  /** Records ascend with the sequences: so it is unless a block was refused once and came again behind others. */
  #recordsAscend = true;

  get length(): number {
    return this.#tail - this.#head;
  }

  /** The block at `place`, counted from the oldest. */
  at(place: number): RunBlock {
    const at = this.#head + place;
    return {
      sequence: this.#sequences[at],
      record: this.#records[at],
      samples: this.#samples[at],
      bytes: this.#bytes[at],
    };
  }

  sequenceAt(place: number): number {
    return this.#sequences[this.#head + place];
  }

  /** The first place whose sequence is at or behind `sequence`; the length where there is none. */
  placeOf(sequence: number): number {
    let low = this.#head;
    let high = this.#tail;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#sequences[middle] >= sequence) high = middle;
      else low = middle + 1;
    }
    return low - this.#head;
  }

  /** The lowest of all records; `undefined` where nothing waits. */
  get oldestRecord(): number | undefined {
    if (this.length === 0) return undefined;
    if (this.#recordsAscend) return this.#records[this.#head];
    return this.#records.subarray(this.#head, this.#tail).reduce((least, record) => Math.min(least, record));
  }

  /** Takes in a block of a sequence that is not here yet. */
  insert({ sequence, record, samples, bytes }: RunBlock): void {
    if (this.#tail === this.#records.length) this.#makeRoom();
    const at = this.#head + this.placeOf(sequence);
    if (at < this.#tail) for (const column of this.#columns()) column.copyWithin(at + 1, at, this.#tail);
    this.#sequences[at] = sequence;
    this.#records[at] = record;
    this.#samples[at] = samples;
    this.#bytes[at] = bytes;
    if (at < this.#tail || (at > this.#head && this.#records[at - 1] > record)) this.#recordsAscend = false;
    this.#tail++;
  }

  /** Forgets the blocks at the places from `from` to below `to`. */
  remove(from: number, to: number): void {
    if (from === 0) this.#head += to;
    else {
      for (const column of this.#columns()) column.copyWithin(this.#head + from, this.#head + to, this.#tail);
      this.#tail -= to - from;
    }
  }

  #columns(): (Float64Array | Uint32Array)[] {
    return [this.#sequences, this.#records, this.#samples, this.#bytes];
  }

  /** Moves the entries to the front where half the space is free there, and to columns of twice the length otherwise. */
  #makeRoom(): void {
    const used = this.length;
    const capacity = used * 2 > this.#records.length ? this.#records.length * 2 : this.#records.length;
    const moved = <Column extends Float64Array | Uint32Array>(from: Column, to: Column): Column => {
      to.set(from.subarray(this.#head, this.#tail));
      return to;
    };
    this.#sequences = moved(this.#sequences, new Float64Array(capacity));
    this.#records = moved(this.#records, new Float64Array(capacity));
    this.#samples = moved(this.#samples, new Uint32Array(capacity));
    this.#bytes = moved(this.#bytes, new Uint32Array(capacity));
    this.#head = 0;
    this.#tail = used;
  }
}
