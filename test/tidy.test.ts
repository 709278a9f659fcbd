/** Style that a machine can hold: names, lengths, first lines and words that have no place in the tree. */

import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT, readSourceTree, repositoryPaths, type SourceFile, sourceFile } from './architecture/sourceTree.ts';

const MAX_FILE_LINES = 400;
const MAX_MAIN_LINES = 120;
/** Names that say nothing of what is inside. */
const EMPTY_NAMES = /(^|\/)(utils?|helpers?|common|manager|misc|types)(\.[a-z.]+)?(\/|$)/i;
/** In the directory of a model `types` is the noun: the types of assets. */
const ASSET_TYPES = /^examples\/[^/]+\/model\/types\//;
/** Unfinished work, escapes from the type checker, and traces of one particular machine. */
const BANNED_WORDS =
  /\b(TODO|FIXME|XXX|HACK)\b|not implemented|@ts-ignore|@ts-nocheck|\.(only|skip|todo)\(|(^|["'`\s(])\/(root|work|home)\//m;
const THIS_FILE = 'test/tidy.test.ts';

type Check = (file: SourceFile) => string | undefined;

const CHECKS: Readonly<Record<string, Check>> = {
  'a file has at most 400 lines': ({ text }) => {
    const lines = text.split('\n').length - 1;
    return lines > MAX_FILE_LINES ? `${lines} lines` : undefined;
  },
  'the main of an app has fewer than 120 lines': ({ path: file, text }) => {
    const lines = text.split('\n').length - 1;
    return /^apps\/[^/]+\/src\/main\.ts$/.test(file) && lines >= MAX_MAIN_LINES ? `${lines} lines` : undefined;
  },
  'a file opens with a sentence that says what it is': ({ path: file, text }) =>
    /\.test\.tsx?$/.test(file) || /^(#!.*\n)?\/\*\*/.test(text) ? undefined : text.split('\n', 1)[0],
  'no unfinished work and no escape': ({ path: file, text }) =>
    file === THIS_FILE ? undefined : BANNED_WORDS.exec(text)?.[0],
};

const PLANTED: Readonly<Record<string, SourceFile>> = {
  'a file has at most 400 lines': sourceFile('packages/core/src/x.ts', '/** X. */\n'.repeat(401)),
  'the main of an app has fewer than 120 lines': sourceFile('apps/server/src/main.ts', '/** X. */\n'.repeat(120)),
  'a file opens with a sentence that says what it is': sourceFile('packages/core/src/x.ts', 'export const x = 1;\n'),
  'no unfinished work and no escape': sourceFile('packages/core/src/x.ts', '/** X. */\n// @ts-ignore\n'),
};

describe('source files', () => {
  const tree = readSourceTree();

  it.each(Object.entries(CHECKS))('%s', (name, check) => {
    expect(tree.flatMap((file) => (check(file) ? [`${file.path}: ${check(file)}`] : []))).toEqual([]);
    expect(check(PLANTED[name])).toBeDefined();
  });
});

describe('the tree', () => {
  const paths = repositoryPaths().filter((file) => existsSync(path.join(ROOT, file)));

  it('has no name that says nothing', () => {
    expect(paths.filter((file) => EMPTY_NAMES.test(file) && !ASSET_TYPES.test(file))).toEqual([]);
    expect(EMPTY_NAMES.test('packages/core/src/utils/x.ts')).toBe(true);
  });

  it('holds no key, no certificate and no large file', () => {
    const large = paths.filter((file) => statSync(path.join(ROOT, file)).size > 1_000_000);
    expect(large).toEqual([]);
    expect(paths.filter((file) => /\.(pem|key|crt|p12)$/.test(file))).toEqual([]);
  });

  it('names the same version of a library everywhere', () => {
    const versions = new Map<string, Set<string>>();
    for (const file of paths.filter((name) => path.basename(name) === 'package.json')) {
      const manifest = JSON.parse(readFileSync(path.join(ROOT, file), 'utf8'));
      for (const [name, version] of Object.entries<string>({ ...manifest.dependencies, ...manifest.devDependencies })) {
        versions.set(name, (versions.get(name) ?? new Set()).add(version));
      }
    }
    expect([...versions].filter(([, set]) => set.size > 1)).toEqual([]);
  });
});
