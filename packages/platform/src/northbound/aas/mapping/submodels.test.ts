import { describe, expect, it } from 'vitest';
import { childValues, pathsBelow } from '../api/contentViews.ts';
import { trailTo } from '../api/elementPath.ts';
import type { Qualifier, SubmodelElement } from '../metamodel/environment.ts';
import { plantModel, viewOf } from '../testbed/plantModel.ts';
import { AasIds, type SubmodelKind } from './aasIds.ts';
import { assetShell, submodelOf } from './assetShell.ts';
import { conceptDescriptions } from './conceptDescriptions.ts';

const view = viewOf(await plantModel());
const assetOf = (id: string) => view.model.assets.get(id)!;
const made = (kind: SubmodelKind, id = 'P1') => submodelOf(kind, assetOf(id), view);
const at = (kind: SubmodelKind, path: string, id = 'P1') => trailTo(made(kind, id), path)?.at(-1) as SubmodelElement;
const qualifiersOf = (element: SubmodelElement) =>
  Object.fromEntries((element.qualifiers ?? []).map(({ type, value }: Qualifier) => [type, value]));

describe('identifiers', () => {
  it.each(['P1', 'acme/north/tank', 'Größe %2F?#'])('of %s are found again, and only as they were given out', (id) => {
    const ids = new AasIds('https://acme.example/aas/');
    expect(ids.assetOfShell(ids.shell(id))).toBe(id);
    expect(ids.submodelOf(ids.submodel('time-series', id))).toEqual({ kind: 'time-series', asset: id });
    for (const other of [`${ids.shell(id)}/`, ids.globalAsset(id), ids.shell(id).replace('acme.', 'acne.'), '%', '']) {
      expect(ids.assetOfShell(other)).toBeUndefined();
      expect(ids.submodelOf(other)).toBeUndefined();
    }
  });
});

it('a shell has the names of its asset and leads to its submodels', () => {
  const shell = assetShell(assetOf('P1'), view);
  expect(shell).toMatchObject({ id: 'https://acme.example/aas/shell/P1', idShort: 'pump_1' });
  expect(shell.assetInformation).toMatchObject({
    globalAssetId: 'https://acme.example/aas/asset/P1',
    assetType: 'https://acme.example/aas/type/pump',
  });
  expect(shell.assetInformation.specificAssetIds.map(({ name, value }) => [name, value])).toEqual([
    ['assetId', 'P1'],
    ['path', 'acme/north/pump-1'],
    ['serialNumber', 'S-17'],
  ]);
  expect(shell.submodels.map(({ keys }) => keys[0].value.split('/').at(-2))).toEqual([
    'nameplate',
    'time-series',
    'structure',
    'operational-data',
  ]);
});

describe('the nameplate', () => {
  it('says what the model does, under the names of the template', () => {
    expect(childValues(made('nameplate'), 'deep')).toMatchObject({
      ManufacturerName: [{ en: 'Acme & Sons' }],
      OrderCodeOfManufacturer: 'AB-1',
      SerialNumber: 'S-17',
      YearOfConstruction: '2011',
      AssetSpecificProperties: { colour: 'green', paint: 'blue' },
    });
    expect(at('nameplate', 'SerialNumber').semanticId?.keys[0].value).toBe('0112/2///61987#ABA951#009');
  });

  it('marks what must be there and is not', () => {
    const absent = (path: string) => new Map(Object.entries(qualifiersOf(at('nameplate', path)))).get('Absent');
    expect(absent('URIOfTheProduct')).toBe('true');
    expect(absent('AddressInformation.Street')).toBe('true');
    expect(absent('ManufacturerName')).toBeUndefined();
    expect(at('nameplate', 'HardwareVersion')).toBeUndefined();
  });
});

describe('time series data', () => {
  it('describe a record, with the unit behind each column', () => {
    expect(pathsBelow(at('time-series', 'Metadata.Record'), '', 'deep')).toEqual([
      ...['Time', 'speed', 'running', 'stage', 'starts', 'due', 'colour'],
    ]);
    const concept = at('time-series', 'Metadata.Record.speed').semanticId?.keys[0].value;
    const description = [...conceptDescriptions(view)].find(({ id }) => id === concept);
    expect(description?.embeddedDataSpecifications[0].dataSpecificationContent).toMatchObject({
      preferredName: [{ language: 'en', text: 'speed' }],
      unit: '/min',
      dataType: 'REAL_MEASURE',
      definition: [{ language: 'en', text: 'of the shaft' }],
    });
  });

  it('link to the history of all that has a source', () => {
    expect(childValues(at('time-series', 'Segments.History_speed'), 'deep')).toMatchObject({
      Endpoint: 'http://127.0.0.1:8420/api/v1/assets/P1/attributes/speed/history',
      Query: 'start=*-1d&end=*',
    });
    expect(at('time-series', 'Segments.History_due')).toBeUndefined();
  });

  it('hold the latest usable values, those of one time in one record', () => {
    expect(childValues(at('time-series', 'Segments.LatestValues'), 'deep')).toMatchObject({
      RecordCount: 2,
      StartTime: '2026-01-01T11:59:58.000000Z',
      EndTime: '2026-01-01T12:00:00.000000Z',
      Records: {
        Record_0: { Time: '2026-01-01T11:59:58.000000Z', running: true },
        Record_1: { Time: '2026-01-01T12:00:00.000000Z', speed: 1_487.5, stage: '<two>' },
      },
    });
    expect(at('time-series', 'Segments.LatestValues', 'acme/north/tank')).toBeUndefined();
  });
});

describe('operational data', () => {
  it.each([
    ['speed', 1_487.5, { Unit: '/min', Status: 'Good', StatusCode: '0', Low: '0', High: '3000', Uncertainty: '5' }],
    ['running', true, { Status: 'Good', Time: '2026-01-01T11:59:58.000000Z' }],
    ['stage', '<two>', { Status: 'Uncertain' }],
    ['starts', null, { Status: 'BadCommunicationError', StatusCode: '2147811328' }],
    ['due', null, { Status: 'BadWaitingForInitialData', Unit: 'd' }],
  ])('%s has its value, and beside it what is said of it', (name, value, said) => {
    expect(childValues(made('operational-data'), 'deep')[name]).toEqual(value);
    expect(qualifiersOf(at('operational-data', name))).toMatchObject(said);
  });
});

describe('hierarchical structures', () => {
  it('show the parts of an asset and what it is related to', () => {
    expect(pathsBelow(made('structure'), '', 'deep')).toEqual([
      'EntryNode',
      'EntryNode.motor',
      'EntryNode.motor.SameAs',
      'EntryNode.HasPart_motor',
      'EntryNode.feeds_tank',
      'ArcheType',
    ]);
    const ids = view.ids;
    expect(at('structure', 'EntryNode.motor')).toMatchObject({
      entityType: 'SelfManagedEntity',
      globalAssetId: ids.globalAsset('P1/motor'),
    });
    const [feeds, sameAs] = ['EntryNode.feeds_tank', 'EntryNode.motor.SameAs'].map((path) => at('structure', path));
    expect(feeds).toMatchObject({
      second: { keys: [{ value: ids.submodel('structure', 'acme/north/tank') }, { value: 'EntryNode' }] },
    });
    expect(sameAs).toMatchObject({
      second: { keys: [{ value: ids.submodel('structure', 'P1/motor') }, { value: 'EntryNode' }] },
    });
    expect(childValues(made('structure'), 'deep')).toMatchObject({ ArcheType: 'OneDown' });
  });

  it('show what an asset without parts is part of', () => {
    const { ArcheType, EntryNode } = childValues(made('structure', 'acme/north/tank'), 'core');
    expect([ArcheType, EntryNode]).toEqual(['OneUp', {}]);
    expect(pathsBelow(at('structure', 'EntryNode', 'acme/north/tank'), '', 'core')).toEqual([
      'north',
      'IsPartOf_north',
    ]);
  });
});
