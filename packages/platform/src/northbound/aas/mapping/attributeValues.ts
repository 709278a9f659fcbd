/** The latest value of an attribute, from whoever has it. */

import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import type { Sample } from '@tidegate/core/sample/sample.ts';
import type { AssetId } from '../../../model/assets/assetModel.ts';
import type { TwinEngine } from '../../../model/twins/engine/twinEngine.ts';

export interface AttributeValues {
  /** In the unit of the attribute; `undefined` where there has been none. */
  latest(asset: AssetId, attribute: string): Sample | undefined;
}

/** What the twin engine has reckoned, formulas and units included. */
export function twinValues(engine: Pick<TwinEngine, 'directory' | 'columns'>): AttributeValues {
  return {
    latest(asset, attribute) {
      const cell = engine.directory.cellOf(asset, attribute);
      if (cell === undefined) return undefined;
      const { times, statuses } = engine.columns;
      if (times[cell] === Number.NEGATIVE_INFINITY) return undefined;
      const value = engine.columns.valueAt(cell);
      return { time: times[cell] as Timestamp, value, status: statuses[cell] as Sample['status'] };
    },
  };
}

/** Where nothing reckons. */
export const NO_VALUES: AttributeValues = { latest: () => undefined };
