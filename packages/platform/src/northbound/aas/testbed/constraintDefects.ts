/** The constraints of the metamodel (IDTA 01001-3-0, annex; 01003-a-3-0) that what we write could break, each by its number. */

/** What is looked at; the rest is looked into. */
type Field =
  | 'assetKind'
  | 'dataSpecification'
  | 'dataType'
  | 'definition'
  | 'entityType'
  | 'globalAssetId'
  | 'id'
  | 'idShort'
  | 'keys'
  | 'kind'
  | 'language'
  | 'modelType'
  | 'name'
  | 'preferredName'
  | 'qualifiers'
  | 'semanticId'
  | 'specificAssetIds'
  | 'statements'
  | 'submodelElements'
  | 'type'
  | 'unit'
  | 'value'
  | 'valueType';
type Json = { readonly [name in Field]?: unknown };

/** A part of an environment with the way to it, and what it lies in. */
interface Place {
  readonly path: string;
  readonly value: Json;
}

interface Constraint {
  readonly number: string;
  /** Why `value` breaks it; `undefined` where it does not, or is nothing that the constraint is about. */
  readonly defect: (value: Json) => string | undefined;
}

const ID_SHORT = /^[a-zA-Z][a-zA-Z0-9_]*$/;
const WRITABLE = /^[\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u;
const VALUES: Readonly<Record<string, RegExp>> = {
  'xs:anyURI': /^\S*$/,
  'xs:boolean': /^(true|false|0|1)$/,
  'xs:date': /^-?\d{4,}-\d\d-\d\d(Z|[+-]\d\d:\d\d)?$/,
  'xs:dateTime': /^-?\d{4,}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?$/,
  'xs:double': /^([+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?|-?INF|NaN)$/,
  'xs:long': /^[+-]?\d+$/,
};
const AAS_IDENTIFIABLES = ['AssetAdministrationShell', 'ConceptDescription', 'Submodel'];
const FRAGMENTS = ['Entity', 'MultiLanguageProperty', 'Property', 'RelationshipElement', 'SubmodelElementCollection'];
const MEASURES = ['REAL_MEASURE', 'INTEGER_MEASURE', 'RATIONAL_MEASURE'];
const LENGTHS: Readonly<Record<string, number>> = { idShort: 128, id: 2_000, globalAssetId: 2_000, templateId: 2_000 };

const list = (value: unknown): readonly Json[] => (Array.isArray(value) ? value : []);
const repeated = (names: readonly unknown[]) =>
  names.find((name, at) => name !== undefined && names.indexOf(name) < at);
const children = (value: Json) => [
  ...list(value.submodelElements),
  ...list(value.statements),
  ...(value.modelType === 'SubmodelElementCollection' ? list(value.value) : []),
];
const keys = (value: Json) => list(value.keys).map(({ type }) => String(type));
const isReference = (value: Json) => 'keys' in value;
const english = (texts: unknown) => list(texts).some(({ language }) => String(language).startsWith('en'));
const isConcept = (value: Json) => value.modelType === 'DataSpecificationIec61360';

export const CONSTRAINTS: readonly Constraint[] = [
  {
    number: 'AASd-002',
    defect: ({ idShort }) => (idShort === undefined || ID_SHORT.test(String(idShort)) ? undefined : String(idShort)),
  },
  {
    number: 'AASd-005',
    defect: (value) => ('revision' in value && !('version' in value) ? 'a revision without a version' : undefined),
  },
  {
    number: 'AASd-014',
    defect: ({ entityType, globalAssetId }) =>
      (entityType === 'SelfManagedEntity') === (globalAssetId !== undefined) || entityType === undefined
        ? undefined
        : `${entityType} with ${globalAssetId}`,
  },
  {
    number: 'AASd-020',
    defect: ({ valueType, value }) =>
      value === undefined || VALUES[String(valueType)]?.test(String(value)) !== false
        ? undefined
        : `${value} is no ${valueType}`,
  },
  {
    number: 'AASd-021',
    defect: ({ qualifiers }) => repeated(list(qualifiers).map(({ type }) => type)) as string | undefined,
  },
  {
    number: 'AASd-022',
    defect: (value) => repeated(children(value).map(({ idShort }) => idShort)) as string | undefined,
  },
  {
    number: 'AASd-116',
    defect: ({ specificAssetIds }) =>
      list(specificAssetIds).some(({ name }) => String(name).toLowerCase() === 'globalassetid')
        ? 'it is reserved'
        : undefined,
  },
  {
    number: 'AASd-117',
    defect: (value) => (children(value).every(({ idShort }) => idShort) ? undefined : 'a child without a short name'),
  },
  {
    number: 'AASd-118',
    defect: (value) =>
      'supplementalSemanticIds' in value && !('semanticId' in value) ? 'no main meaning beside others' : undefined,
  },
  {
    number: 'AASd-119, AASd-129',
    defect: ({ qualifiers }) =>
      list(qualifiers).some(({ kind }) => kind === 'TemplateQualifier')
        ? 'an instance has none of templates'
        : undefined,
  },
  {
    number: 'AASd-121, AASd-122, AASd-123',
    defect: (value) => {
      if (!isReference(value)) return undefined;
      const roots = value.type === 'ExternalReference' ? ['GlobalReference'] : AAS_IDENTIFIABLES;
      return roots.includes(keys(value)[0]) ? undefined : `${value.type} begins with ${keys(value)[0]}`;
    },
  },
  {
    number: 'AASd-124, AASd-125',
    defect: (value) => {
      const rest = isReference(value) ? keys(value).slice(1) : [];
      return rest.every((type) => FRAGMENTS.includes(type)) ? undefined : rest.join();
    },
  },
  {
    number: 'AASd-130',
    defect: (value) =>
      Object.values(value).find((text) => typeof text === 'string' && !WRITABLE.test(text)) as string | undefined,
  },
  {
    number: 'AASd-131',
    defect: (value) =>
      'assetKind' in value && !value.globalAssetId && list(value.specificAssetIds).length === 0
        ? 'an asset without a name'
        : undefined,
  },
  {
    number: 'AASc-3a-002, AASc-3a-008',
    defect: (value) =>
      !isConcept(value) || (english(value.preferredName) && english(value.definition)) ? undefined : 'no English',
  },
  {
    number: 'AASc-3a-009',
    defect: (value) =>
      MEASURES.includes(String(value.dataType)) && !value.unit ? 'a measure without a unit' : undefined,
  },
  {
    number: 'AASc-3a-050',
    defect: ({ dataSpecification }) =>
      dataSpecification === undefined ||
      String(list((dataSpecification as Json).keys)[0]?.value).endsWith('/DataSpecificationIec61360/3')
        ? undefined
        : 'another data specification',
  },
  {
    number: 'schema: lengths and lists',
    defect: (value) => {
      const long = Object.entries(LENGTHS).find(
        ([name, length]) => String((value as Record<string, unknown>)[name] ?? '').length > length,
      );
      const empty = Object.entries(value).find(([, part]) => part === '' || (Array.isArray(part) && part.length === 0));
      // The value of a property may be an empty text.
      return long?.[0] ?? (empty?.[0] === 'value' && empty[1] === '' ? undefined : empty?.[0]);
    },
  },
];

/** Every constraint that any part of `environment` breaks: `AASd-002 at submodels/0: ...`. */
export function constraintDefects(environment: object): string[] {
  return places(environment as Json, '').flatMap(({ path, value }) =>
    CONSTRAINTS.flatMap(({ number, defect }) => {
      const found = defect(value);
      return found === undefined ? [] : [`${number} at ${path}: ${found}`];
    }),
  );
}

/** Identifiers that are not unique, and references to submodels that lead nowhere. */
export function danglingReferences(environment: object): string[] {
  const all = places(environment as Json, '');
  const ids = all.flatMap(({ value }) => ('id' in value ? [String(value.id)] : []));
  const wanted = all.flatMap(({ value }) =>
    value.type === 'Submodel' && typeof value.value === 'string' ? [value.value] : [],
  );
  const twice = repeated(ids);
  return [...(twice === undefined ? [] : [String(twice)]), ...wanted.filter((id) => !ids.includes(id))];
}

function places(value: Json, path: string): Place[] {
  const below = Object.entries(value).flatMap(([name, part]) => {
    if (typeof part !== 'object' || part === null) return [];
    return places(part as Json, path === '' ? name : `${path}/${name}`);
  });
  return Array.isArray(value) ? below : [{ path, value }, ...below];
}
