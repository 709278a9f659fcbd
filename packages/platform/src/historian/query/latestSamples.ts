/** The latest sample of every tag as edits have left it: that of the archive, but for the few tags whose end was edited. */

import type { SampleBlock } from '@tidegate/core/block/sampleBlock.ts';
import { ValueKind } from '@tidegate/core/block/sampleBlock.ts';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import type { Sample } from '@tidegate/core/sample/sample.ts';
import type { StatusCode } from '@tidegate/core/sample/statusCode.ts';
import type { Archive } from '../archive/archive.ts';
import type { LatestColumns } from '../archive/hot/latestValues.ts';
import { kindOf, valueAt } from '../archive/sampleRun.ts';
import type { EditLog } from '../archive/versions/editLog.ts';
import type { TagIndex } from '../ingest/storedTag.ts';
import type { History } from './history.ts';

/** What stands for a tag whose end was edited; no sample where all of them were deleted. */
interface Edited {
  sample: Sample | undefined;
}

export class LatestSamples {
  readonly #archive: Archive;
  readonly #edits: EditLog;
  readonly #history: History;
  readonly #edited = new Map<TagIndex, Edited>();
  /** Tags that are being looked up, and whether samples of theirs have come meanwhile. */
  readonly #underWay = new Map<TagIndex, boolean>();

  constructor(archive: Archive, edits: EditLog, history: History) {
    this.#archive = archive;
    this.#edits = edits;
    this.#history = history;
  }

  /** Looks up every tag that was ever edited. */
  async load(): Promise<void> {
    for (const tag of this.#edits.editedTags()) await this.refresh(tag);
  }

  /** To be called when `tag` has been edited. */
  async refresh(tag: TagIndex): Promise<void> {
    const last = this.#archive.latest(tag)?.time ?? Number.NEGATIVE_INFINITY;
    if (!this.#edits.touches(tag, last, Number.POSITIVE_INFINITY)) {
      this.#edited.delete(tag);
      return;
    }
    do {
      this.#underWay.set(tag, false);
      this.#edited.set(tag, { sample: await this.#lookUp(tag) });
    } while (this.#underWay.get(tag));
    this.#underWay.delete(tag);
  }

  /** To be called with samples that have become durable; row `i` of `block` belongs to tag `tags[i]`. */
  take(tags: Uint32Array, { count, times, values, kinds, statuses, strings }: SampleBlock): void {
    if (this.#edited.size + this.#underWay.size === 0) return;
    for (let row = 0; row < count; row++) {
      if (this.#underWay.has(tags[row])) this.#underWay.set(tags[row], true);
      const edited = this.#edited.get(tags[row]);
      // An edit hides nothing that comes after it.
      if (!edited || (edited.sample && times[row] < edited.sample.time)) continue;
      const kind = kinds[row];
      const value = kind === ValueKind.none ? null : kind === ValueKind.string ? strings[values[row]] : values[row];
      edited.sample = { time: times[row] as Timestamp, value, status: statuses[row] as StatusCode };
    }
  }

  get(tag: TagIndex): Sample | undefined {
    const edited = this.#edited.get(tag);
    return edited ? edited.sample : this.#archive.latest(tag);
  }

  /** One row for each of `tags` that has a sample, in their order. */
  columns(tags: ArrayLike<TagIndex>): LatestColumns {
    if (this.#edited.size === 0) return this.#archive.latestColumns(tags);
    const plain = Array.from(tags).filter((tag) => this.get(tag) !== undefined);
    const columns = this.#archive.latestColumns(plain, true);
    for (const [row, tag] of plain.entries()) {
      const sample = this.#edited.get(tag)?.sample;
      if (!sample) continue;
      columns.times[row] = sample.time;
      columns.statuses[row] = sample.status;
      columns.kinds[row] = kindOf(sample.value);
      columns.values[row] =
        typeof sample.value === 'string' ? columns.strings.push(sample.value) - 1 : (sample.value ?? 0);
    }
    return columns;
  }

  async #lookUp(tag: TagIndex): Promise<Sample | undefined> {
    const all = { start: Number.NEGATIVE_INFINITY, end: Number.POSITIVE_INFINITY };
    for await (const run of this.#history.scan(tag, all, 'backward')) {
      if (!('times' in run) || run.times.length === 0) continue;
      const row = run.times.length - 1;
      return {
        time: run.times[row] as Timestamp,
        value: valueAt(run, row),
        status: run.statuses[row] as StatusCode,
      };
    }
    return undefined;
  }
}
