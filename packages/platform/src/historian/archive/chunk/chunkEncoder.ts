/** Writes samples of one tag as a chunk: each column in the smallest of a few codings that give it back exactly. */

import { crc32 } from 'node:zlib';
import { ValueKind } from '@tidegate/core/block/sampleBlock.ts';
import type { SampleRun } from '../sampleRun.ts';
import { ByteSink } from './byteSink.ts';
import { chooseGrid } from './chooseGrid.ts';
import { CHECKSUM_BYTES, CHUNK_AT, MAX_CHUNK_SAMPLES, TimeCoding, ValueCoding } from './chunkLayout.ts';
import { writeLags } from './lagColumn.ts';
import { FieldPacker } from './packedFields.ts';
import { writeStateRuns } from './stateRuns.ts';
import { TimeColumnEncoder } from './timeColumn.ts';
import { ValueColumnEncoder } from './valueColumn.ts';

export class ChunkEncoder {
  readonly #packer = new FieldPacker();
  readonly #times = new TimeColumnEncoder();
  readonly #values = new ValueColumnEncoder();
  readonly #numbers = new Float64Array(MAX_CHUNK_SAMPLES);
  readonly #levels = new Int32Array(MAX_CHUNK_SAMPLES);
  readonly #head = new ByteSink();
  readonly #payload = new ByteSink();

  /**
   * The chunk of the rows from `from` to before `to` of `run`, at least one and at most `MAX_CHUNK_SAMPLES`, in order of
   * time. `lags` has one entry for each row from `from` on. The bytes are overwritten by the next call.
   */
  encode(tag: number, run: SampleRun, from: number, to: number, lags?: Int32Array): Uint8Array {
    const count = to - from;
    if (!(count >= 1 && count <= MAX_CHUNK_SAMPLES)) throw new RangeError(`a chunk of ${count} samples`);
    const head = this.#head;
    const payload = this.#payload;
    head.length = CHUNK_AT.directories;
    payload.length = 0;
    const lagged = lags !== undefined && isLagged(lags, count);
    const timeCoding = this.#writeTimes(run.times, from, to) | (lagged ? TimeCoding.lags : 0);
    const valueCoding = this.#writeValues(run, from, to);
    if (lags && lagged) writeLags(this.#packer, head, payload, lags, count);
    writeStateRuns(head, run, from, to);
    const payloadAt = head.length;
    head.append(payload.written());
    const length = head.length + CHECKSUM_BYTES;
    head.reserve(CHECKSUM_BYTES);
    const view = new DataView(head.bytes.buffer);
    view.setUint32(CHUNK_AT.tag, tag, true);
    view.setUint32(CHUNK_AT.length, length, true);
    view.setUint16(CHUNK_AT.count, count, true);
    view.setUint8(CHUNK_AT.timeCoding, timeCoding);
    view.setUint8(CHUNK_AT.valueCoding, valueCoding);
    view.setUint32(CHUNK_AT.payload, payloadAt, true);
    view.setFloat64(CHUNK_AT.minTime, run.times[from], true);
    view.setFloat64(CHUNK_AT.maxTime, run.times[to - 1], true);
    view.setUint32(head.length, crc32(head.written()), true);
    return head.bytes.subarray(0, length);
  }

  #writeTimes(times: Float64Array, from: number, to: number): number {
    const head = this.#head;
    const payload = this.#payload;
    if (this.#times.encode(this.#packer, head, payload, times, from, to)) return TimeCoding.grid;
    head.length = CHUNK_AT.directories;
    payload.length = 0;
    payload.append(new Uint8Array(times.buffer, times.byteOffset + from * 8, (to - from) * 8));
    return TimeCoding.raw;
  }

  #writeValues(run: SampleRun, from: number, to: number): ValueCoding {
    const count = to - from;
    const numbers = this.#numbers;
    if (!gatherNumbers(run, from, to, numbers)) return ValueCoding.none;
    const grid = chooseGrid(numbers, count, this.#levels);
    const [head, payload, packer] = [this.#head, this.#payload, this.#packer];
    if (grid) this.#values.encodeLevels(packer, head, payload, grid, this.#levels, count);
    else this.#values.encodeBits(packer, head, payload, numbers, count);
    return grid ? grid.coding : ValueCoding.bits;
  }
}

function isLagged(lags: Int32Array, count: number): boolean {
  for (let row = 0; row < count; row++) if (lags[row] !== 0) return true;
  return false;
}

/** Copies the numbers; a sample that has none repeats the one before it, which costs least. False where there is none. */
function gatherNumbers({ kinds, values }: SampleRun, from: number, to: number, numbers: Float64Array): boolean {
  let first = from;
  while (first < to && kinds[first] !== ValueKind.number) first++;
  if (first === to) return false;
  numbers.set(values.subarray(from, to));
  for (let row = from; row < to; row++) {
    if (kinds[row] !== ValueKind.number) numbers[row - from] = row < first ? values[first] : numbers[row - from - 1];
  }
  return true;
}
