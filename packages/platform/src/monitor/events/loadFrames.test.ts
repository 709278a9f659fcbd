import { expect, it } from 'vitest';
import { loadAssetModel } from '../../model/assets/loadAssetModel.ts';
import { loadFrames } from './loadFrames.ts';

const MODEL = new Map([
  ['types/t.yaml', 'types:\n  - { type: train, version: 1, attributes: { state: { value: 0 } } }'],
  ['assets/a.yaml', 'assets:\n  - { path: acme, level: site }\n  - { path: acme/train-1, type: train }'],
]);
const { model } = await loadAssetModel(MODEL);
const load = (frames: string) => loadFrames(new Map([...MODEL, ['frames/f.yaml', `frames:\n${frames}`]]), model);
const SOUND = `  - { name: run, type: train, while: "'state' == 2" }`;

it.each([
  ['a type', `  - { name: x, type: trian, while: "'state' == 2" }`, 'no type "trian"', 'did you mean "train"?'],
  ['an asset', `  - { name: x, asset: acme/train-2, while: "'state' == 2" }`, 'no asset "acme/train-2"', 'train-1'],
  [
    'an attribute',
    `  - { name: x, type: train, while: "'stat' == 2" }`,
    'no attribute "stat" (of acme/train-1)',
    '"state"?',
  ],
  ['an expression', `  - { name: x, type: train, while: "'state' = 2" }`, 'At character 9', 'single quotes'],
  ['no condition', '  - { name: x, type: train }', 'says when it holds, or when it starts', 'while'],
  ['both', `  - { name: x, type: train, while: "1", start: "1" }`, 'not both', 'while'],
  [
    'a figure',
    `  - { name: x, type: train, while: "1", figures: { p: { attribute: power, capture: average } } }`,
    'no attribute "power"',
    undefined,
  ],
  ['a time', `  - { name: x, type: train, while: "1", least: soon }`, 'is no length of time', undefined],
  ['the same name', SOUND, 'two frames "run"', 'another name'],
  [
    'what they lie within',
    `  - { name: x, type: train, while: "1", within: rum }`,
    'no frames "rum"',
    'did you mean "run"?',
  ],
  ['themselves', `  - { name: x, type: train, while: "1", within: x }`, 'lie within themselves', 'within'],
])('%s that is wrong is named with its line, and the rest works', (_what, entry, message, hint) => {
  const { templates, defects } = load(`${SOUND}\n${entry}`);
  expect(templates.has('run')).toBe(true);
  expect(defects).toHaveLength(1);
  expect(defects[0]).toMatchObject({ file: 'frames/f.yaml', line: 3 });
  expect(defects[0].message).toContain(message);
  if (hint) expect(defects[0].hint).toContain(hint);
});
