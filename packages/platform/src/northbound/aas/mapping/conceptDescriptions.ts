/** What attributes mean and are measured in, as concept descriptions after IEC 61360. */

import type { Asset, AssetModel, AssetType, AttributeDefinition } from '../../../model/assets/assetModel.ts';
import { described, externalReference, langStrings, MAX_TEXT_LENGTH, names, writable } from '../metamodel/elements.ts';
import type { ConceptDescription, DataSpecificationIec61360, LangString } from '../metamodel/environment.ts';
import { idShortOf } from '../metamodel/idShort.ts';
import type { PlantView } from './plantView.ts';

export const IEC_61360 = 'https://admin-shell.io/DataSpecificationTemplates/DataSpecificationIec61360/3';
const MAX_PREFERRED_NAME_LENGTH = 255;

/** The concept of an attribute: the one of its type where the type has it, else one of the asset alone. */
export function conceptIdOf(asset: Asset, attribute: string, { model, ids }: PlantView): string {
  const type = typeOf(asset, model);
  return type?.attributes.has(attribute)
    ? ids.typeConcept(type.name, attribute)
    : ids.assetConcept(asset.id, attribute);
}

function typeOf({ type }: Asset, { types }: AssetModel): AssetType | undefined {
  return type === undefined ? undefined : types.get(type);
}

/** Of all attributes of all types, then of what single assets have of their own. */
export function* conceptDescriptions(view: PlantView): Generator<ConceptDescription> {
  for (const type of view.model.types.values()) {
    for (const attribute of type.attributes.values()) yield typeConcept(type, attribute, view);
  }
  for (const asset of view.model.assets.values()) yield* ownConcepts(asset, view);
}

/** The concepts that the attributes of an asset refer to. */
export function conceptsOf(asset: Asset, view: PlantView): ConceptDescription[] {
  const type = typeOf(asset, view.model);
  const ofType = [...asset.attributes.keys()].flatMap((name) => type?.attributes.get(name) ?? []);
  return [...ofType.map((attribute) => typeConcept(type!, attribute, view)), ...ownConcepts(asset, view)];
}

function typeConcept({ name }: AssetType, attribute: AttributeDefinition, { ids }: PlantView): ConceptDescription {
  return conceptDescription(ids.typeConcept(name, attribute.name), attribute, `${attribute.name} of ${name}`);
}

function* ownConcepts(asset: Asset, { model, ids }: PlantView): Generator<ConceptDescription> {
  const type = typeOf(asset, model);
  for (const attribute of asset.attributes.values()) {
    if (type?.attributes.has(attribute.name)) continue;
    const id = ids.assetConcept(asset.id, attribute.name);
    yield conceptDescription(id, attribute, `${attribute.name} of ${asset.path}`);
  }
}

/** `meaning` stands in for a description where nobody has written one: a definition must be there (AASc-3a-008). */
function conceptDescription(id: string, attribute: AttributeDefinition, meaning: string): ConceptDescription {
  const { name, description, unit } = attribute;
  return {
    modelType: 'ConceptDescription',
    ...{ id, idShort: idShortOf(name), ...names(name), ...described(description) },
    embeddedDataSpecifications: [
      {
        dataSpecification: externalReference(IEC_61360),
        dataSpecificationContent: {
          modelType: 'DataSpecificationIec61360',
          preferredName: english(name, MAX_PREFERRED_NAME_LENGTH),
          ...(unit !== '' && { unit: writable(unit), sourceOfDefinition: 'The unit is a code of UCUM.' }),
          dataType: dataTypeOf(attribute),
          definition: english(description === '' ? meaning : description, MAX_TEXT_LENGTH),
        },
      },
    ],
  };
}

function english(text: string, maxLength: number): readonly LangString[] {
  return langStrings(text, maxLength)!;
}

/** A measure must have a unit, a count has none (AASc-3a-009). */
function dataTypeOf({ type, unit }: AttributeDefinition): DataSpecificationIec61360['dataType'] {
  if (type === 'boolean') return 'BOOLEAN';
  if (type === 'string') return 'STRING';
  return unit === '' ? 'REAL_COUNT' : 'REAL_MEASURE';
}
