/** What a mapping looks at: the model that holds, the latest values, how things are named, and where history is asked for. */

import type { AssetModel } from '../../../model/assets/assetModel.ts';
import type { AasIds } from './aasIds.ts';
import type { AttributeValues } from './attributeValues.ts';

export interface PlantView {
  readonly model: AssetModel;
  readonly values: AttributeValues;
  readonly ids: AasIds;
  /** Where the REST interface is, as the one who asks reaches it: `http://127.0.0.1:8420`. */
  readonly origin: string;
}
