/** Makes elements of submodels, so that each keeps to what the metamodel says of texts, values and references. */

import type {
  DataTypeDefXsd,
  Entity,
  Key,
  LangString,
  MultiLanguageProperty,
  Property,
  Qualifier,
  Reference,
  SubmodelElement,
  SubmodelElementCollection,
} from './environment.ts';

/** What XML cannot carry (AASd-130). */
const UNWRITABLE = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;
export const MAX_NAME_LENGTH = 128;
export const MAX_TEXT_LENGTH = 1_023;

export function writable(text: string): string {
  return text.toWellFormed().replaceAll(UNWRITABLE, '\ufffd');
}

/** A text of people; models are written in one language, and English is what is asked for where one is (AASc-3a-002). */
export function langStrings(text: string, maxLength: number): readonly LangString[] | undefined {
  const shown = writable(text).slice(0, maxLength).toWellFormed();
  return shown === '' ? undefined : [{ language: 'en', text: shown }];
}

export function names(text: string): { displayName?: readonly LangString[] } {
  const displayName = langStrings(text, MAX_NAME_LENGTH);
  return displayName ? { displayName } : {};
}

export function described(text: string): { description?: readonly LangString[] } {
  const description = langStrings(text, MAX_TEXT_LENGTH);
  return description ? { description } : {};
}

export function externalReference(value: string): Reference {
  return { type: 'ExternalReference', keys: [{ type: 'GlobalReference', value }] };
}

export function modelReference(...keys: readonly Key[]): Reference {
  return { type: 'ModelReference', keys };
}

/** A short name and what the element means. */
export interface Meaning {
  readonly idShort: string;
  readonly semanticId: string;
  readonly supplementalSemanticIds?: readonly string[];
}

function semantics({ idShort, semanticId, supplementalSemanticIds }: Meaning) {
  return {
    idShort,
    semanticId: externalReference(semanticId),
    ...(supplementalSemanticIds && { supplementalSemanticIds: supplementalSemanticIds.map(externalReference) }),
  };
}

export function property(meaning: Meaning, valueType: DataTypeDefXsd, value: string | undefined): Property {
  return {
    modelType: 'Property',
    ...semantics(meaning),
    valueType,
    ...(value !== undefined && { value: writable(value) }),
  };
}

export function multiLanguage(meaning: Meaning, text: string): MultiLanguageProperty {
  const value = langStrings(text, MAX_TEXT_LENGTH);
  return { modelType: 'MultiLanguageProperty', ...semantics(meaning), ...(value && { value }) };
}

export function collection(meaning: Meaning, value: readonly SubmodelElement[]): SubmodelElementCollection {
  return { modelType: 'SubmodelElementCollection', ...semantics(meaning), ...(value.length > 0 && { value }) };
}

export function selfManaged(meaning: Meaning, globalAssetId: string, statements: readonly SubmodelElement[]): Entity {
  return {
    modelType: 'Entity',
    ...semantics(meaning),
    ...(statements.length > 0 && { statements }),
    entityType: 'SelfManagedEntity',
    globalAssetId,
  };
}

export function relationship(meaning: Meaning, first: Reference, second: Reference): SubmodelElement {
  return { modelType: 'RelationshipElement', ...semantics(meaning), first, second };
}

/** Says something of the value of an element, beside the value. */
export function valueQualifier(type: string, valueType: DataTypeDefXsd, value: string, semanticId?: string): Qualifier {
  return {
    ...(semanticId !== undefined && { semanticId: externalReference(semanticId) }),
    ...{ kind: 'ValueQualifier', type, valueType, value: writable(value) },
  };
}

/** A double as XML Schema writes it. */
export function doubleText(value: number): string {
  if (Number.isFinite(value)) return String(value);
  return Number.isNaN(value) ? 'NaN' : value > 0 ? 'INF' : '-INF';
}
