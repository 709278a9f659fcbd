import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import Ajv from 'ajv/dist/2019.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ASSET_LEVELS, type Asset, type AssetModel, RELATION_KINDS } from '../../model/assets/assetModel.ts';
import { AasIds } from './mapping/aasIds.ts';
import type { Environment } from './metamodel/environment.ts';
import { CONSTRAINTS, constraintDefects, danglingReferences } from './testbed/constraintDefects.ts';
import { plantModel, viewOf, wholeEnvironment } from './testbed/plantModel.ts';

const { TIDEGATE_DATA } = process.env;
const PLACE = { file: 'x.yaml', line: 1, column: 1 };

/** Texts as people and spreadsheets make them: of any script, with controls and halves of characters. */
const text = fc.string({ unit: 'binary', maxLength: 40 });
const name = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }),
  fc.string({ minLength: 1, maxLength: 200 }),
  fc.constantFrom('Time', 'Node', '1', '°C'),
);
const attribute = fc.record({
  name,
  description: text,
  type: fc.constantFrom('number', 'boolean', 'string'),
  unit: fc.constantFrom('', 'kPa', 'm3/h'),
  low: fc.double(),
  high: fc.double(),
  required: fc.boolean(),
  source: fc.constantFrom({ kind: 'unbound' }, { kind: 'tag', path: 'a/b' }, { kind: 'constant', value: 'x' }),
  place: fc.constant(PLACE),
});
const asset = fc.record({
  description: text,
  level: fc.constantFrom(...ASSET_LEVELS),
  type: fc.constantFrom(undefined, 'pump'),
  attributes: fc.array(attribute, { maxLength: 4 }),
  nameplate: fc.dictionary(fc.oneof(name, fc.constantFrom('maker', 'year', 'serial', 'product-uri')), text),
  name,
  parent: fc.nat(5),
});
const value = fc.oneof(fc.double(), text, fc.constant(null));

const model = fc
  .record({
    drafts: fc.array(asset, { minLength: 1, maxLength: 6 }),
    type: fc.array(attribute, { maxLength: 3 }),
    relations: fc.array(fc.record({ kind: fc.constantFrom(...RELATION_KINDS), from: fc.nat(5), to: fc.nat(5) })),
  })
  .map(({ drafts, type, relations }): AssetModel => {
    const named = <T extends { name: string }>(list: readonly T[]) => new Map(list.map((one) => [one.name, one]));
    const idOf = (index: number) => `${drafts[index].name}#${index}`;
    const assets = drafts.map(({ name: last, parent, attributes, nameplate, ...rest }, index) => ({
      ...rest,
      ...{ id: idOf(index), path: `acme/${index}/${last}`, formerPaths: [], place: PLACE },
      parent: parent < index ? idOf(parent) : undefined,
      attributes: named(attributes),
      nameplate: new Map(Object.entries(nameplate)),
    }));
    const pump = { name: 'pump', version: 1, lineage: [], abstract: false, description: '', place: PLACE };
    return {
      types: new Map([['pump', { ...pump, attributes: named(type), components: new Map() }]]),
      assets: new Map(assets.map((one) => [one.id, one as unknown as Asset])),
      relations: relations
        .filter(({ from, to }) => from < drafts.length && to < drafts.length)
        .map(({ kind, from, to }) => ({ kind, from: idOf(from), to: idOf(to) })),
    } as AssetModel;
  });

describe('an environment', () => {
  it('keeps to the constraints of the metamodel', async () => {
    const whole = wholeEnvironment(viewOf(await plantModel()));
    expect(constraintDefects(whole)).toEqual([]);
    expect(danglingReferences(whole)).toEqual([]);
  });

  it('keeps to them whatever is in the model, and whatever the values are', () => {
    fc.assert(
      fc.property(model, fc.array(value, { minLength: 1 }), (drawn, values) => {
        let asked = 0;
        const latest = () => {
          const taken = values[asked++ % values.length];
          return { time: (asked % 3) as Timestamp, value: taken, status: 0 as never };
        };
        const view = { model: drawn, values: { latest }, ids: new AasIds('urn:x/'), origin: 'http://h' };
        const whole = wholeEnvironment(view);
        expect(constraintDefects(whole)).toEqual([]);
        expect(danglingReferences(whole)).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  it.skipIf(!TIDEGATE_DATA)(
    'keeps to the published schema (set TIDEGATE_DATA to the folder that holds aas/aas.json to run this)',
    async () => {
      // Its patterns are of halves of characters, as XML Schema of old has them.
      const schema = JSON.parse(await readFile(join(TIDEGATE_DATA ?? '', 'aas/aas.json'), 'utf8'));
      const check = new Ajv.Ajv2019({ strict: false, allErrors: true, unicodeRegExp: false }).compile<Environment>(
        schema,
      );
      check(wholeEnvironment(viewOf(await plantModel())));
      expect(check.errors ?? []).toEqual([]);
      fc.assert(
        fc.property(model, (drawn) => {
          check(wholeEnvironment(viewOf(drawn)));
          expect(check.errors ?? []).toEqual([]);
        }),
        { numRuns: 50 },
      );
    },
  );
});

describe('the check itself', () => {
  const reference = (type: string, ...keys: string[]) => ({
    type,
    keys: keys.map((key) => ({ type: key, value: 'x' })),
  });
  it.each([
    ['AASd-002', { idShort: '1st' }],
    ['AASd-005', { revision: '1' }],
    ['AASd-014', { entityType: 'SelfManagedEntity' }],
    ['AASd-020', { valueType: 'xs:double', value: '1,5' }],
    ['AASd-021', { qualifiers: [{ type: 'Unit' }, { type: 'Unit' }] }],
    ['AASd-022', { submodelElements: [{ idShort: 'aa' }, { idShort: 'aa' }] }],
    ['AASd-116', { specificAssetIds: [{ name: 'globalAssetId' }] }],
    ['AASd-117', { statements: [{ modelType: 'Property' }] }],
    ['AASd-118', { supplementalSemanticIds: [{}] }],
    ['AASd-119, AASd-129', { qualifiers: [{ type: 'x', kind: 'TemplateQualifier' }] }],
    ['AASd-121, AASd-122, AASd-123', reference('ModelReference', 'GlobalReference')],
    ['AASd-124, AASd-125', reference('ModelReference', 'Submodel', 'Submodel')],
    ['AASd-130', { text: 'a\u0000b' }],
    ['AASd-131', { assetKind: 'Instance' }],
    ['AASc-3a-002, AASc-3a-008', { modelType: 'DataSpecificationIec61360', preferredName: [{ language: 'de' }] }],
    ['AASc-3a-009', { dataType: 'REAL_MEASURE' }],
    ['AASc-3a-050', { dataSpecification: { keys: [{ value: 'urn:other' }] } }],
    ['schema: lengths and lists', { submodels: [] }],
  ])('finds what breaks %s', (number, broken) => {
    expect(constraintDefects({ part: broken }).map((defect) => defect.split(' at ')[0])).toContain(number);
    expect(CONSTRAINTS.map((constraint) => constraint.number)).toContain(number);
  });
});
