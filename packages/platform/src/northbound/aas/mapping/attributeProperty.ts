/** An attribute as a property: its name, meaning and type, with or without a value. */

import type { SampleValue } from '@tidegate/core/sample/sample.ts';
import type { TagType } from '@tidegate/core/sample/tag.ts';
import type { Asset, Attribute } from '../../../model/assets/assetModel.ts';
import { described, doubleText, names, property } from '../metamodel/elements.ts';
import type { DataTypeDefXsd, Property } from '../metamodel/environment.ts';
import { conceptIdOf } from './conceptDescriptions.ts';
import type { PlantView } from './plantView.ts';

const VALUE_TYPES: Readonly<Record<TagType, DataTypeDefXsd>> = {
  number: 'xs:double',
  boolean: 'xs:boolean',
  string: 'xs:string',
};

export function attributeProperty(
  asset: Asset,
  attribute: Attribute,
  { idShort, value }: { readonly idShort: string; readonly value: SampleValue | undefined },
  view: PlantView,
): Property {
  const text = value === undefined || value === null ? undefined : valueText(value, attribute.type);
  const semanticId = conceptIdOf(asset, attribute.name, view);
  return {
    ...property({ idShort, semanticId }, VALUE_TYPES[attribute.type], text),
    ...names(attribute.name),
    ...described(attribute.description),
  };
}

/** As XML Schema writes it; nothing where the value is not of the type. */
function valueText(value: NonNullable<SampleValue>, type: TagType): string | undefined {
  if (type === 'string') return String(value);
  if (typeof value !== 'number') return undefined;
  if (type === 'boolean') return value === 0 ? 'false' : 'true';
  return doubleText(value);
}
