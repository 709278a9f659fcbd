/** Single attributes of the twin engine as they change, by their paths: what alarms watch. */

import { ValueKind } from '@tidegate/core/block/sampleBlock.ts';
import { AssetLookup } from '../../assets/assetLookup.ts';
import type { CellColumns } from './cellTable.ts';
import type { CellBatch, TwinEngine } from './twinEngine.ts';

/** What an attribute is now; written over with each change. */
interface AttributeReading {
  time: number;
  /** NaN where there is no number. */
  value: number;
  text: string | undefined;
  status: number;
}

type Listener = (place: number, reading: AttributeReading) => void;

export class AttributeFeed {
  readonly #engine: TwinEngine;

  constructor(engine: TwinEngine) {
    this.#engine = engine;
  }

  /**
   * Calls `listener` with what each attribute of `paths` is now and with each change, by its place in `paths`. A path is that
   * of the asset, a slash, and the attribute or what is derived of it (`flow.sigmas`). Returns the way to stop.
   */
  watch(paths: readonly string[], listener: Listener): () => void {
    const reading: AttributeReading = { time: 0, value: 0, text: undefined, status: 0 };
    let generation = Number.NaN;
    let places = new Map<number, readonly number[]>();
    const tell = (cell: number, columns: CellColumns) => {
      const value = columns.valueAt(cell);
      reading.time = columns.times[cell];
      reading.value = columns.kinds[cell] === ValueKind.number ? columns.values[cell] : Number.NaN;
      reading.text = typeof value === 'string' ? value : undefined;
      reading.status = columns.statuses[cell];
      for (const place of places.get(cell) ?? []) listener(place, reading);
    };
    const begin = () => {
      generation = this.#engine.generation;
      places = this.#cellsOf(paths);
      const { columns } = this.#engine;
      for (const cell of places.keys()) if (columns.times[cell] > Number.NEGATIVE_INFINITY) tell(cell, columns);
    };
    begin();
    return this.#engine.subscribe((batch: CellBatch) => {
      if (batch.generation !== generation) begin();
      else for (const cell of batch.cells) if (places.has(cell)) tell(cell, batch.columns);
    });
  }

  /** The places of the paths by their cells; what leads nowhere is silent until a model has it. */
  #cellsOf(paths: readonly string[]): Map<number, readonly number[]> {
    const lookup = new AssetLookup(this.#engine.model.assets);
    const places = new Map<number, readonly number[]>();
    for (const [place, path] of paths.entries()) {
      const cut = path.lastIndexOf('/');
      const asset = lookup.asset(path.slice(0, cut));
      const cell = asset && this.#engine.directory.cellOf(asset.id, path.slice(cut + 1));
      if (cell !== undefined) places.set(cell, [...(places.get(cell) ?? []), place]);
    }
    return places;
  }
}
