/** Writes an environment as XML (IDTA 01001-3-0, schema AAS.xsd): the same parts as in JSON, in the order that the schema fixes. */

import type { Environment } from '../metamodel/environment.ts';

const NAMESPACE = 'https://admin-shell.io/aas/3/0';

const REFERABLE = ['idShort', 'displayName', 'description'];
const IDENTIFIABLE = [...REFERABLE, 'administration', 'id'];
const SEMANTICS = ['semanticId', 'supplementalSemanticIds'];
const ELEMENT = [...REFERABLE, ...SEMANTICS, 'qualifiers'];

/** The parts of each class in the order of the schema; what a class has not in JSON either is left out. */
const ORDER: Readonly<Record<string, readonly string[]>> = {
  environment: ['assetAdministrationShells', 'submodels', 'conceptDescriptions'],
  assetAdministrationShell: [...IDENTIFIABLE, 'assetInformation', 'submodels'],
  assetInformation: ['assetKind', 'globalAssetId', 'specificAssetIds', 'assetType'],
  specificAssetId: [...SEMANTICS, 'name', 'value'],
  submodel: [...IDENTIFIABLE, 'kind', ...SEMANTICS, 'submodelElements'],
  administration: ['version', 'revision', 'templateId'],
  conceptDescription: [...IDENTIFIABLE, 'embeddedDataSpecifications'],
  embeddedDataSpecification: ['dataSpecification', 'dataSpecificationContent'],
  dataSpecificationIec61360: ['preferredName', 'unit', 'sourceOfDefinition', 'dataType', 'definition'],
  property: [...ELEMENT, 'valueType', 'value'],
  multiLanguageProperty: [...ELEMENT, 'value'],
  submodelElementCollection: [...ELEMENT, 'value'],
  entity: [...ELEMENT, 'statements', 'entityType', 'globalAssetId'],
  relationshipElement: [...ELEMENT, 'first', 'second'],
  qualifier: [...SEMANTICS, 'kind', 'type', 'valueType', 'value'],
  reference: ['type', 'keys'],
  key: ['type', 'value'],
  langString: ['language', 'text'],
};

/** What the members of a list are called; those of other lists are of a class that they name themselves. */
const MEMBERS: Readonly<Record<string, { readonly tag: string; readonly kind: string }>> = {
  displayName: { tag: 'langStringNameType', kind: 'langString' },
  description: { tag: 'langStringTextType', kind: 'langString' },
  preferredName: { tag: 'langStringPreferredNameTypeIec61360', kind: 'langString' },
  definition: { tag: 'langStringDefinitionTypeIec61360', kind: 'langString' },
  supplementalSemanticIds: { tag: 'reference', kind: 'reference' },
  qualifiers: { tag: 'qualifier', kind: 'qualifier' },
  keys: { tag: 'key', kind: 'key' },
  specificAssetIds: { tag: 'specificAssetId', kind: 'specificAssetId' },
  embeddedDataSpecifications: { tag: 'embeddedDataSpecification', kind: 'embeddedDataSpecification' },
};
const TEXT_VALUE = { tag: 'langStringTextType', kind: 'langString' };
const REFERENCE = { tag: 'reference', kind: 'reference' };

/** Parts that are objects, and what kind of object each is. */
const KINDS: Readonly<Record<string, string>> = {
  assetInformation: 'assetInformation',
  administration: 'administration',
  semanticId: 'reference',
  first: 'reference',
  second: 'reference',
  dataSpecification: 'reference',
};

type Json = Readonly<Record<string, unknown>>;

export function environmentXml(environment: Environment): string {
  const body = partsXml(environment as unknown as Json, 'environment');
  return `<?xml version="1.0" encoding="UTF-8"?>\n<environment xmlns="${NAMESPACE}">${body}</environment>\n`;
}

function partsXml(value: Json, kind: string): string {
  return ORDER[kind].map((name) => partXml(name, value[name], kind)).join('');
}

function partXml(name: string, value: unknown, owner: string): string {
  if (value === undefined) return '';
  if (typeof value === 'string') return element(name, escaped(value));
  if (!Array.isArray(value)) return element(name, objectXml(name, value as Json));
  return element(name, value.map((member: Json) => memberXml(name, member, owner)).join(''));
}

function objectXml(name: string, value: Json): string {
  const kind = KINDS[name];
  return kind === undefined ? ownClassXml(value) : partsXml(value, kind);
}

function memberXml(list: string, member: Json, owner: string): string {
  const known = MEMBERS[list] ?? (owner === 'multiLanguageProperty' ? TEXT_VALUE : undefined);
  // A shell refers to its submodels, an environment holds them.
  const named = list === 'submodels' && owner === 'assetAdministrationShell' ? REFERENCE : known;
  return named ? element(named.tag, partsXml(member, named.kind)) : ownClassXml(member);
}

function ownClassXml(value: Json): string {
  const { modelType: model = '' } = value as { readonly modelType?: string };
  const tag = `${model[0].toLowerCase()}${model.slice(1)}`;
  return element(tag, partsXml(value, tag));
}

function element(name: string, content: string): string {
  return `<${name}>${content}</${name}>`;
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '\r': '&#13;' };

function escaped(text: string): string {
  return text.replaceAll(/[&<>\r]/g, (character) => ENTITIES[character]);
}
