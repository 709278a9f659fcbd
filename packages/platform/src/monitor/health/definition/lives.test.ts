import { expect, it } from 'vitest';
import { loadAssetModel } from '../../../model/assets/loadAssetModel.ts';
import { loadHealth } from './loadHealth.ts';

const MODEL = new Map([
  [
    'types/t.yaml',
    `types:
  - { type: pump, version: 1, attributes: { shake: { tag: "{path}/shake" }, load: { tag: "{path}/load" }, heat: { tag: "{path}/heat" } } }
  - { type: feed-pump, version: 1, extends: pump }
`,
  ],
  [
    'assets/a.yaml',
    `assets:
  - { path: acme, level: site }
  - { path: acme/p-2, type: feed-pump, id: two }
  - { path: acme/p-1, type: pump, id: one }
`,
  ],
]);
const { model } = await loadAssetModel(MODEL);
const WATCH = (head: string, every: string) => `health:
  - name: train
    ${head}
    every: ${every}
    features: { shake: { attribute: shake }, load: { attribute: load } }
    failures: { wear: { signs: { shake: up }, says: it wears, severity: minor, consequence: none, action: look } }
`;
/** The file of the lives comes before that of the watches. */
function load(rest: string, others: Readonly<Record<string, string>> = { w: WATCH('type: pump', '1h') }) {
  const text = `lives:\n  - { name: bearing, type: pump, watch: train, failure: wear${rest && `, ${rest}`} }\n`;
  const files = Object.entries(others).map(([file, watches]) => [`health/${file}.yaml`, watches] as const);
  return loadHealth(new Map([...MODEL, ['health/a.yaml', text], ...files]), model);
}

it('the assets of a type, and of those that extend it, are a fleet', () => {
  const records =
    'records: [{ asset: acme/p-1, from: 2024-05-01 }, { asset: one, to: 2024-05-01T00:00:00Z, ended: failure }]';
  const { lives, defects } = load(`cycle: 12h, horizon: 30d, settings: [load], ${records}`);
  expect(defects).toEqual([]);
  const may = Date.UTC(2024, 4, 1) * 1_000;
  expect([...lives]).toMatchObject([
    [
      'bearing',
      {
        members: [
          { asset: 'one', assetPath: 'acme/p-1', watch: 'one/train' },
          { asset: 'two', assetPath: 'acme/p-2', watch: 'two/train' },
        ],
        ...{ failure: 'wear', cycleUs: 43_200e6, horizonUs: 30 * 86_400e6, signals: ['shake'], settings: ['load'] },
        records: [
          { asset: 'one', from: undefined, to: may, ended: 'failure' },
          { asset: 'one', from: may, to: undefined, ended: undefined },
        ],
      },
    ],
  ]);
});

it('its version is that of all that makes numbers, and not of the lives', () => {
  const version = (rest: string, watches?: Readonly<Record<string, string>>) =>
    load(rest, watches).lives.get('bearing')?.version;
  expect(version('records: [{ asset: one, from: 2024-05-01 }], description: of the train')).toBe(version(''));
  expect(version('settings: [load]')).not.toBe(version(''));
  expect(version('horizon: 90d')).not.toBe(version(''));
  expect(version('', { w: WATCH('type: pump', '2h') })).not.toBe(version(''));
});

const TWO_WATCHES = { w: WATCH('asset: one', '1h'), x: WATCH('asset: two', '2h') };
it.each<[string, string, RegExp, (string | undefined)?, Readonly<Record<string, string>>?]>([
  ['a failure', 'failure: tear', /has no failure "tear"/, 'did you mean "wear"?'],
  ['a setting', 'settings: [lod]', /has no feature "lod"/, 'did you mean "load"?'],
  ['a watch', 'watch: trian', /no watch "trian" of this asset \(of acme\/p-1 and 1 more\)/],
  ['a type', 'type: pupm', /there is no type "pupm"/, 'did you mean "pump"?'],
  ['a cycle', 'cycle: 90min', /not a whole number of intervals/],
  ['a horizon', 'horizon: 5d', /10 to 5000 times/],
  ['a stranger', 'records: [{ asset: acme/p-9, from: 2024-05-01 }]', /no "acme\/p-9" in this fleet/],
  ['a time', 'records: [{ asset: one, from: yesterday }]', /"yesterday" is not a time/],
  ['no end', 'records: [{ asset: one, from: 2024-05-01, ended: failure }]', /does not say when it ended/],
  ['no reason', 'records: [{ asset: one, to: 2024-05-01 }]', /does not say how it ended/],
  ['nothing at all', 'records: [{ asset: one }]', /neither when a life began nor when it ended/],
  [
    'the wrong way round',
    'records: [{ asset: one, from: 2024-05-02, to: 2024-05-01, ended: failure }]',
    /ends before it begins/,
  ],
  [
    'two at once',
    'records: [{ asset: one, from: 2024-05-01 }, { asset: one, from: 2024-04-01, to: 2024-06-01, ended: failure }]',
    /overlaps another life of "acme\/p-1"/,
  ],
  ['others', '', /not watched as the others of the fleet are \(of acme\/p-2\)/, undefined, TWO_WATCHES],
])('%s that cannot be is named', (_what, rest, message, hint, watches) => {
  const [, key = ''] = /^(watch|type|failure): /.exec(rest) ?? [];
  const { defects } = key
    ? loadHealth(
        new Map([...MODEL, ['health/w.yaml', WATCH('type: pump', '1h')], ['health/a.yaml', lineOf(key, rest)]]),
        model,
      )
    : load(rest, watches);
  expect(defects).toHaveLength(1);
  expect(defects[0]).toMatchObject({ message: expect.stringMatching(message), ...(hint && { hint }) });
});

function lineOf(key: string, rest: string): string {
  const fields = { type: 'pump', watch: 'train', failure: 'wear', [key]: rest.slice(key.length + 2) };
  return `lives:\n  - ${JSON.stringify({ name: 'bearing', ...fields })}\n`;
}

it('there is one of a name', () => {
  const twice = '{ name: bearing, type: pump, watch: train, failure: wear }';
  const texts = new Map([
    ...MODEL,
    ['health/w.yaml', WATCH('type: pump', '1h')],
    ['health/a.yaml', `lives: [${twice}, ${twice}]`],
  ]);
  const { lives, defects } = loadHealth(texts, model);
  expect(lives.size).toBe(1);
  expect(defects).toMatchObject([{ message: 'there are two lives "bearing"' }]);
});
