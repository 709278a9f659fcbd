/** What an Asset Administration Shell is made of, as its JSON has it: the parts of the metamodel that a plant needs (IDTA 01001-3-0). */

export type KeyType =
  | 'AssetAdministrationShell'
  | 'ConceptDescription'
  | 'Entity'
  | 'GlobalReference'
  | 'MultiLanguageProperty'
  | 'Property'
  | 'RelationshipElement'
  | 'Submodel'
  | 'SubmodelElementCollection';

export interface Key {
  readonly type: KeyType;
  readonly value: string;
}

export interface Reference {
  /** A model reference leads to what some repository of shells holds, an external one to anything with a name. */
  readonly type: 'ExternalReference' | 'ModelReference';
  readonly keys: readonly Key[];
}

export interface LangString {
  readonly language: string;
  readonly text: string;
}

/** Of the types of XML Schema those that values of a plant have. */
export type DataTypeDefXsd =
  | 'xs:anyURI'
  | 'xs:boolean'
  | 'xs:date'
  | 'xs:dateTime'
  | 'xs:double'
  | 'xs:long'
  | 'xs:string';

interface HasSemantics {
  readonly semanticId?: Reference;
  readonly supplementalSemanticIds?: readonly Reference[];
}

export interface Qualifier extends HasSemantics {
  readonly kind: 'ValueQualifier' | 'ConceptQualifier';
  /** Each of an element once (AASd-021). */
  readonly type: string;
  readonly valueType: DataTypeDefXsd;
  readonly value?: string;
}

interface Referable {
  readonly idShort?: string;
  readonly displayName?: readonly LangString[];
  readonly description?: readonly LangString[];
}

interface Identifiable extends Referable {
  readonly administration?: AdministrativeInformation;
  readonly id: string;
}

export interface AdministrativeInformation {
  readonly version?: string;
  readonly revision?: string;
  readonly templateId?: string;
}

interface Element extends Referable, HasSemantics {
  readonly qualifiers?: readonly Qualifier[];
}

export interface Property extends Element {
  readonly modelType: 'Property';
  readonly valueType: DataTypeDefXsd;
  /** As XML Schema writes it; absent where there is none. */
  readonly value?: string;
}

export interface MultiLanguageProperty extends Element {
  readonly modelType: 'MultiLanguageProperty';
  readonly value?: readonly LangString[];
}

export interface SubmodelElementCollection extends Element {
  readonly modelType: 'SubmodelElementCollection';
  readonly value?: readonly SubmodelElement[];
}

export interface Entity extends Element {
  readonly modelType: 'Entity';
  readonly statements?: readonly SubmodelElement[];
  readonly entityType: 'SelfManagedEntity' | 'CoManagedEntity';
  readonly globalAssetId?: string;
}

export interface RelationshipElement extends Element {
  readonly modelType: 'RelationshipElement';
  readonly first: Reference;
  readonly second: Reference;
}

export type SubmodelElement =
  | Property
  | MultiLanguageProperty
  | SubmodelElementCollection
  | Entity
  | RelationshipElement;

export interface Submodel extends Identifiable, HasSemantics {
  readonly modelType: 'Submodel';
  readonly kind: 'Instance';
  readonly submodelElements?: readonly SubmodelElement[];
}

export interface SpecificAssetId extends HasSemantics {
  readonly name: string;
  readonly value: string;
}

export interface AssetInformation {
  readonly assetKind: 'Instance';
  readonly globalAssetId: string;
  readonly specificAssetIds: readonly SpecificAssetId[];
  readonly assetType?: string;
}

export interface AssetAdministrationShell extends Identifiable {
  readonly modelType: 'AssetAdministrationShell';
  readonly assetInformation: AssetInformation;
  readonly submodels: readonly Reference[];
}

/** What a property means and is measured in (IDTA 01003-a, IEC 61360-1). */
export interface DataSpecificationIec61360 {
  readonly modelType: 'DataSpecificationIec61360';
  readonly preferredName: readonly LangString[];
  readonly unit?: string;
  readonly sourceOfDefinition?: string;
  readonly dataType: 'BOOLEAN' | 'REAL_COUNT' | 'REAL_MEASURE' | 'STRING';
  readonly definition: readonly LangString[];
}

export interface ConceptDescription extends Identifiable {
  readonly modelType: 'ConceptDescription';
  readonly embeddedDataSpecifications: readonly {
    readonly dataSpecification: Reference;
    readonly dataSpecificationContent: DataSpecificationIec61360;
  }[];
}

/** What a file holds; a list that would be empty is left out, as the schema asks. */
export interface Environment {
  readonly assetAdministrationShells?: readonly AssetAdministrationShell[];
  readonly submodels?: readonly Submodel[];
  readonly conceptDescriptions?: readonly ConceptDescription[];
}

/** Leaves out lists that are empty. */
export function environment(contents: Required<Environment>): Environment {
  return Object.fromEntries(Object.entries(contents).filter(([, list]) => list.length > 0));
}

/** The elements directly below an element, or below a submodel. */
export function childrenOf(element: SubmodelElement | Submodel): readonly SubmodelElement[] {
  if (element.modelType === 'Submodel') return element.submodelElements ?? [];
  if (element.modelType === 'SubmodelElementCollection') return element.value ?? [];
  return element.modelType === 'Entity' ? (element.statements ?? []) : [];
}
