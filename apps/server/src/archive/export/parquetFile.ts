/** Samples as a Parquet file. */

import type { SampleBlock } from '@tidegate/core/block/sampleBlock.ts';
import type { SampleRun } from '@tidegate/platform/historian/archive/sampleRun.ts';
import { ParquetExport } from '@tidegate/platform/historian/lake/exchange/parquetExport.ts';
import type { ExportedTag } from '../control/controlMessage.ts';
import type { ExportSink } from './exportSink.ts';

export class ParquetFile implements ExportSink {
  readonly #parquet: ParquetExport;

  private constructor(parquet: ParquetExport) {
    this.#parquet = parquet;
  }

  static async open(file: string): Promise<ParquetFile> {
    return new ParquetFile(await ParquetExport.open(file));
  }

  begin(tags: readonly ExportedTag[]): void {
    const paths: string[] = [];
    for (const { index, path } of tags) paths[index] = path;
    this.#parquet.begin(paths);
  }

  async write(block: SampleBlock): Promise<void> {
    for (let from = 0; from < block.count; ) {
      let to = from + 1;
      while (to < block.count && block.tags[to] === block.tags[from]) to++;
      await this.#parquet.append(block.tags[from], rowsOf(block, from, to));
      from = to;
    }
  }

  finish(): Promise<void> {
    return this.#parquet.finish();
  }

  discard(): Promise<void> {
    return this.#parquet.discard();
  }
}

function rowsOf({ times, values, kinds, statuses, strings }: SampleBlock, from: number, to: number): SampleRun {
  return {
    times: times.subarray(from, to),
    values: values.subarray(from, to),
    kinds: kinds.subarray(from, to),
    statuses: statuses.subarray(from, to),
    strings,
  };
}
