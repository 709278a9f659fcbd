import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AssetLookup } from './assetLookup.ts';
import { loadAssetModel } from './loadAssetModel.ts';

const TYPES = `types:
  - type: machine
    version: 1
    abstract: true
    attributes:
      running: { tag: "{path}/running", type: boolean, required: true }
      rated-power: { unit: kW, low: 0, high: 10000 }
  - type: gas-turbine
    version: 2
    extends: machine
    attributes:
      speed: { tag: "{path}/speed", unit: /min, low: 0, high: 12000, uncertainty: 5 }
      rated-power: { unit: MW }
      load: { formula: "'speed' / 12000" }
  - type: compressor-train
    version: 1
    attributes:
      driver-speed: { from: driver/speed, unit: /min }
      maker: { value: Acme, description: who built it }
    components: { driver: gas-turbine }
`;
const ASSETS = `assets:
  - path: acme/north/compression
    description: the compressor hall
    children:
      - name: train-1
        type: compressor-train
        id: T1
        nameplate: { serial-number: 17 }
        relations: { feeds: acme/north/compression/train-2 }
      - name: train-2
        type: compressor-train
        attributes: { maker: Other }
`;

const load = (files: Record<string, string>) => loadAssetModel(new Map(Object.entries(files)));
const said = async (files: Record<string, string>) =>
  (await load(files)).defects.map(({ file, line, message, hint }) => `${file}:${line} ${message} | ${hint ?? ''}`);

describe('a model', () => {
  it('has places, assets and their parts, with attributes from their types', async () => {
    const { model, defects } = await load({ 'types/t.yaml': TYPES, 'assets/a.yaml': ASSETS });
    expect(defects).toEqual([]);
    expect([...model.assets.values()].map(({ path, id, level, type }) => [path, id, level, type])).toEqual([
      ['acme', 'acme', 'enterprise', undefined],
      ['acme/north', 'acme/north', 'site', undefined],
      ['acme/north/compression', 'acme/north/compression', 'area', undefined],
      ['acme/north/compression/train-1', 'T1', 'equipment', 'compressor-train'],
      ['acme/north/compression/train-1/driver', 'T1/driver', 'component', 'gas-turbine'],
      ['acme/north/compression/train-2', 'acme/north/compression/train-2', 'equipment', 'compressor-train'],
      ['acme/north/compression/train-2/driver', 'acme/north/compression/train-2/driver', 'component', 'gas-turbine'],
    ]);
    const driver = model.assets.get('T1/driver')!;
    expect([...driver.attributes.values()].map(({ name, source, unit }) => [name, source, unit])).toEqual([
      ['running', { kind: 'tag', path: 'acme/north/compression/train-1/driver/running' }, ''],
      ['rated-power', { kind: 'unbound' }, 'MW'],
      ['speed', { kind: 'tag', path: 'acme/north/compression/train-1/driver/speed' }, '/min'],
      ['load', { kind: 'formula', text: "'speed' / 12000" }, ''],
    ]);
    expect(driver.attributes.get('rated-power')).toMatchObject({ low: 0, high: 10 });
    const train = model.assets.get('T1')!;
    expect(train.attributes.get('driver-speed')!.source).toEqual({
      kind: 'reference',
      asset: 'T1/driver',
      attribute: 'speed',
    });
    expect(train.nameplate).toEqual(new Map([['serial-number', '17']]));
    expect(model.relations).toEqual([{ kind: 'feeds', from: 'T1', to: 'acme/north/compression/train-2' }]);
    expect(model.assets.get('acme/north/compression/train-2')!.attributes.get('maker')).toMatchObject({
      source: { kind: 'constant', value: 'Other' },
      description: 'who built it',
      type: 'string',
      place: { file: 'assets/a.yaml', line: 12 },
    });
    expect(model.types.get('gas-turbine')).toMatchObject({ lineage: ['machine'], version: 2 });
  });

  it('is read from tables as well', async () => {
    const table = [
      'path;type;id;description;set:rated-power;tag:speed;nameplate:manufacturer;located-in',
      'acme/north/gt-1;gas-turbine;GT1;first;12.5;plc/speed;Acme;acme/north',
      'acme/north/gt-2;gas-turbine;;;;;;',
      '',
    ].join('\r\n');
    const { model, defects } = await load({ 'types/t.yaml': TYPES, 'assets/bulk.csv': table });
    expect(defects).toEqual([]);
    const first = model.assets.get('GT1')!;
    expect(first.attributes.get('rated-power')).toMatchObject({
      source: { kind: 'constant', value: 12.5 },
      unit: 'MW',
    });
    expect(first.attributes.get('speed')!.source).toEqual({ kind: 'tag', path: 'plc/speed' });
    expect(first.nameplate.get('manufacturer')).toBe('Acme');
    expect(model.relations).toEqual([{ kind: 'located-in', from: 'GT1', to: 'acme/north' }]);
    expect(model.assets.get('acme/north/gt-2')!.attributes.get('speed')!.source).toEqual({
      kind: 'tag',
      path: 'acme/north/gt-2/speed',
    });
  });

  it('lets a part be said more of, and be a subtype', async () => {
    const more = `assets:
  - { path: acme/train/driver, type: big-turbine, id: B7, attributes: { rated-power: 30 } }
  - { path: acme/train, type: compressor-train }
`;
    const big = 'types:\n  - { type: big-turbine, version: 1, extends: gas-turbine }\n';
    const { model, defects } = await load({ 'types/t.yaml': TYPES, 'types/b.yaml': big, 'assets/a.yaml': more });
    expect(defects).toEqual([]);
    expect(model.assets.get('B7')).toMatchObject({ type: 'big-turbine', level: 'component' });
  });

  it('keeps ids below a renamed asset, and finds it by what it was called', async () => {
    const renamed = ASSETS.replace('name: train-1', 'name: train-a').replace(
      'maker: Other',
      `maker: Other, twin: { formula: "'acme/north/compression/train-1/driver/speed' * 2" }`,
    );
    const formerPaths = new Map([
      ['T1', ['acme/north/compression/train-1']],
      ['T1/driver', ['acme/north/compression/train-1/driver']],
    ]);
    const texts = new Map(Object.entries({ 'types/t.yaml': TYPES, 'assets/a.yaml': renamed }));
    const { model, defects } = await loadAssetModel(texts, { formerPaths });
    expect(defects).toEqual([]);
    const lookup = new AssetLookup(model.assets);
    expect(lookup.asset('acme/north/compression/train-1/driver')).toBe(model.assets.get('T1/driver'));
    expect(lookup.asset('T1')!.path).toBe('acme/north/compression/train-a');
  });
});

const asset = (...lines: string[]) => `assets:\n${lines.map((line) => `  - ${line}\n`).join('')}`;
const type = (...lines: string[]) => `types:\n${lines.map((line) => `  - ${line}\n`).join('')}`;

describe('what is wrong', () => {
  it.each<[string, Record<string, string>, RegExp]>([
    [
      'types that extend each other',
      { 'types/t.yaml': type('{ type: a, version: 1, extends: b }', '{ type: b, version: 1, extends: a }') },
      /^types\/t.yaml:2 the types extend each other in a circle: a -> b -> a \|/,
    ],
    [
      'types that contain each other',
      {
        'types/t.yaml': type(
          '{ type: a, version: 1, components: { x: b } }',
          '{ type: b, version: 1, components: { y: a } }',
        ),
      },
      /t.yaml:2 the types contain each other in a circle: a -> b -> a/,
    ],
    [
      'a type that is not there',
      { 'types/t.yaml': type('{ type: pump, version: 1 }'), 'assets/a.yaml': asset('{ path: acme/p, type: pmup }') },
      /a.yaml:2 there is no type "pmup" \| did you mean "pump"\?/,
    ],
    [
      'a unit of another quantity',
      {
        'types/t.yaml': type(
          '{ type: a, version: 1, attributes: { p: { unit: kPa } } }',
          '{ type: b, version: 1, extends: a, attributes: { p: { unit: Cel } } }',
        ),
      },
      /t.yaml:3 the unit of "p" may not change from kPa to Cel/,
    ],
    [
      'a unit that is none',
      { 'assets/a.yaml': asset('{ path: acme/p, attributes: { p: { value: 1, unit: kwh } } }') },
      /a.yaml:2 the unit of "p": "kwh" is no UCUM code; did you mean kW.h\? \|/,
    ],
    [
      'a required attribute that nothing gives, once for all assets',
      {
        'types/t.yaml': type('{ type: a, version: 1, attributes: { p: { required: true } } }'),
        'assets/a.csv': 'path,type\nacme/a,a\n',
      },
      /a.csv:2 the attribute "p" is bound to nothing \(of acme\/a\) \| give it a tag/,
    ],
    [
      'a formula that cannot be read',
      { 'assets/a.yaml': asset(`{ path: acme/p, attributes: { p: { formula: "1 +" } } }`) },
      /a.yaml:2 the formula of "p" cannot be read: At character 4/,
    ],
    [
      'a formula over what is not there',
      { 'assets/a.yaml': asset(`{ path: acme/p, attributes: { speed: 1, p: { formula: "'sped' * 2" } } }`) },
      /names 'sped', which is no attribute \(of acme\/p\) \| did you mean 'speed'\?/,
    ],
    [
      'a formula whose units do not fit',
      {
        'assets/a.yaml': asset(
          `{ path: acme/p, attributes: { t: { value: 1, unit: Cel }, w: { value: 1, unit: kW }, p: { formula: "'t' + 'w'" } } }`,
        ),
      },
      /a.yaml:2 the units in the formula of "p" do not fit \(of acme\/p\) \| .*kW/,
    ],
    [
      'a formula of another unit than its attribute',
      {
        'assets/a.yaml': asset(
          `{ path: acme/p, attributes: { w: { value: 1, unit: kW }, p: { formula: "'w' * 2", unit: Cel } } }`,
        ),
      },
      /the units in the formula of "p" do not fit/,
    ],
    [
      'formulas in a circle',
      {
        'types/t.yaml': type(
          `{ type: a, version: 1, attributes: { x: { formula: "'y'" }, y: { formula: "'x' + 1" } } }`,
        ),
        'assets/a.csv': 'path,type\nacme/a,a\nacme/b,a\n',
      },
      /t.yaml:2 formulas go round in a circle: 'x' -> 'y' -> 'x' \(of acme\/a and 1 more\) \| one of them/,
    ],
    [
      'an asset that stands twice',
      { 'assets/a.yaml': asset('{ path: acme/p }', '{ path: acme/p }') },
      /a.yaml:3 the asset "acme\/p" stands twice \| first at assets\/a.yaml:2/,
    ],
    [
      'an id that is taken',
      { 'assets/a.yaml': asset('{ path: acme/p, id: X }', '{ path: acme/q, id: X }') },
      /a.yaml:3 "acme\/p" has the id "X" already/,
    ],
    [
      'levels out of order',
      { 'assets/a.yaml': asset('{ path: acme, level: area }', '{ path: acme/north, level: site }') },
      /a.yaml:3 "acme\/north" is of level site, and what is above it of level area/,
    ],
    [
      'a relation to nothing',
      { 'assets/a.yaml': asset('{ path: acme/p, relations: { feeds: acme/w } }', '{ path: acme/v }') },
      /a.yaml:2 it feeds "acme\/w", which is no asset \| did you mean "acme\/[pv]"\?/,
    ],
    [
      'a placeholder that is none',
      { 'assets/a.yaml': asset('{ path: acme/p, attributes: { p: { tag: "{pat}/x" } } }') },
      /"p" has \{pat\}, which stands for nothing \(of acme\/p\) \| did you mean \{path\}\?/,
    ],
    [
      'two sources',
      { 'assets/a.yaml': asset('{ path: acme/p, attributes: { p: { tag: a/b, value: 2 } } }') },
      /one source, not tag and value/,
    ],
    [
      'a text for a number',
      {
        'types/t.yaml': type('{ type: a, version: 1, attributes: { p: { unit: kW } } }'),
        'assets/a.csv': 'path,type,set:p\nacme/a,a,12 kW\n',
      },
      /a.csv:2 "p" is a number, which "12 kW" is not/,
    ],
    ['a file in a folder of no stage', { 'type/t.yaml': 'types: []' }, /no part of the model .* the folder "types"\?/],
    [
      'an asset of an abstract type',
      { 'types/t.yaml': TYPES, 'assets/a.yaml': asset('{ path: a/b, type: machine }') },
      /is abstract/,
    ],
    [
      'a name that no path can have',
      { 'assets/a.yaml': asset(`{ path: "acme/p'q" }`) },
      /the path "acme\/p'q" has the segment "p'q", which has one of/,
    ],
    ['neither path nor name', { 'assets/a.yaml': asset('{ type: x }') }, /either a path or, below another, a name/],
    [
      'an unknown key',
      { 'assets/a.yaml': asset('{ path: a/b, tpye: x }') },
      /unknown key "tpye" \| did you mean "type"\?/,
    ],
  ])('%s', async (_, files, expected) => {
    const found = await said(files);
    expect(found.join('\n')).toMatch(expected);
    expect(found).toHaveLength(1);
    const good = {
      ...files,
      'types/good.yaml': type('{ type: good, version: 1 }'),
      'assets/good.csv': 'path,type\nz/g,good\n',
    };
    expect((await load(good)).model.assets.get('z/g')?.type).toBe('good');
  });

  it('is a type that changed without a rise of its version, and one that is removed while assets live', async () => {
    const files = { 'types/t.yaml': TYPES, 'assets/a.yaml': ASSETS };
    const { model: before } = await load(files);
    const changed = new Map(Object.entries({ ...files, 'types/t.yaml': TYPES.replace('high: 12000', 'high: 13000') }));
    const messages = (await loadAssetModel(changed, { before })).defects.map(({ message }) => message);
    expect(messages).toEqual(['the type "gas-turbine" has changed, and its version 2 does not rise']);
    const removed = new Map(
      Object.entries({ ...files, 'types/t.yaml': TYPES.slice(0, TYPES.indexOf('  - type: compressor')) }),
    );
    const found = (await loadAssetModel(removed, { before })).defects;
    expect(found.map(({ line, message }) => [line, message])).toEqual([
      [5, 'the type "compressor-train" is removed, and this asset still is one'],
      [10, 'the type "compressor-train" is removed, and this asset still is one'],
    ]);
  });
});

it('what docs/model.md shows is a model without defects', async () => {
  const page = await readFile(new URL('../../../../../docs/model.md', import.meta.url), 'utf8');
  const blocks = page.matchAll(/^```(?:yaml|csv)\n# (\S+)\n(.*?)^```/gms);
  const files = Object.fromEntries(Array.from(blocks, ([, file, text]) => [file, text]));
  expect(Object.keys(files)).toHaveLength(3);
  const { model, defects } = await load(files);
  expect(defects).toEqual([]);
  expect(model.assets.get('train-1/driver')?.attributes.get('rated-power')?.source).toEqual({
    kind: 'constant',
    value: 6200,
  });
  expect(model.assets.get('acme/north/hall-2/turbine-7')?.attributes.get('load')).toMatchObject({ high: 1.2 });
});

it('no text makes it reject', async () => {
  const scalar = fc.oneof(
    fc.string({ maxLength: 8 }),
    fc.constantFrom('a', 'b', 'acme/x', "'a' + 'b'", '{path}/x'),
    fc.integer(),
  );
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { maxDepth: 6 },
      scalar,
      fc.array(tie('tree'), { maxLength: 3 }),
      fc.dictionary(
        fc.constantFrom(
          'types',
          'assets',
          'type',
          'version',
          'extends',
          'attributes',
          'components',
          'path',
          'name',
          'children',
          'tag',
          'formula',
          'from',
          'a',
          'b',
          'relations',
          'feeds',
        ),
        tie('tree'),
        { maxKeys: 5 },
      ),
    ),
  }));
  const listed = (key: string) => fc.array(tree, { maxLength: 4 }).map((items) => JSON.stringify({ [key]: items }));
  const text = fc.oneof(
    fc.string(),
    listed('types'),
    listed('assets'),
    tree.map((value) => JSON.stringify(value)),
  );
  const file = fc.constantFrom('types/a.yaml', 'types/b.yml', 'assets/a.yaml', 'assets/b.csv', 'assets/x', 'odd');
  await fc.assert(
    fc.asyncProperty(fc.dictionary(file, text), async (files) => {
      for (const { line, column, message } of (await load(files)).defects) {
        expect(line).toBeGreaterThan(0);
        expect(column).toBeGreaterThan(0);
        expect(message).not.toBe('');
      }
    }),
    { numRuns: 200 },
  );
}, 20_000);
