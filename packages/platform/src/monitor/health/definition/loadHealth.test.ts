import { expect, it } from 'vitest';
import { loadAssetModel } from '../../../model/assets/loadAssetModel.ts';
import { loadHealth } from './loadHealth.ts';

const MODEL = new Map([
  [
    'types/t.yaml',
    `types:
  - type: pump
    version: 1
    attributes:
      pressure: { tag: "{path}/pressure", unit: kPa }
      oil: { tag: "{path}/oil", unit: Cel }
      air: { tag: "{path}/air", unit: Cel }
      state: { tag: "{path}/state" }
      starts: { tag: "{path}/starts" }
      rise: { formula: "'oil' - 'air'", unit: K }
      shake: { tag: "{path}/shake", unit: "[g]" }
      speed: { tag: "{path}/speed", unit: "/min" }
      bearings: { formula: "'shake' * 2", unit: "[g]" }
`,
  ],
  [
    'assets/a.yaml',
    `assets:
  - { path: acme, level: site }
  - { path: acme/hall, level: area }
  - { path: acme/hall/pump-1, type: pump }
  - { path: acme/hall/pump-2, type: pump }
  - { path: acme/yard, level: area }
`,
  ],
  [
    'twins/pump.yaml',
    `type: pump
parameters: { loss: { value: 20, unit: K } }
modes: { running: "'state' == 2", stopped: "true" }
expected:
  oil: { formula: "'air' + 'loss'", modes: [running], sigma: 1 }
`,
  ],
]);
const { model } = await loadAssetModel(MODEL);
const load = (text: string, others: Iterable<[string, string]> = MODEL) =>
  loadHealth(new Map([...others, ['health/h.yaml', text]]), model);
const watch = (rest: string, head = 'name: wear, type: pump') => `health:\n  - { ${head}, ${rest} }\n`;
const FEATURE = 'features: { p: { attribute: pressure } }';
const FAILURE = 'says: it wears, severity: minor, consequence: none, action: look';

it('a watch is there for every asset of its type, and has the place nearest above', () => {
  const { watches, defects } = load(`
health:
  - name: wear
    type: pump
    every: 5min
    while: "'twin.mode' == \\"running\\""
    features:
      head: { attribute: pressure, unit: bar, negligible: 0.1, limit: { low: 2 } }
      oil-residual: { attribute: oil.residual }
    learn: 14d
    detectors: [nearest, changes]
    budget: 2 per 365d
    fatigue:
      joint:
        { attribute: oil, part: the joint, cause: thermal cycling, solder: { alloy: tin-lead, test: { medianCycles: 5000 } } }
      shaft: { attribute: pressure, part: the shaft, cause: surges, curve: { kneeRange: 2, kneeCycles: 1e6, slope: 5, unit: bar } }
    failures:
      worn: { signs: { head: down, oil-residual: up }, fatigue: joint, ${FAILURE}, bring: [a pump] }
places:
  - { asset: acme, where: at the river }
  - { asset: acme/hall, where: in the hall, access: west door, isolations: [tag in] }
`);
  expect(defects).toEqual([]);
  expect([...watches.keys()]).toEqual(['acme/hall/pump-1/wear', 'acme/hall/pump-2/wear']);
  expect(watches.get('acme/hall/pump-2/wear')).toMatchObject({
    ...{ assetPath: 'acme/hall/pump-2', intervalUs: 300e6, learnUs: 14 * 86_400e6 },
    budget: { alarms: 2, perUs: 365 * 86_400e6 },
    detectors: ['nearest', 'changes'],
    condition: { text: `'twin.mode' == "running"` },
    features: [
      { name: 'head', unit: 'bar', measure: 'average', negligible: 0.1, limit: { at: 2, side: 'low' } },
      { name: 'oil-residual', unit: 'K', measure: 'average', negligible: 0, limit: undefined },
    ],
    fatigue: [
      {
        name: 'joint',
        attribute: 'oil',
        unit: 'Cel',
        law: { kind: 'solder', test: { swingK: 100, medianCycles: 5000 } },
      },
      { name: 'shaft', attribute: 'pressure', unit: 'bar', law: { kind: 's-n', curve: { kneeRange: 2, slope: 5 } } },
    ],
    failures: [
      {
        ...{ name: 'worn', fatigue: 'joint', bring: ['a pump'], isolations: [] },
        signs: [
          { feature: 'head', goes: 'down' },
          { feature: 'oil-residual', goes: 'up' },
        ],
      },
    ],
    site: { where: 'in the hall', access: 'west door', isolations: ['tag in'] },
    place: { file: 'health/h.yaml', line: 3 },
  });
});

const BEARING = 'bearing: { rollers: 9, rollerDiameter: 0.3126, pitchDiameter: 1.537 }';
it.each([
  ['an attribute', '{ attribute: pressure }', 'kPa'],
  ['another unit', '{ attribute: pressure, unit: bar }', 'bar'],
  ['a formula', '{ formula: "\'pressure\' * 2" }', 'kPa'],
  ['a difference of temperatures', "{ formula: \"'oil' - 'air'\" }", 'K'],
  ['the deviation of a temperature', '{ attribute: oil, measure: deviation }', 'K'],
  ['the slope of a temperature', '{ attribute: oil, measure: slope }', 'K/h'],
  ['its slope by day', '{ attribute: oil, measure: slope, unit: K/d }', 'K/d'],
  ['a plain number', '{ attribute: state }', ''],
  ['a number with a stated unit', '{ formula: "number(\'oil\', \\"Cel\\") / 3", unit: Ohm }', 'Ohm'],
  ['sigmas', '{ attribute: oil.sigmas }', '1'],
  ['a duration', '{ formula: "\'state\' == 2", measure: duration }', 'h'],
  ['starts', '{ formula: "\'state\' == 2", measure: starts }', '1'],
  ['the RMS of a vibration', '{ attribute: shake, measure: rms, unit: m/s2 }', 'm/s2'],
  ['the RMS of a temperature', '{ attribute: oil, measure: rms }', 'K'],
  ['a kurtosis', '{ attribute: bearings, measure: kurtosis }', '1'],
  ['a mean frequency', '{ attribute: shake, measure: centroid }', 'Hz'],
  ['a velocity', '{ attribute: shake, measure: velocity, band: { lowHz: 2, highHz: 1000 } }', 'mm/s'],
  ['what goes with the shaft', '{ attribute: shake, measure: order, order: 2, shaft: speed }', '[g]'],
  ['the lines of an outer ring', `{ attribute: shake, measure: bpfo, ${BEARING}, shaft: speed }`, '[g]'],
  ['how they stand out', `{ attribute: shake, measure: bpfo-prominence, ${BEARING}, shaft: speed }`, '1'],
])('%s has its unit', (_, feature, unit) => {
  const { watches, defects } = load(watch(`features: { x: ${feature} }`));
  expect(defects).toEqual([]);
  expect(watches.get('acme/hall/pump-1/wear')?.features[0].unit).toBe(unit);
});

it.each([
  ['a type', watch(FEATURE, 'name: wear, type: pimp'), 'no type "pimp"', 'did you mean "pump"?'],
  ['an asset', watch(FEATURE, 'name: wear, asset: acme/hall/pump-3'), 'no asset', 'pump-1'],
  ['neither', watch(FEATURE, 'name: wear'), 'a type or an asset', 'type:'],
  ['a name', watch(FEATURE, 'name: "a b", type: pump'), 'is no name', undefined],
  [
    'an attribute',
    watch('features: { p: { attribute: presure } }'),
    'no attribute "presure" (of acme/hall/pump-1 and 1 more)',
    'did you mean "pressure"?',
  ],
  ['a residual', watch('features: { p: { attribute: air.residual } }'), 'no attribute "air.residual"', undefined],
  ['a formula', watch(`features: { p: { formula: "'oil' -" } }`), 'character', 'single quotes'],
  ['its units', watch(`features: { p: { formula: "'oil' + 'pressure'" } }`), 'pressure', undefined],
  ['a unit', watch('features: { p: { attribute: pressure, unit: K } }'), 'is in kPa, which is no K', undefined],
  ['a unit that there is not', watch('features: { p: { attribute: pressure, unit: barg } }'), 'barg', undefined],
  [
    'the unit of a difference',
    watch('features: { p: { attribute: oil, measure: range, unit: Cel } }'),
    'give it the unit K',
    undefined,
  ],
  [
    'the unit of a duration',
    watch(`features: { p: { formula: "'state' == 2", measure: duration, unit: min } }`),
    'is in h',
    undefined,
  ],
  ['a measure', watch('features: { p: { attribute: oil, measure: mean } }'), 'measure', undefined],
  [
    'a bearing that is missing',
    watch('features: { p: { attribute: shake, measure: bpfo, shaft: speed } }'),
    'needs `bearing`',
    undefined,
  ],
  [
    'a bearing that cannot be',
    watch(`features: { p: { attribute: shake, measure: bpfo, shaft: speed, ${BEARING.replace('9', '2')} } }`),
    '2 rollers bear nothing',
    undefined,
  ],
  [
    'an order that is missing',
    watch('features: { p: { attribute: shake, measure: order, shaft: speed } }'),
    '`order`',
    undefined,
  ],
  ['a band of a band', watch('features: { p: { attribute: shake, measure: band } }'), 'needs `band`', undefined],
  [
    'a band that ends where it begins',
    watch('features: { p: { attribute: shake, measure: band, band: { lowHz: 9, highHz: 9 } } }'),
    'ends where it begins',
    undefined,
  ],
  [
    'a bearing of an average',
    watch(`features: { p: { attribute: shake, ${BEARING} } }`),
    'nothing that the measure average takes',
    undefined,
  ],
  [
    'a speed that is none',
    watch('features: { p: { attribute: shake, measure: order, order: 1, shaft: pressure } }'),
    'is in kPa, which is no Hz',
    'in /min or in Hz',
  ],
  [
    'a speed without a unit',
    watch('features: { p: { attribute: shake, measure: order, order: 1, shaft: state } }'),
    'has no unit',
    'in /min or in Hz',
  ],
  [
    'a shaft that there is not',
    watch('features: { p: { attribute: shake, measure: order, order: 1, shaft: sped } }'),
    'no attribute "sped"',
    'did you mean "speed"?',
  ],
  [
    'a velocity of what has no unit',
    watch('features: { p: { attribute: state, measure: velocity } }'),
    'read in m/s2',
    undefined,
  ],
  ['a velocity of a pressure', watch('features: { p: { attribute: pressure, measure: velocity } }'), 'kPa', undefined],
  [
    'the unit of a crest',
    watch('features: { p: { attribute: shake, measure: crest, unit: mm } }'),
    'is in 1',
    undefined,
  ],
  [
    'the vibration of two signals',
    watch('features: { p: { attribute: rise, measure: rms } }'),
    'one signal',
    undefined,
  ],
  ['both', watch(`features: { p: { attribute: oil, formula: "'oil'" } }`), 'not of both', undefined],
  ['the name of another column', watch('features: { time: { attribute: oil } }'), 'another column', undefined],
  ['a limit', watch('features: { p: { attribute: oil, negligible: 3, limit: { high: 2 } } }'), 'negligible', undefined],
  [
    'two limits',
    watch('features: { p: { attribute: oil, limit: { high: 2, low: 1 } } }'),
    '`high` or `low`',
    undefined,
  ],
  ['a condition', watch(`while: "'stat' == 2", ${FEATURE}`), 'no attribute "stat"', 'did you mean "state"?'],
  [
    'a window over a formula',
    watch(`while: "max('rise', \\"1h\\") > 3", ${FEATURE}`),
    'A window looks back over what is no tag',
    undefined,
  ],
  ['an interval', watch(`every: often, ${FEATURE}`), 'is not a length of time', '10min'],
  ['a time to learn', watch(`learn: 1h, ${FEATURE}`), 'too short to learn from', '100'],
  ['a detector', watch(`detectors: [nearest, magic], ${FEATURE}`), 'cannot be "magic"', 'dynamic-pca'],
  ['a detector twice', watch(`detectors: [pca, pca], ${FEATURE}`), 'names a detector twice', undefined],
  ['a budget', watch(`budget: one a year, ${FEATURE}`), 'is no number of false alarms', '1 per 365d'],
  ['nothing', watch('description: none'), 'watches nothing', 'features'],
  [
    'a sign',
    watch(`${FEATURE}, failures: { worn: { signs: { pp: up }, ${FAILURE} } }`),
    'no feature "pp" here',
    'did you mean "p"?',
  ],
  [
    'a fatigue',
    watch(`${FEATURE}, failures: { worn: { fatigue: joint, ${FAILURE} } }`),
    'no fatigue "joint" here',
    undefined,
  ],
  ['no sign', watch(`${FEATURE}, failures: { worn: { ${FAILURE} } }`), 'by no sign', undefined],
  [
    'a severity',
    watch(`${FEATURE}, failures: { worn: { signs: { p: up }, says: x, severity: high, consequence: x, action: x } }`),
    'severity',
    undefined,
  ],
  [
    'solder that is no temperature',
    watch(
      'fatigue: { f: { attribute: pressure, part: x, cause: x, solder: { alloy: tin-lead, test: { medianCycles: 9 } } } }',
    ),
    'is in kPa',
    'cycles of a temperature',
  ],
  ['a place', 'places:\n  - { asset: acme/hull, where: x }\n', 'no asset "acme/hull"', 'did you mean "acme/hall"?'],
])('%s that is wrong is named with its line, and the rest works', (_, text, message, hint) => {
  const sound = `health:\n  - { name: sound, type: pump, ${FEATURE} }\n`;
  const { watches, defects } = load(text, [...MODEL, ['health/a.yaml', sound]]);
  expect(watches.has('acme/hall/pump-1/sound')).toBe(true);
  expect(defects).toHaveLength(1);
  expect(defects[0]).toMatchObject({ file: 'health/h.yaml', line: 2 });
  expect(defects[0].message).toContain(message);
  if (hint) expect(defects[0].hint).toContain(hint);
});

it('everything that is wrong is said at once, and what is left of a watch works', () => {
  const { watches, defects } = load(
    watch(
      `features: { p: { attribute: pressure }, q: { attribute: nothing }, r: { attribute: pressure, unit: K } },
       failures: { worn: { signs: { p: up }, ${FAILURE} }, torn: { signs: { q: up }, ${FAILURE} } }`,
    ),
  );
  expect(defects).toHaveLength(2);
  const { features, failures } = watches.get('acme/hall/pump-1/wear')!;
  expect(features.map(({ name }) => name)).toEqual(['p']);
  expect(failures.map(({ name }) => name)).toEqual(['worn']);
});

it('two watches of one asset have two names, and an asset has one place', () => {
  const { watches, defects } = load(
    `${watch(FEATURE)}  - { name: wear, asset: acme/hall/pump-1, ${FEATURE} }
places: [{ asset: acme, where: here }, { asset: acme, where: there }]`,
  );
  expect(watches.size).toBe(2);
  expect(defects.map(({ message }) => message)).toEqual([
    'there are two watches "wear" (of acme/hall/pump-1)',
    'there are two places of "acme"',
  ]);
});

const PLAIN = watch(`description: d, while: "'state' == 2", features: { x: { attribute: oil.residual } }`);
const versionOf = (text: string, others: Iterable<[string, string]> = MODEL) =>
  load(text, others).watches.get('acme/hall/pump-1/wear')?.featureVersion;

const VIBRATIONS = [
  'measure: rms',
  'measure: band, band: { lowHz: 1, highHz: 2 }',
  'measure: band, band: { lowHz: 1, highHz: 3 }',
  'measure: order, order: 1, shaft: speed',
  'measure: order, order: 2, shaft: speed',
  `measure: bpfo, ${BEARING}, shaft: speed`,
  `measure: bpfo, ${BEARING}, shaft: speed, band: { lowHz: 1, highHz: 2 }`,
  `measure: bpfo, ${BEARING.replace('9', '8')}, shaft: speed`,
];

it('the version of the features is that of everything that makes the numbers, and of nothing else', () => {
  const twin = (text: string): [string, string][] => [...MODEL, ['twins/pump.yaml', text]];
  const version = versionOf(PLAIN);
  expect(version).toMatch(/^[0-9a-f]{12}$/);
  const same = [
    versionOf(PLAIN.replace('description: d', 'description: other')),
    versionOf(PLAIN.replace('oil.residual }', 'oil.residual, negligible: 2, limit: { high: 9 } }')),
    versionOf(PLAIN.replace("'state' == 2", "'state'  ==  2")),
  ];
  expect(new Set(same)).toEqual(new Set([version]));
  const expected = MODEL.get('twins/pump.yaml')!;
  const others = [
    versionOf(PLAIN.replace("'state' == 2", "'state' == 3")),
    versionOf(PLAIN.replace('oil.residual', 'oil')),
    versionOf(PLAIN.replace('oil.residual }', 'oil.residual, measure: maximum }')),
    versionOf(PLAIN.replace('oil.residual }', 'oil.residual, unit: mK }')),
    versionOf(PLAIN.replace('{ x:', '{ y:')),
    versionOf(PLAIN.replace('description: d', 'every: 5min')),
    ...VIBRATIONS.map((feature) => versionOf(watch(`features: { x: { attribute: shake, ${feature} } }`))),
    versionOf(PLAIN, twin(expected.replace('value: 20', 'value: 21'))),
    versionOf(PLAIN, twin(expected.replace("'air' + 'loss'", "'air' - 'loss'"))),
  ];
  expect(new Set([...others, version]).size).toBe(9 + VIBRATIONS.length);
});

it('texts of any kind never make it throw', () => {
  for (const text of [
    '',
    'health: 3',
    'health: [3]',
    '- a',
    'health:\n  - *a',
    'places: [{}]',
    ': :',
    'health: [{ features: [] }]',
  ]) {
    expect(load(text).watches.size).toBe(0);
  }
});
