import { posix } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TagPattern, tagPatternDefect } from './tagPattern.ts';

test.each<[pattern: string, path: string, matches: boolean]>([
  ['acme/north/flow', 'acme/north/flow', true],
  ['acme/north/flow', 'acme/north/flow-2', false],
  ['acme/*/flow', 'acme/north/flow', true],
  ['acme/*/flow', 'acme/north/a/flow', false],
  ['acme/*', 'acme', false],
  ['acme/**', 'acme/north/a/flow', true],
  ['acme/**', 'acme', true],
  ['acme/**/flow', 'acme/flow', true],
  ['acme/**/flow', 'acme/a/b/flow', true],
  ['acme/**/flow', 'acme/a/b/flow-2', false],
  ['**', 'a/b', true],
  ['**/vibration-*', 'a/b/vibration-x', true],
  ['**/a/**/b', 'x/a/y/a/z/b', true],
  ['**/a/*/b', 'a/a/x/b', true],
  ['a*b*c/d', 'aXbYbc/d', true],
  ['a*b*c/d', 'aXbYb/d', false],
  ['acme.north/x', 'acme-north/x', false],
])('%s and %s', (pattern, path, matches) => {
  expect(new TagPattern(pattern).matches(path)).toBe(matches);
});

const segment = fc.string({ unit: fc.constantFrom('a', 'b', '*'), minLength: 1, maxLength: 3 });
const part = fc.oneof(
  segment.map((text) => text.replaceAll('**', '*a')),
  fc.constant('**'),
);
const pattern = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'));
const path = fc
  .array(fc.string({ unit: fc.constantFrom('a', 'b'), minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 5 })
  .map((parts) => parts.join('/'));

test('is the pattern of a shell, but that a last ** may stand for nothing', () => {
  fc.assert(
    fc.property(pattern, path, (text, tag) => {
      const glob = posix.matchesGlob(tag, text) || posix.matchesGlob(`${tag}/`, text);
      expect(new TagPattern(text).matches(tag)).toBe(glob || posix.matchesGlob(`${tag}/a`, `${text}/a`));
    }),
    { numRuns: 2000 },
  );
});

test('what one pattern covers, the other never gets', () => {
  fc.assert(
    fc.property(pattern, pattern, path, (wide, narrow, tag) => {
      const [first, second] = [new TagPattern(wide), new TagPattern(narrow)];
      if (first.covers(second) && second.matches(tag)) expect(first.matches(tag)).toBe(true);
    }),
    { numRuns: 5000 },
  );
});

test.each<[wide: string, narrow: string, covers: boolean]>([
  ['**', 'a/*/b', true],
  ['a/**', 'a/b/**/c', true],
  ['a/*', 'a/**', false],
  ['a/*', 'a/b-*', true],
  ['a/b-*', 'a/*', false],
  ['a/b', 'a/b', true],
])('%s covers %s: %s', (wide, narrow, covers) => {
  expect(new TagPattern(wide).covers(new TagPattern(narrow))).toBe(covers);
});

test('a pattern with many wildcards takes no time', () => {
  const hostile = new TagPattern(`${'**/'.repeat(40)}${'*a'.repeat(40)}b`);
  expect(hostile.matches(`${'a/'.repeat(60)}${'a'.repeat(400)}`)).toBe(false);
});

test.each([
  ['a//b', /empty segment/],
  ['a/b**', /whole segments only/],
  ['a/ b', /space/],
])('%s is no pattern', (text, why) => {
  expect(tagPatternDefect(text)).toMatch(why);
});
