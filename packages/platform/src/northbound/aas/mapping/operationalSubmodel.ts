/** The submodel of what an asset is doing now: its attributes with unit, status and time beside each value. */

import { formatTimestamp } from '@tidegate/core/clock/timestamp.ts';
import type { Sample } from '@tidegate/core/sample/sample.ts';
import { STATUS, severityOf, statusName } from '@tidegate/core/sample/statusCode.ts';
import type { Asset, Attribute } from '../../../model/assets/assetModel.ts';
import { doubleText, externalReference, valueQualifier } from '../metamodel/elements.ts';
import type { Property, Qualifier, Submodel } from '../metamodel/environment.ts';
import { SiblingNames } from '../metamodel/idShort.ts';
import { attributeProperty } from './attributeProperty.ts';
import type { PlantView } from './plantView.ts';

/** No template of the IDTA is for live values; this one is Tidegate's own. */
export const OPERATIONAL_DATA = 'urn:tidegate:semantics/operational-data/1/0';
const QUALIFIERS = 'urn:tidegate:semantics/qualifier';

export function operationalSubmodel(asset: Asset, view: PlantView): Submodel {
  const siblings = new SiblingNames();
  const elements = [...asset.attributes.values()].map((attribute) =>
    liveProperty(asset, attribute, siblings.take(attribute.name), view),
  );
  return {
    modelType: 'Submodel',
    ...{ id: view.ids.submodel('operational-data', asset.id), idShort: 'OperationalData', kind: 'Instance' },
    semanticId: externalReference(OPERATIONAL_DATA),
    ...(elements.length > 0 && { submodelElements: elements }),
  };
}

function liveProperty(asset: Asset, attribute: Attribute, idShort: string, view: PlantView): Property {
  const sample = view.values.latest(asset.id, attribute.name);
  const isBad = sample === undefined || severityOf(sample.status) === 'bad';
  const value = isBad ? undefined : sample.value;
  const bare = attributeProperty(asset, attribute, { idShort, value }, view);
  return { ...bare, qualifiers: qualifiersOf(attribute, sample) };
}

function qualifiersOf({ unit, low, high, uncertainty }: Attribute, sample: Sample | undefined): Qualifier[] {
  const { status } = sample ?? { status: STATUS.BadWaitingForInitialData };
  const bounds = { Low: low, High: high, Uncertainty: uncertainty };
  return [
    ...(unit === '' ? [] : [said('Unit', 'xs:string', unit)]),
    said('Status', 'xs:string', statusName(status)),
    said('StatusCode', 'xs:long', String(status)),
    ...(sample ? [said('Time', 'xs:dateTime', formatTimestamp(sample.time))] : []),
    ...Object.entries(bounds).flatMap(([type, bound]) =>
      bound === undefined ? [] : [said(type, 'xs:double', doubleText(bound))],
    ),
  ];
}

function said(type: string, valueType: Qualifier['valueType'], value: string): Qualifier {
  return valueQualifier(type, valueType, value, `${QUALIFIERS}/${type.toLowerCase()}/1/0`);
}
