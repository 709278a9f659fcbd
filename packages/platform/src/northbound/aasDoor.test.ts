import { readFile } from 'node:fs/promises';
import { systemClock } from '@tidegate/core/clock/clock.ts';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { definitionOf } from '../historian/query/testbed/gatewayStream.ts';
import { type ModelPlant, openModelPlant } from '../model/assets/testbed/modelPlant.ts';
import { TwinEngine } from '../model/twins/engine/twinEngine.ts';
import { AAS_ENDPOINTS } from './aas/api/aasEndpoints.ts';
import { encodeIdentifier as id } from './aas/api/aasQuery.ts';
import { constraintDefects } from './aas/testbed/constraintDefects.ts';
import { PLANT_FILES } from './aas/testbed/plantModel.ts';
import { AAS_ROOT } from './serve/aasRoutes.ts';
import { type AnyJson, HistorianDoor } from './testbed/historianDoor.ts';

const NOON_US = 1_767_268_800_000_000;
const [SHELL, LIVE, STRUCTURE, SERIES] = [
  ...['shell/P1', 'submodel/operational-data/P1', 'submodel/structure/P1', 'submodel/time-series/P1'],
].map((name) => id(`urn:tidegate:aas/${name}`));
const TANK = id('urn:tidegate:aas/shell/acme%2Fnorth%2Ftank');
const page = await readFile(new URL('../../../../docs/aas.md', import.meta.url), 'utf8');

let plant: ModelPlant;
let door: HistorianDoor;
let engine: TwinEngine;
beforeAll(async () => {
  plant = await openModelPlant(PLANT_FILES);
  door = await HistorianDoor.open(systemClock, (historian) => {
    engine = new TwinEngine(historian, systemClock);
    return { model: plant.store, twins: engine };
  });
  const speed = definitionOf(0, { path: 'acme/north/pump-1/speed', unit: '/min' });
  await door.historian.sink.defineTags('station-1', [speed]);
  await door.append([[0, NOON_US, 1_487.5]]);
  engine.load(plant.store.current()!.model, new Map());
});
afterAll(async () => {
  await door.stop();
  await plant.stop();
});

const ask = (path: string, headers: Record<string, string> = {}) => fetch(`${door.url}${AAS_ROOT}${path}`, { headers });
const json = async (path: string): Promise<AnyJson> => (await ask(path)).json();
const idShorts = ({ result }: AnyJson) => result.map(({ idShort }: AnyJson) => idShort);

describe('shells', () => {
  it('come in pages and are found by the names of their assets', async () => {
    const first = await json('/shells?limit=3');
    const rest = await json(`/shells?limit=3&cursor=${first.paging_metadata.cursor}`);
    expect([idShorts(first), idShorts(rest)]).toEqual([
      ['acme', 'north', 'pump_1'],
      ['motor', 'tank'],
    ]);
    expect(rest.paging_metadata).toEqual({});
    const named = (name: string, value: string) => `assetIds=${id(JSON.stringify({ name, value }))}`;
    for (const asked of [
      named('path', 'acme/north/pump-1'),
      named('globalAssetId', 'urn:tidegate:aas/asset/P1'),
      'idShort=pump_1',
    ]) {
      expect(idShorts(await json(`/shells?${asked}`))).toEqual(['pump_1']);
    }
    expect(idShorts(await json(`/shells?${named('serialNumber', 'S-17')}&${named('assetId', 'tank')}`))).toEqual([]);
    const references = await json('/shells/$reference?limit=1');
    expect(references.result[0].keys).toEqual([
      { type: 'AssetAdministrationShell', value: 'urn:tidegate:aas/shell/acme' },
    ]);
  });

  it('are read whole and in parts', async () => {
    const shell = await json(`/shells/${SHELL}`);
    expect(await json(`/shells/${SHELL}/asset-information`)).toEqual(shell.assetInformation);
    expect((await json(`/shells/${SHELL}/submodel-refs?limit=2`)).result).toEqual(shell.submodels.slice(0, 2));
    expect((await json(`/shells/${SHELL}/$reference`)).keys[0].value).toBe(shell.id);
  });
});

describe('submodels', () => {
  it('show live values of the twins', async () => {
    expect(await json(`/submodels/${LIVE}/$value`)).toMatchObject({ speed: 1_487.5, running: null });
    expect(await json(`/submodels/${LIVE}/submodel-elements/speed/$value`)).toBe(1_487.5);
    const speed = await json(`/submodels/${LIVE}/submodel-elements/speed`);
    expect(speed.qualifiers).toContainEqual(
      expect.objectContaining({ type: 'Time', value: '2026-01-01T12:00:00.000000Z' }),
    );
    const concept = await json(`/concept-descriptions/${id(speed.semanticId.keys[0].value)}`);
    expect(concept.embeddedDataSpecifications[0].dataSpecificationContent.unit).toBe('/min');
  });

  it('are listed by what they mean', async () => {
    const meaning = 'https://admin-shell.io/idta/TimeSeries/1/1';
    const reference = { type: 'ExternalReference', keys: [{ type: 'GlobalReference', value: meaning }] };
    for (const asked of [
      `semanticId=${id(meaning)}`,
      `semanticId=${id(JSON.stringify(reference))}`,
      'idShort=TimeSeries',
    ]) {
      expect(idShorts(await json(`/submodels?${asked}`))).toEqual(Array(5).fill('TimeSeries'));
    }
    expect(idShorts(await json(`/submodels?semanticId=${id('urn:other')}`))).toEqual([]);
    expect(idShorts(await json('/submodels'))).toHaveLength(20);
  });

  it.each([
    ['core', ['EntryNode', 'ArcheType']],
    [
      'deep',
      [
        'EntryNode',
        'EntryNode.motor',
        'EntryNode.motor.SameAs',
        'EntryNode.HasPart_motor',
        'EntryNode.feeds_tank',
        'ArcheType',
      ],
    ],
  ])('end at level %s', async (level, paths) => {
    expect(await json(`/submodels/${STRUCTURE}/$path?level=${level}`)).toEqual(paths);
    expect((await json(`/submodels/${STRUCTURE}/submodel-elements/$path?level=${level}`)).result).toEqual(paths);
    const isWhole = level === 'deep';
    const [entry] = (await json(`/submodels/${STRUCTURE}?level=${level}`)).submodelElements;
    expect('statements' in entry).toBe(isWhole);
    const { statements } = await json(`/submodels/${STRUCTURE}/submodel-elements/EntryNode?level=${level}`);
    expect(statements.map((one: AnyJson) => 'statements' in one)).toEqual([isWhole, false, false]);
  });

  it('give paths of all of them in pages of so many paths', async () => {
    const collect = async (limit: number) => {
      const paths: string[] = [];
      for (let cursor = ''; ; ) {
        const { result, paging_metadata } = await json(`/submodels/$path?limit=${limit}${cursor}`);
        expect(result.length).toBeLessThanOrEqual(limit);
        paths.push(...result);
        if (paging_metadata.cursor === undefined) return paths;
        cursor = `&cursor=${paging_metadata.cursor}`;
      }
    };
    const paths = await collect(7);
    expect(paths.length).toBeGreaterThan(100);
    expect(await collect(100)).toEqual(paths);
    expect(paths.filter((path) => path === 'EntryNode')).toHaveLength(5);
  });

  it('lead to history that is answered', async () => {
    const { Endpoint, Query } = await json(`/submodels/${SERIES}/submodel-elements/Segments.History_speed/$value`);
    const answer = await fetch(`${Endpoint}?${Query}`);
    expect(answer.status, await answer.text()).toBe(200);
    const since = await fetch(`${Endpoint}?start=2026-01-01T11:00:00Z&end=2026-01-01T13:00:00Z`);
    expect(await since.text()).toContain('1487.5');
  });

  it('have contents without values, and references', async () => {
    const metadata = await json(`/submodels/${LIVE}/$metadata`);
    expect(Object.keys(metadata)).toEqual(['modelType', 'id', 'idShort', 'kind', 'semanticId']);
    expect(await json(`/submodels/${LIVE}/submodel-elements/speed/$metadata`)).not.toHaveProperty('value');
    const path = 'Segments.History_speed.Query';
    const { keys } = await json(`/submodels/${SERIES}/submodel-elements/${path}/$reference`);
    expect(keys.map(({ type }: AnyJson) => type)).toEqual([
      ...['Submodel', 'SubmodelElementCollection', 'SubmodelElementCollection', 'Property'],
    ]);
  });
});

describe('a file', () => {
  const TYPE = 'application/asset-administration-shell-package';
  it.each([`${TYPE}+xml`, `${TYPE}+json`])('of %s is a package', async (accept) => {
    const answer = await ask(`/serialization?aasIds=${SHELL},${TANK}`, { accept });
    expect(answer.headers.get('content-type')).toBe(accept);
    expect(Object.keys(unzipSync(new Uint8Array(await answer.arrayBuffer())))).toContain('aasx/aasx-origin');
  });

  it('holds what was asked for', async () => {
    const count = ({ assetAdministrationShells = [], submodels = [], conceptDescriptions = [] }: AnyJson) =>
      [assetAdministrationShells, submodels, conceptDescriptions].map(({ length }) => length);
    const whole = await json('/serialization');
    expect(count(whole)).toEqual([5, 20, 7]);
    expect(constraintDefects(whole)).toEqual([]);
    expect(count(await json(`/serialization?aasIds=${SHELL}&aasIds=${TANK}`))).toEqual([2, 8, 6]);
    expect(count(await json(`/serialization?submodelIds=${LIVE}&includeConceptDescriptions=false`))).toEqual([0, 1, 0]);
    const xml = await ask('/serialization', { accept: 'application/xml' });
    expect(await xml.text()).toMatch(/^<\?xml .*<environment xmlns="https:\/\/admin-shell.io\/aas\/3\/0">/s);
    expect((await ask('/serialization', { accept: 'text/csv' })).status).toBe(406);
  });
});

describe('what cannot be answered', () => {
  it.each([
    ['/shells/a=', 400, 'request.invalid'],
    [`/shells/${Buffer.from([0xff]).toString('base64url')}`, 400, 'request.invalid'],
    [`/shells/${id('urn:tidegate:aas/shell/P9')}`, 404, 'aas.unknown'],
    [`/shells/${SHELL}/asset-information/thumbnail`, 404, 'aas.unknown'],
    [`/shells/${TANK}/submodels/${LIVE}`, 404, 'aas.unknown'],
    ['/shells?limit=0', 400, 'request.invalid'],
    ['/shells?cursor=xyz', 400, 'request.invalid'],
    ['/shells?assetIds=xyz', 400, 'request.invalid'],
    ['/submodels/$path?cursor=xyz', 400, 'request.invalid'],
    ['/submodels?colour=red', 400, 'request.invalid'],
    ['/submodels/$metadata?level=core', 400, 'request.invalid'],
    [`/submodels/${LIVE}/$reference?level=deep`, 400, 'request.invalid'],
    [`/submodels/${LIVE}?level=middle`, 400, 'request.invalid'],
    [`/submodels/${LIVE}/submodel-elements/no-path`, 400, 'request.invalid'],
    [`/submodels/${LIVE}/submodel-elements/speed.x`, 404, 'aas.unknown'],
    [`/submodels/${LIVE}/submodel-elements/speed%5B0%5D`, 404, 'aas.unknown'],
    [`/submodels/${LIVE}/submodel-elements/speed/attachment`, 404, 'aas.unknown'],
    [`/serialization?aasIds=${id('urn:x')}`, 404, 'aas.unknown'],
    ['/registry', 404, 'request.route-unknown'],
  ])('%s is a Result with status %i', async (path, status, code) => {
    const answer = await ask(path);
    expect(answer.status).toBe(status);
    const { messages }: AnyJson = await answer.json();
    expect(messages).toEqual([
      { messageType: 'Error', code, text: expect.stringMatching(/\.$/), timestamp: expect.stringMatching(/Z$/) },
    ]);
    expect(code.length).toBeLessThanOrEqual(32);
  });

  it('is everything where there is no model', async () => {
    const empty = await HistorianDoor.open();
    const answer = await fetch(`${empty.url}${AAS_ROOT}/shells`);
    const { messages }: AnyJson = await answer.json();
    expect([answer.status, messages[0].code]).toEqual([404, 'model.none']);
    await empty.stop();
  });
});

describe('docs/aas.md', () => {
  const commands = [...page.matchAll(/^curl (.*)$/gm)].map((match) => match[1]);
  it.each(commands)('curl %s is answered', async (command) => {
    const url = /'http:\/\/127\.0\.0\.1:8420([^']+)'/.exec(command)?.[1] ?? '';
    const accept = /Accept: ([^']+)/.exec(command)?.[1] ?? '*/*';
    const answer = await fetch(`${door.url}${url}`, { headers: { accept } });
    expect(answer.status).toBe(200);
    if (accept === '*/*') expect(JSON.stringify(await answer.json())).not.toContain('"result":[]');
    else expect(answer.headers.get('content-type')).toBe(accept);
  });

  it('names what every address begins with', () => {
    const roots = new Set([...AAS_ENDPOINTS.map(({ path }) => path.split('/')[1]), 'serialization']);
    for (const root of roots) expect(page).toContain(`| \`/${root}`);
  });
});
