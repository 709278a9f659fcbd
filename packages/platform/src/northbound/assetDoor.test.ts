import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ModelPlant, openModelPlant } from '../model/assets/testbed/modelPlant.ts';
import { Asset, AssetPage, AssetTypes } from './contract/asset.ts';
import { ApplyAnswer, ModelPlan, ModelProposal, ModelTexts, ModelVersions } from './contract/model.ts';
import { type AnyJson, HistorianDoor } from './testbed/historianDoor.ts';

const FILES = {
  'types/pump.yaml': `types:
  - { type: machine, version: 1, abstract: true, attributes: { power: { tag: "{path}/power", unit: kW, low: 0, high: 90 } } }
  - { type: pump, version: 3, extends: machine, components: { motor: motor } }
  - { type: motor, version: 1, extends: machine }
`,
  'assets/north.yaml': `assets:
  - path: acme/north/pump-1
    id: P1
    type: pump
    nameplate: { maker: Acme }
    relations: { feeds: acme/north/tank }
  - { path: acme/north/tank, description: The tank, attributes: { full: { formula: "'acme/north/pump-1/power' > 2", type: boolean } } }
`,
};
const RENAMED = { ...FILES, 'assets/north.yaml': FILES['assets/north.yaml'].replace('pump-1\n', 'feed-pump\n') };

let door: HistorianDoor;
let plant: ModelPlant;
beforeEach(async () => {
  plant = await openModelPlant(FILES);
  door = await HistorianDoor.open(undefined, () => ({ model: plant.store }));
});
afterEach(async () => {
  await door.stop();
  await plant.stop();
});

const post = async (path: string, body: object): Promise<AnyJson> => (await door.post(path, body)).json();

describe('assets', () => {
  it.each([
    ['', ['acme', 'acme/north', 'acme/north/pump-1', 'acme/north/pump-1/motor', 'acme/north/tank']],
    ['?below=acme/north&depth=1', ['acme/north', 'acme/north/pump-1', 'acme/north/tank']],
    ['?below=P1', ['acme/north/pump-1', 'acme/north/pump-1/motor']],
    ['?type=machine', ['acme/north/pump-1', 'acme/north/pump-1/motor']],
    ['?pattern=acme/*/p*', ['acme/north/pump-1']],
    ['?search=TANK', ['acme/north/tank']],
    ['?at=1971-01-01T00:00:00Z&depth=1', ['acme']],
  ])('%s', async (query, paths) => {
    const page = AssetPage.parse(await door.json(`/assets${query}`));
    expect(page.assets.map(({ path }) => path)).toEqual(paths);
    expect(page.total).toBe(paths.length);
  });

  it('come in pages', async () => {
    const first = AssetPage.parse(await door.json('/assets?limit=3'));
    const rest = AssetPage.parse(await door.json(`/assets?limit=3&cursor=${first.next}`));
    expect([first.assets.length, rest.assets.map(({ path }) => path), rest.next]).toEqual([
      3,
      ['acme/north/pump-1/motor', 'acme/north/tank'],
      null,
    ]);
    expect((await door.json('/assets?cursor=bm90aGluZw')).code).toBe('request.invalid');
  });

  it('are read whole, by path, id and former path', async () => {
    const asset = Asset.parse(await door.json('/assets/acme%2Fnorth%2Fpump-1'));
    expect(asset).toMatchObject({ id: 'P1', type: 'pump', nameplate: { maker: 'Acme' }, version: 1 });
    expect(asset.relations).toEqual([
      { kind: 'feeds', direction: 'to', id: 'acme/north/tank', path: 'acme/north/tank' },
    ]);
    expect(asset.attributes).toEqual([
      expect.objectContaining({
        path: 'acme/north/pump-1/power',
        source: { kind: 'tag', tag: 'acme/north/pump-1/power' },
      }),
    ]);
    const applied = ApplyAnswer.parse(await post('/model/apply', { texts: RENAMED, by: 'ada' }));
    expect([applied.version.number, applied.plan.counts]).toEqual([2, { added: 0, changed: 2, removed: 0 }]);
    const renamed = Asset.parse(await door.json('/assets/acme%2Fnorth%2Fpump-1'));
    expect([renamed.path, renamed.formerPaths]).toEqual(['acme/north/feed-pump', ['acme/north/pump-1']]);
    const before = Asset.parse(await door.json('/assets/P1?at=1971-01-01T00:00:00Z'));
    expect(before.path).toBe('acme/north/pump-1');
    expect(await door.json('/assets/acme%2Fnorth%2Fpmup-1')).toMatchObject({
      code: 'asset.unknown',
      suggestions: expect.arrayContaining(['acme/north/tank']),
    });
  });

  it('have types with contracts', async () => {
    const { types } = AssetTypes.parse(await door.json('/types'));
    expect(types.map(({ name, assets, fields }) => [name, assets, fields[0].high])).toEqual([
      ['machine', 0, 90],
      ['motor', 1, 90],
      ['pump', 1, 90],
    ]);
  });
});

describe('the model', () => {
  it('is planned, applied, listed and given back as it was', async () => {
    const plan = ModelPlan.parse(await post('/model/plan', { texts: RENAMED }));
    expect([plan.follows, plan.isNew, plan.defects]).toEqual([1, true, []]);
    expect(plan.assets[0].fields).toEqual([{ field: 'path', from: 'acme/north/pump-1', to: 'acme/north/feed-pump' }]);
    expect(plant.store.versions()).toHaveLength(1);
    await post('/model/apply', { texts: RENAMED, by: 'ada', comment: 'a better name' });
    const { versions } = ModelVersions.parse(await door.json('/model/versions'));
    expect(versions.map(({ number, by, current }) => [number, by, current])).toEqual([
      [1, 'test', false],
      [2, 'ada', true],
    ]);
    expect(ModelTexts.parse(await door.json('/model/texts?version=1')).texts).toEqual(FILES);
    expect(ModelTexts.parse(await door.json('/model/texts')).texts).toEqual(RENAMED);
    expect((await door.json('/model/texts?version=9')).code).toBe('model.version-unknown');
  });

  it('is refused where it has defects, all of which are named, or breaks a subscriber', async () => {
    const wrong = { ...FILES, 'assets/x.yaml': 'assets:\n  - { path: acme/x, type: pmup }\n  - { path: "a+" }\n' };
    const refused = await post('/model/apply', { texts: wrong, by: 'ada' });
    expect(refused).toMatchObject({ code: 'model.invalid', status: 422 });
    expect(refused.errors.map(({ field }: AnyJson) => field)).toEqual(['assets/x.yaml:2:13', 'assets/x.yaml:3:13']);
    expect((await post('/model/apply', { texts: wrong, by: 'ada', acceptDefects: true })).version.number).toBe(2);
    plant.store.addSubscribers({ list: () => [{ name: 'dispatch', attributes: ['acme/**'] }] });
    const broken = await post('/model/apply', { texts: {}, by: 'ada' });
    expect(broken).toMatchObject({ code: 'model.breaks-subscriber', status: 409 });
    expect(broken.detail).toContain('"dispatch"');
  });

  it('is not written for a page of elsewhere', async () => {
    const answer = await door.post('/model/apply', { texts: {}, by: 'x' }, { origin: 'http://127.0.0.1:1' });
    expect(answer.status).toBe(403);
    expect(plant.store.versions()).toHaveLength(1);
  });

  it('is proposed from a list of tags', async () => {
    const content = Buffer.from('tag,unit\nPT-101,kPa\nPT-102,kPa\n').toString('base64');
    const { texts, tags } = ModelProposal.parse(await post('/model/proposal', { name: 'tags.csv', content }));
    expect([tags, Object.keys(texts)]).toEqual([2, ['types/proposed.yaml', 'assets/pressure-loop.csv']]);
    expect((await post('/model/proposal', { name: 'x', content: '' })).code).toBe('model.import');
  });
});
