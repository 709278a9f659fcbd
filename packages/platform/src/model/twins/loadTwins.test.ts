import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadAssetModel } from '../assets/loadAssetModel.ts';
import { loadTwins } from './loadTwins.ts';
import { fitOf, parameterOf } from './twinTemplate.ts';

const TYPES = `types:
  - type: machine
    version: 1
    abstract: true
    attributes: { running: { tag: "{path}/running", type: boolean } }
  - type: driver
    version: 1
    attributes: { power: { tag: "{path}/power", unit: kW } }
  - type: compressor
    version: 1
    extends: machine
    attributes:
      speed: { tag: "{path}/speed", unit: /min }
      flow: { tag: "{path}/flow", unit: m3/h }
      temperature: { tag: "{path}/temperature", unit: Cel }
    components: { driver: driver }
`;
const ASSETS = `assets:
  - { path: acme/train-1, type: compressor, id: T1 }
  - { path: acme/train-2, type: compressor, id: T2 }
  - { path: acme/weather, attributes: { air: { tag: acme/air, unit: Cel } } }
`;
const TWIN = `type: compressor
description: a compressor
parameters:
  gain: { value: 2, unit: K, low: 1, high: 3 }
  full-speed: { value: 150, unit: Hz, fitted: false }
maps:
  head:
    x: { unit: m3/s, values: [0, 10] }
    y: { unit: /min, values: [1000, 5000, 9000] }
    z: { unit: kW, values: [[0, 1], [2, 3], [4, 5]] }
modes:
  running: "'running' && 'speed' > 1000"
expected:
  temperature: { formula: "'acme/weather/air' + 'gain' * 'speed' / 'full-speed'", modes: [running], sigma: 0.5 }
  driver/power: { formula: 'map("head", ''flow'', ''speed'')' }
  flow: { learned: { terms: ["'speed'", 'number(''temperature'', "Cel") * ''speed''' ] } }
`;
const FIT = `type: compressor
fits:
  - fitted: 2026-01-01T00:00:00Z
    start: 2025-12-01T00:00:00Z
    end: 2026-01-01T00:00:00Z
    parameters: { gain: { value: 2.5, uncertainty: 0.1 }, gone: { value: 1, uncertainty: 0 } }
  - asset: T2
    fitted: 2026-01-01T00:00:00Z
    start: 2025-12-01T00:00:00Z
    end: 2026-01-01T00:00:00Z
    parameters: { flow.0: { value: 7, uncertainty: 0.1 } }
`;

async function load(twin: string, more: Record<string, string> = {}) {
  const texts = new Map(
    Object.entries({ 'types/t.yaml': TYPES, 'assets/a.yaml': ASSETS, 'twins/compressor.yaml': twin, ...more }),
  );
  const { model, defects } = await loadAssetModel(texts);
  expect(defects).toEqual([]);
  return loadTwins(texts, model);
}

describe('a twin', () => {
  it('has parameters, maps, modes and what is expected, with units that fit', async () => {
    const { twins, defects } = await load(TWIN);
    expect(defects).toEqual([]);
    const twin = twins.get('compressor')!;
    expect([...twin.expected.keys()]).toEqual(['temperature', 'driver/power', 'flow']);
    expect(twin.expected.get('temperature')).toMatchObject({ modes: new Set(['running']), sigma: 0.5 });
    expect(twin.expected.get('temperature')!.formula.unit).toBe('Cel');
    expect([...twin.maps.get('head')!.z.values]).toEqual([0, 1, 2, 3, 4, 5]);
    expect(twin.trust).toEqual({ staleAfterUs: 60e6, windowUs: 3_600e6, calibrationAgeUs: 180 * 86_400e6 });
    expect(twin.expected.get('flow')!.terms!.map(({ coefficient, formula }) => [coefficient, formula.text])).toEqual([
      ['flow.0', '1'],
      ['flow.1', "'speed'"],
      ['flow.2', "number('temperature', \"Cel\") * 'speed'"],
    ]);
  });

  it('has the fit of its asset, else that of its type, else what was written', async () => {
    const { twins } = await load(TWIN, { 'twins/compressor.fit.yaml': FIT });
    const twin = twins.get('compressor')!;
    expect(parameterOf(twin, 'T1', 'gain')).toBe(2.5);
    expect(parameterOf(twin, 'T2', 'gain')).toBe(2);
    expect(parameterOf(twin, 'T2', 'flow.0')).toBe(7);
    expect(parameterOf(twin, 'T1', 'flow.0')).toBeUndefined();
    expect(fitOf(twin, 'T1')!.parameters.has('gone')).toBe(false);
  });
});

describe('what is wrong is named with its line, and the rest works', () => {
  it.each<[from: string, to: string, said: RegExp, left: number]>([
    ['type: compressor', 'type: compresor', /^1: there is no type "compresor" \| did you mean "compressor"\?/, 0],
    [
      "'speed' / 'full-speed'",
      "'sped' / 'full-speed'",
      /^14: 'sped' in the formula is nothing .* did you mean 'speed'\?/,
      2,
    ],
    ["+ 'gain'", "+ 'flow' * 'gain'", /^14: the formula cannot be reckoned: .* which is no K/, 2],
    [
      "'acme/weather/air' +",
      "'acme/weather/air' * 2 +",
      /^14: the formula cannot be reckoned: 'acme\/weather\/air' is a temperature/,
      2,
    ],
    ['modes: [running]', 'modes: [runing]', /^14: there is no mode "runing" \| did you mean "running"\?/, 2],
    [
      '  temperature: {',
      '  temprature: {',
      /^14: "compressor" has no attribute "temprature" \| did you mean "temperature"\?/,
      2,
    ],
    ['map("head"', 'map("haed"', /^15: the formula cannot be reckoned: .* the maps here are "head"/, 2],
    ['[1000, 5000, 9000]', '[1000, 9000, 5000]', /^7: the map "head" cannot be used: its axis y must rise strictly/, 2],
    ['[2, 3]', '[2, 3, 4]', /^10: the map "head" needs a list of 2 numbers/, 2],
    ['low: 1,', 'low: 2.5,', /^4: 2 is not within 2.5 and 3/, 2],
    ['gain: {', 'speed: {', /^4: "speed" is an attribute or a parameter already/, 2],
    ['unit: Hz', 'unit: rpm', /"rpm" is no UCUM code; did you mean \/min\?/, 2],
    ['  running: ', '  other: ', /^12: "other" is what a twin is in where no mode holds/, 2],
    ["'speed' > 1000", "'speed' > 'flow'", /^12: the formula cannot be reckoned/, 2],
    ["'speed' > 1000", "'speed' >", /^12: the formula cannot be read: At character/, 2],
    ['formula: ', 'learned: { terms: ["1"] }, formula: ', /what is expected is either a formula or learned/, 0],
  ])('%s as %s', async (from, to, said, left) => {
    expect(TWIN).toContain(from);
    const { twins, defects } = await load(TWIN.replace(from, to));
    expect(defects.map(({ line, message, hint }) => `${line}: ${message} | ${hint}`).join('\n')).toMatch(said);
    expect(twins.get('compressor')?.expected.size ?? 0).toBe(left);
  });

  it('a second twin of a type names the first', async () => {
    const { defects } = await load(TWIN, { 'twins/other.yaml': 'type: compressor\n' });
    expect(defects).toMatchObject([
      { file: 'twins/other.yaml', message: 'the twin of "compressor" is in twins/compressor.yaml:1 already' },
    ]);
  });

  it('a formula that would run long for all instances is refused', async () => {
    const { model } = await loadAssetModel(
      new Map([
        ['types/t.yaml', TYPES],
        ['assets/a.yaml', ASSETS],
      ]),
    );
    const one = model.assets.get('T1')!;
    const assets = new Map(
      Array.from({ length: 20_000 }, (_, at) => [`C${at}`, { ...one, id: `C${at}`, path: `acme/c${at}` }]),
    );
    const long = Array.from({ length: 40 }, (_, at) => `avg('speed', "${at + 1}s")`).join(' + ');
    const twin = `type: compressor\nexpected:\n  speed: { formula: '${long.replaceAll("'", "''")}' }\n`;
    const { defects } = loadTwins(new Map([['twins/c.yaml', twin]]), { ...model, assets });
    const message = expect.stringMatching(/^the formula costs too much: It would run long/);
    expect(defects).toMatchObject([{ line: 3, message }]);
  });
});

it('any text is a twin or defects', async () => {
  const texts = new Map(Object.entries({ 'types/t.yaml': TYPES, 'assets/a.yaml': ASSETS }));
  const { model } = await loadAssetModel(texts);
  const edit = fc.record({ at: fc.nat(TWIN.length), drop: fc.nat(9), insert: fc.string({ maxLength: 6 }) });
  fc.assert(
    fc.property(fc.array(edit, { minLength: 1, maxLength: 3 }), (edits) => {
      let text = TWIN;
      for (const { at, drop, insert } of edits) text = text.slice(0, at) + insert + text.slice(at + drop);
      const { twins, defects } = loadTwins(new Map([['twins/compressor.yaml', text]]), model);
      expect(twins.size + defects.length).toBeGreaterThan(0);
    }),
    { numRuns: 300 },
  );
});
