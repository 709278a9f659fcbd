/** Time Series Data (IDTA 02008-1-1): what is recorded of an asset, where its history is asked for, and the latest of it. */

import { formatTimestamp, type Timestamp } from '@tidegate/core/clock/timestamp.ts';
import type { SampleValue } from '@tidegate/core/sample/sample.ts';
import { severityOf } from '@tidegate/core/sample/statusCode.ts';
import type { Asset, Attribute } from '../../../model/assets/assetModel.ts';
import { collection, externalReference, multiLanguage, property } from '../metamodel/elements.ts';
import type { Property, Submodel, SubmodelElement } from '../metamodel/environment.ts';
import { SiblingNames } from '../metamodel/idShort.ts';
import { attributeProperty } from './attributeProperty.ts';
import type { PlantView } from './plantView.ts';

const ROOT = 'https://admin-shell.io/idta/TimeSeries';
export const TIME_SERIES = `${ROOT}/1/1`;
/** What a link asks for where the reader wants nothing else: it takes the parameters of the REST interface. */
const LINKED_QUERY = 'start=*-1d&end=*';

interface Column {
  readonly attribute: Attribute;
  readonly idShort: string;
}

export function timeSeriesSubmodel(asset: Asset, view: PlantView): Submodel {
  const siblings = new SiblingNames(['Time']);
  const columns = [...asset.attributes.values()].map((attribute) => ({
    ...{ attribute, idShort: siblings.take(attribute.name) },
  }));
  const record = [timeProperty(), ...columns.map((column) => valueProperty(asset, column, undefined, view))];
  const metadata = collection({ idShort: 'Metadata', semanticId: `${ROOT}/Metadata/1/1` }, [
    multiLanguage({ idShort: 'Name', semanticId: `${ROOT}/Metadata/Name/1/1` }, asset.path),
    multiLanguage(
      { idShort: 'Description', semanticId: `${ROOT}/Metadata/Description/1/1` },
      asset.description === '' ? `Attributes of ${asset.path}` : asset.description,
    ),
    collection({ idShort: 'Record', semanticId: `${ROOT}/Record/1/1` }, record),
  ]);
  const links = columns
    .filter(({ attribute }) => attribute.source.kind !== 'unbound')
    .map((column) => linkedSegment(asset, column, view));
  const segments = [...latestSegment(asset, columns, view), ...links];
  return {
    modelType: 'Submodel',
    ...{ id: view.ids.submodel('time-series', asset.id), idShort: 'TimeSeries', kind: 'Instance' },
    administration: {
      version: '1',
      revision: '1',
      templateId: 'https://admin-shell.io/idta/SubmodelTemplate/TimeSeries/1/1',
    },
    semanticId: externalReference(TIME_SERIES),
    submodelElements: [metadata, collection({ idShort: 'Segments', semanticId: `${ROOT}/Segments/1/1` }, segments)],
  };
}

/** Coordinated universal time as ISO 8601 (02008-1-1, table 10). */
function timeProperty(value?: string): Property {
  return property({ idShort: 'Time', semanticId: `${ROOT}/UtcTime/1/1` }, 'xs:dateTime', value);
}

function valueProperty(
  asset: Asset,
  { attribute, idShort }: Column,
  value: SampleValue | undefined,
  view: PlantView,
): Property {
  return attributeProperty(asset, attribute, { idShort, value }, view);
}

function linkedSegment(asset: Asset, { attribute, idShort }: Column, { origin }: PlantView): SubmodelElement {
  const of = encodeURIComponent(asset.id);
  const endpoint = `${origin}/api/v1/assets/${of}/attributes/${encodeURIComponent(attribute.name)}/history`;
  return collection({ idShort: `History_${idShort}`, semanticId: `${ROOT}/Segments/LinkedSegment/1/1` }, [
    segmentName(`History of ${attribute.name}`),
    property({ idShort: 'State', semanticId: `${ROOT}/Segment/State/1/1` }, 'xs:string', 'in progress'),
    property({ idShort: 'Endpoint', semanticId: `${ROOT}/Endpoint/1/1` }, 'xs:string', endpoint),
    property({ idShort: 'Query', semanticId: `${ROOT}/Query/1/1` }, 'xs:string', LINKED_QUERY),
  ]);
}

/** The latest usable value of each attribute; those of one moment share a record. None where nothing has come yet. */
function latestSegment(asset: Asset, columns: readonly Column[], view: PlantView): SubmodelElement[] {
  const byTime = new Map<Timestamp, Property[]>();
  for (const column of columns) {
    const sample = view.values.latest(asset.id, column.attribute.name);
    if (!sample || sample.value === null || severityOf(sample.status) === 'bad') continue;
    const value = valueProperty(asset, column, sample.value, view);
    byTime.set(sample.time, [...(byTime.get(sample.time) ?? []), value]);
  }
  if (byTime.size === 0) return [];
  const times = [...byTime.keys()].sort((a, b) => a - b);
  const [first, last] = [times[0], times.at(-1)!].map(formatTimestamp);
  const records = times.map((time, index) =>
    collection({ idShort: `Record_${index}`, semanticId: `${ROOT}/Record/1/1` }, [
      timeProperty(formatTimestamp(time)),
      ...byTime.get(time)!,
    ]),
  );
  const segment = (idShort: string) => ({ idShort, semanticId: `${ROOT}/Segment/${idShort}/1/1` });
  return [
    collection({ idShort: 'LatestValues', semanticId: `${ROOT}/Segments/InternalSegment/1/1` }, [
      segmentName('Latest values'),
      property(segment('RecordCount'), 'xs:long', String(times.length)),
      property(segment('StartTime'), 'xs:string', first),
      property(segment('EndTime'), 'xs:string', last),
      property(segment('State'), 'xs:string', 'in progress'),
      property(segment('LastUpdate'), 'xs:string', last),
      collection({ idShort: 'Records', semanticId: `${ROOT}/Records/1/1` }, records),
    ]),
  ];
}

function segmentName(text: string): SubmodelElement {
  return multiLanguage({ idShort: 'Name', semanticId: `${ROOT}/Segment/Name/1/1` }, text);
}
