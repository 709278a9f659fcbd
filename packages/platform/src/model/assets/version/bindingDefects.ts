/** Holds a model against the tags that there are: units that do not fit, and tags that have not come yet. */

import type { Defect } from '@tidegate/config/defect.ts';
import type { AssetModel } from '../assetModel.ts';
import { saidOf, UnitTable } from '../build/unitTable.ts';
import { ModelDefects } from '../text/modelDefects.ts';

/** What is known of a tag by its path; `undefined` where there is none. */
export type TagUnits = (path: string) => { readonly unit: string } | undefined;

export interface Bindings {
  readonly defects: readonly Defect[];
  /** Attributes whose tag there is not: their gateway may not have reported yet, or the path is misspelt. */
  readonly waiting: readonly { readonly attribute: string; readonly tag: string }[];
}

export async function checkBindings({ assets }: AssetModel, tagOf: TagUnits): Promise<Bindings> {
  const defects = new ModelDefects();
  const units = new UnitTable();
  const waiting: { attribute: string; tag: string }[] = [];
  for (const asset of assets.values()) {
    for (const { name, source, unit, place } of asset.attributes.values()) {
      if (source.kind !== 'tag') continue;
      const tag = tagOf(source.path);
      if (!tag) waiting.push({ attribute: `${asset.path}/${name}`, tag: source.path });
      if (!tag || tag.unit === unit || tag.unit === '' || unit === '') continue;
      const converted = await units.between(tag.unit, unit);
      if (converted.ok) continue;
      const message = `"${name}" is in ${unit}, and its tag in ${tag.unit}`;
      defects.addOf(asset.path, place, message, saidOf(converted.fault));
    }
  }
  return { defects: defects.list(), waiting };
}
