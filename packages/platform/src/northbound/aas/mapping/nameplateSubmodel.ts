/** The Digital Nameplate (IDTA 02006-3-0): what the maker wrote on an asset, and plainly marked what nobody has told. */

import type { Asset } from '../../../model/assets/assetModel.ts';
import {
  collection,
  externalReference,
  type Meaning,
  multiLanguage,
  names,
  property,
  valueQualifier,
} from '../metamodel/elements.ts';
import type { DataTypeDefXsd, Property, Submodel, SubmodelElement } from '../metamodel/environment.ts';
import { SiblingNames } from '../metamodel/idShort.ts';
import type { PlantView } from './plantView.ts';

export const NAMEPLATE = 'https://admin-shell.io/idta/nameplate/3/0/Nameplate';
const ADDRESS = 'https://admin-shell.io/zvei/nameplate/1/0/ContactInformations/AddressInformation';
const SPECIFIC = '0173-1#02-ABI218#003/0173-1#01-AGZ672#004';
const ARBITRARY = 'https://admin-shell.io/SMT/General/ArbitraryProp';
/** On an element that the template asks for and of which the model knows nothing. */
export const ABSENT = 'urn:tidegate:semantics/qualifier/absent/1/0';

interface Field {
  readonly idShort: string;
  readonly semanticId: string;
  readonly supplement?: string;
  /** A text in languages, where it is no XML Schema type. */
  readonly type: DataTypeDefXsd | 'text';
  readonly required?: true;
  /** What the nameplate of the model may call it. */
  readonly keys: readonly string[];
  /** What a value must look like; another one counts as absent, and stays among the specific properties. */
  readonly form?: RegExp;
}

/** Table of the template, in its order: IEC CDD ids first, those of ECLASS beside them. */
const FIELDS: readonly Field[] = [
  {
    ...{ idShort: 'URIOfTheProduct', semanticId: '0112/2///61987#ABN590#002', supplement: '0173-1#02-ABH173#003' },
    ...{
      type: 'xs:anyURI',
      required: true,
      keys: ['product-uri', 'uri-of-the-product'],
      form: /^[a-z][a-z0-9+.-]*:\S+$/i,
    },
  },
  {
    ...{ idShort: 'ManufacturerName', semanticId: '0112/2///61987#ABA565#009', supplement: '0173-1#02-AAO677#004' },
    ...{ type: 'text', required: true, keys: ['manufacturer', 'manufacturer-name', 'maker'] },
  },
  {
    idShort: 'ManufacturerProductDesignation',
    ...{ semanticId: '0112/2///61987#ABA567#009', supplement: '0173-1#02-AAW338#003' },
    ...{ type: 'text', required: true, keys: ['product-designation', 'designation', 'product'] },
  },
  {
    idShort: 'ManufacturerProductRoot',
    ...{ semanticId: '0112/2///61360_7#AAS011#001', supplement: '0173-1#02-AAU732#003' },
    ...{ type: 'text', keys: ['product-root'] },
  },
  {
    idShort: 'ManufacturerProductFamily',
    ...{ semanticId: '0112/2///61987#ABP464#002', supplement: '0173-1#02-AAU731#003' },
    ...{ type: 'text', keys: ['product-family', 'family'] },
  },
  {
    idShort: 'ManufacturerProductType',
    ...{ semanticId: '0112/2///61987#ABA300#008', supplement: '0173-1#02-AAO057#004' },
    ...{ type: 'xs:string', keys: ['product-type', 'model', 'type'] },
  },
  {
    idShort: 'OrderCodeOfManufacturer',
    ...{ semanticId: '0112/2///61987#ABA950#008', supplement: '0173-1#02-AAO227#004' },
    ...{ type: 'xs:string', required: true, keys: ['order-code'] },
  },
  {
    idShort: 'ProductArticleNumberOfManufacturer',
    ...{ semanticId: '0112/2///61987#ABA581#007', supplement: '0173-1#02-AAO676#005' },
    ...{ type: 'xs:string', keys: ['article-number', 'part-number'] },
  },
  {
    ...{ idShort: 'SerialNumber', semanticId: '0112/2///61987#ABA951#009', supplement: '0173-1#02-AAM556#004' },
    ...{ type: 'xs:string', keys: ['serial-number', 'serial'] },
  },
  {
    ...{ idShort: 'YearOfConstruction', semanticId: '0112/2///61987#ABP000#002', supplement: '0173-1#02-AAP906#003' },
    ...{ type: 'xs:string', keys: ['year-of-construction', 'year'], form: /^\d{4}$/ },
  },
  {
    ...{ idShort: 'DateOfManufacture', semanticId: '0112/2///61987#ABB757#007', supplement: '0173-1#02-AAR972#004' },
    ...{ type: 'xs:date', keys: ['date-of-manufacture'], form: /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|1\d|2[0-8])$/ },
  },
  {
    ...{ idShort: 'HardwareVersion', semanticId: '0112/2///61987#ABA926#008', supplement: '0173-1#02-AAN270#004' },
    ...{ type: 'xs:string', keys: ['hardware-version'] },
  },
  {
    ...{ idShort: 'FirmwareVersion', semanticId: '0112/2///61987#ABA302#006', supplement: '0173-1#02-AAM985#004' },
    ...{ type: 'xs:string', keys: ['firmware-version', 'firmware'] },
  },
  {
    ...{ idShort: 'SoftwareVersion', semanticId: '0112/2///61987#ABA601#008', supplement: '0173-1#02-AAM737#004' },
    ...{ type: 'xs:string', keys: ['software-version', 'software'] },
  },
  {
    ...{ idShort: 'CountryOfOrigin', semanticId: '0112/2///61987#ABP462#001', supplement: '0173-1#02-AAO259#007' },
    ...{ type: 'xs:string', keys: ['country-of-origin'], form: /^[A-Z]{2}$/ },
  },
];

/** Of the address of the maker (IDTA 02002-1-0), what it must have. */
const ADDRESS_FIELDS: readonly Field[] = [
  {
    idShort: 'Street',
    semanticId: '0173-1#02-AAO128#002',
    type: 'text',
    required: true,
    keys: ['manufacturer-street'],
  },
  { idShort: 'Zipcode', semanticId: '0173-1#02-AAO129#002', type: 'text', required: true, keys: ['manufacturer-zip'] },
  {
    idShort: 'CityTown',
    semanticId: '0173-1#02-AAO132#002',
    type: 'text',
    required: true,
    keys: ['manufacturer-city'],
  },
  {
    ...{ idShort: 'NationalCode', semanticId: '0173-1#02-AAO134#002', type: 'text', required: true },
    ...{ keys: ['manufacturer-country'], form: /^[A-Z]{2}$/ },
  },
];
/** The address follows this field. */
const BEFORE_ADDRESS = 'ManufacturerProductDesignation';

export function nameplateSubmodel(asset: Asset, { ids }: PlantView): Submodel {
  const plate = platesOf(asset);
  const used = new Set<string>();
  const elements = FIELDS.flatMap((field) => {
    const element = elementOf(field, plate, used);
    if (field.idShort !== BEFORE_ADDRESS) return element;
    const address = ADDRESS_FIELDS.flatMap((part) => elementOf(part, plate, used));
    return [...element, collection({ idShort: 'AddressInformation', semanticId: ADDRESS }, address)];
  });
  const rest = [...plate].filter(([key]) => !used.has(key));
  return {
    modelType: 'Submodel',
    ...{ id: ids.submodel('nameplate', asset.id), idShort: 'Nameplate', kind: 'Instance' },
    administration: { version: '3', revision: '0', templateId: 'https://admin-shell.io/idta-02006-3-0' },
    semanticId: externalReference(NAMEPLATE),
    submodelElements: rest.length > 0 ? [...elements, specificProperties(rest)] : elements,
  };
}

/** The serial number of an asset, by which others find its shell. */
export function serialNumberOf(asset: Asset): { readonly value: string; readonly semanticId: string } | undefined {
  const field = FIELDS.find(({ idShort }) => idShort === 'SerialNumber')!;
  const value = find(field, platesOf(asset))?.[1];
  return value === undefined ? undefined : { value, semanticId: field.semanticId };
}

/** What the nameplate of the model says, and constant texts among the attributes. */
function platesOf({ nameplate, attributes }: Asset): ReadonlyMap<string, string> {
  const constants = [...attributes.values()].flatMap(({ name, source, type }): [string, string][] =>
    source.kind === 'constant' && type === 'string' && typeof source.value === 'string' ? [[name, source.value]] : [],
  );
  return new Map([...constants, ...nameplate].filter(([, text]) => text.trim() !== ''));
}

function find({ keys, form }: Field, plate: ReadonlyMap<string, string>): readonly [string, string] | undefined {
  for (const key of keys) {
    const text = plate.get(key);
    if (text !== undefined && (form?.test(text) ?? true)) return [key, text];
  }
  return undefined;
}

function elementOf(field: Field, plate: ReadonlyMap<string, string>, used: Set<string>): SubmodelElement[] {
  const found = find(field, plate);
  if (!found && !field.required) return [];
  if (found) used.add(found[0]);
  const { idShort, semanticId, supplement, type } = field;
  const meaning: Meaning = {
    idShort,
    semanticId,
    ...(supplement !== undefined && { supplementalSemanticIds: [supplement] }),
  };
  const element = type === 'text' ? multiLanguage(meaning, found?.[1] ?? '') : property(meaning, type, found?.[1]);
  return [found ? element : { ...element, qualifiers: [valueQualifier('Absent', 'xs:boolean', 'true', ABSENT)] }];
}

function specificProperties(rest: readonly (readonly [string, string])[]): SubmodelElement {
  const siblings = new SiblingNames();
  const properties = rest.map(([key, text]): Property => {
    const meaning = { idShort: siblings.take(key), semanticId: ARBITRARY };
    return { ...property(meaning, 'xs:string', text), ...names(key) };
  });
  return collection({ idShort: 'AssetSpecificProperties', semanticId: SPECIFIC }, properties);
}
