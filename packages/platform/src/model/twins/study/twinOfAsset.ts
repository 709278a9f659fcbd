/** The twin of an asset: the template that holds for it, and its parameters as they were fitted for it. */

import type { AssetLookup } from '../../assets/assetLookup.ts';
import type { Asset, AssetModel } from '../../assets/assetModel.ts';
import type { ParameterValues } from '../replay/twinHistory.ts';
import { fitOf, parameterOf, type TwinFit, type TwinTemplate, type TwinTemplates } from '../twinTemplate.ts';

export interface TwinOfAsset {
  readonly template: TwinTemplate;
  readonly fit: TwinFit | undefined;
  readonly parameters: ParameterValues;
}

/** That of its type, or of the nearest type that its type extends; `undefined` where none has one. */
export function twinOfAsset(twins: TwinTemplates, { types }: AssetModel, asset: Asset): TwinOfAsset | undefined {
  const type = asset.type === undefined ? undefined : types.get(asset.type);
  if (!type) return undefined;
  const name = [type.name, ...type.lineage].find((each) => twins.has(each));
  if (name === undefined) return undefined;
  const template = twins.get(name)!;
  const known = [...template.parameters.keys()].flatMap((parameter) => {
    const value = parameterOf(template, asset.id, parameter);
    return value === undefined ? [] : [[parameter, value] as const];
  });
  return { template, fit: fitOf(template, asset.id), parameters: new Map(known) };
}

/** Of the names in formulas of an asset those that an instrument measures, with their units. */
export function measuredOf(lookup: AssetLookup, asset: Asset, names: Iterable<string>): ReadonlyMap<string, string> {
  const measured = new Map<string, string>();
  for (const name of names) {
    const found = lookup.attribute(asset, name)?.attribute;
    if (found?.source.kind === 'tag' && found.type === 'number') measured.set(name, found.unit);
  }
  return measured;
}
