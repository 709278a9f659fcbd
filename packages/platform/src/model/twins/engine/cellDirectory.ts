/** Which cell belongs to which attribute of which asset. */

import type { AssetId } from '../../assets/assetModel.ts';

/** What a column of cells holds: an attribute of the model, or what the engine derives. */
export type CellRole = 'attribute' | 'mode' | 'trust' | 'state' | 'expected' | 'residual' | 'sigmas' | 'parameter';

/** The cells of one attribute of the assets of a type: `start` is that of `assets[0]`, and so on. */
export interface CellColumn {
  readonly role: CellRole;
  /** As formulas name it; what is derived of an attribute has its name with `.expected`, `.residual` or `.sigmas` behind it. */
  readonly attribute: string;
  readonly unit: string;
  readonly start: number;
  readonly assets: readonly AssetId[];
}

export interface CellName {
  readonly asset: AssetId;
  readonly column: CellColumn;
}

export const MODE_ATTRIBUTE = 'twin.mode';
export const TRUST_ATTRIBUTE = 'twin.trust';

export class CellDirectory {
  readonly columns: CellColumn[] = [];
  readonly #byAsset = new Map<AssetId, CellColumn[]>();
  readonly #rows = new Map<readonly AssetId[], ReadonlyMap<AssetId, number>>();
  #count: number;

  /** The cell 0 is nobody's: what leads nowhere is read there. */
  constructor() {
    this.#count = 1;
  }

  get count(): number {
    return this.#count;
  }

  /** Gives one list for the same assets, so that their rows are numbered once. */
  add(role: CellRole, attribute: string, unit: string, assets: readonly AssetId[]): CellColumn {
    const column = { role, attribute, unit, start: this.#count, assets };
    this.#count += assets.length;
    this.columns.push(column);
    if (!this.#rows.has(assets)) this.#rows.set(assets, new Map(assets.map((asset, row) => [asset, row])));
    for (const asset of assets) {
      const own = this.#byAsset.get(asset);
      if (own) own.push(column);
      else this.#byAsset.set(asset, [column]);
    }
    return column;
  }

  /** The cell of an attribute; `undefined` where the asset has none of that name. */
  cellOf(asset: AssetId, attribute: string): number | undefined {
    const column = this.#byAsset.get(asset)?.find((one) => one.attribute === attribute);
    return column && this.cellIn(column, asset);
  }

  cellIn(column: CellColumn, asset: AssetId): number {
    return column.start + this.#rows.get(column.assets)!.get(asset)!;
  }

  /** Every column that has a cell of the asset. */
  columnsOf(asset: AssetId): readonly CellColumn[] {
    return this.#byAsset.get(asset) ?? [];
  }

  /** Whose cell it is; `undefined` of the cell 0. */
  nameOf(cell: number): CellName | undefined {
    let low = 0;
    let high = this.columns.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (this.columns[middle].start <= cell) low = middle;
      else high = middle - 1;
    }
    const column = this.columns[low];
    const asset = column?.assets[cell - column.start];
    return asset === undefined ? undefined : { asset, column };
  }
}
