/** The walls of the house: who may import whom, and what the gateway's program contains. */

import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { rolldown } from 'rolldown';
import { describe, expect, it } from 'vitest';
import { importCircles } from './architecture/importCircles.ts';
import { checkImports, IMPORT_RULES, type PackageManifest, UNDECLARED } from './architecture/importRules.ts';
import { ROOT, readSourceTree, sourceFile } from './architecture/sourceTree.ts';

const manifests = ['.', ...globSync('{packages,apps}/*', { cwd: ROOT })].map((directory): PackageManifest => {
  const manifest = JSON.parse(readFileSync(path.join(ROOT, directory, 'package.json'), 'utf8'));
  return {
    name: manifest.name,
    directory,
    dependencies: Object.keys({ ...manifest.dependencies, ...manifest.devDependencies, ...manifest.peerDependencies }),
  };
});

/** For each rule, files that break it: a rule that does not catch its own violation holds nothing up. */
const PLANTED: Readonly<Record<string, readonly (readonly [file: string, text: string])[]>> = {
  'zones form a star: they import core and the leaves beside it, never each other': [
    ['packages/edge/src/spool/x.ts', "import { Historian } from '@tidegate/platform/historian/query/historian.ts';"],
    ['packages/platform/src/model/x.ts', "import type { Frame } from '@tidegate/dissect/modbus/frame.ts';"],
    ['packages/oneway/src/forward/x.ts', "import { LaneSpool } from '@tidegate/edge/spool/laneSpool.ts';"],
    ['packages/web/src/x.ts', "import { Journal } from '@tidegate/journal/journal.ts';"],
  ],
  'of platform, web imports types of northbound/contract only': [
    ['packages/web/src/x.ts', "import { tag } from '@tidegate/platform/northbound/contract/tag.ts';"],
    ['packages/web/src/x.ts', "import type { Archive } from '@tidegate/platform/historian/archive/archive.ts';"],
  ],
  'core does no I/O and has no dependencies': [
    ['packages/core/src/bytes/x.ts', "import { crc32 } from 'node:zlib';"],
    ['packages/core/src/fault/x.ts', "import { z } from 'zod';"],
  ],
  'a stage never imports a later stage': [
    ['packages/edge/src/acquisition/x.ts', "import { LaneSpool } from '../spool/laneSpool.ts';"],
    ['packages/platform/src/historian/ingest/x.ts', "import { Archive } from '../archive/archive.ts';"],
    ['packages/platform/src/historian/query/x.ts', "import type { Alarm } from '../../monitor/alarms/alarm.ts';"],
  ],
  'forward and receive share nothing but frame, which only they import': [
    ['packages/oneway/src/forward/x.ts', "import { Receiver } from '../receive/receiver.ts';"],
    ['packages/oneway/src/frame/x.ts', "import { Receiver } from '../receive/receiver.ts';"],
    ['apps/gateway/src/x.ts', "import { HELLO } from '@tidegate/oneway/frame/hello.ts';"],
  ],
  'only the transport, the boundary, northbound and apps open a medium': [
    ['packages/edge/src/acquisition/drivers/modbus/x.ts', "import { connect } from 'node:net';"],
    ['packages/platform/src/historian/query/x.ts', "export const fetch = await import('node:http');"],
  ],
  'apps/tidegate imports no zone': [
    ['apps/tidegate/src/x.ts', "import { startDevice } from '@tidegate/edge/acquisition/device.ts';"],
  ],
  'an app imports no other app': [['apps/server/src/x.ts', "import { main } from '../../gateway/src/main.ts';"]],
  'a package reaches another by its name, never by a relative path': [
    ['packages/edge/src/spool/x.ts', "import { crc32 } from '../../../core/src/bytes/crc32.ts';"],
  ],
  [UNDECLARED]: [['packages/journal/src/x.ts', "import { z } from 'zod';"]],
};

describe('import rules', () => {
  const tree = readSourceTree();

  it('hold over the whole tree', () => {
    expect(tree.length).toBeGreaterThan(20);
    expect(checkImports(tree, manifests)).toEqual([]);
  });

  it('are each proved by a planted violation', () => {
    expect(Object.keys(PLANTED).sort()).toEqual([...Object.keys(IMPORT_RULES), UNDECLARED].sort());
  });

  const planted = Object.entries(PLANTED).flatMap(([rule, files]) =>
    files.map(([file, text]) => [rule, file, text] as const),
  );
  it.each(planted)('%s: caught in %s', (rule, file, text) => {
    const rules = checkImports([sourceFile(file, text)], manifests).map((violation) => violation.rule);
    expect(rules).toContain(rule);
  });
});

describe('import circles', () => {
  it('are nowhere in the tree, imports of types included', () => {
    expect(importCircles(readSourceTree())).toEqual([]);
  });

  it.each([
    ['of two files', { a: "import { b } from './b.ts';", b: "import { a } from './a.ts';" }, ['a', 'b']],
    ['of types only', { a: "import type { B } from './b.ts';", b: "import type { A } from './a.ts';" }, ['a', 'b']],
    [
      'over three, by name and beside files that are on none',
      {
        top: "import { a } from './a.ts';",
        a: "export { b } from '@tidegate/core/x/b.ts';",
        b: "import './c.ts';",
        c: "import { leaf } from './leaf.ts';\nexport const a = await import('./a.ts');",
        leaf: '',
      },
      ['a', 'b', 'c'],
    ],
    ['of a file with itself', { a: "import { a } from './a.ts';" }, ['a']],
  ] as const)('are caught: %s', (_name, texts, circle) => {
    const files = Object.entries(texts).map(([name, text]) => sourceFile(`packages/core/src/x/${name}.ts`, text));
    expect(importCircles(files)).toEqual([circle.map((name) => `packages/core/src/x/${name}.ts`)]);
  });
});

describe("the gateway's program", () => {
  it('holds no file of the platform, of the receiving end, or of a relay', async () => {
    const files = await bundledFiles('apps/gateway/src/main.ts');
    expect(files).toContain('apps/gateway/src/main.ts');
    expect(files.some((file) => file.startsWith('packages/oneway/src/forward/'))).toBe(true);
    expect(files.filter(belongsToServer)).toEqual([]);
  });

  it('would be seen to hold them if it did: the server does', async () => {
    expect((await bundledFiles('apps/server/src/main.ts')).some(belongsToServer)).toBe(true);
  });
});

describe("the relay's program", () => {
  it('joins the two ends of the boundary and holds nothing of either zone', async () => {
    const files = await bundledFiles('apps/gate/src/main.ts');
    for (const part of ['receive', 'relay', 'forward']) {
      expect(files.some((file) => file.startsWith(`packages/oneway/src/${part}/`))).toBe(true);
    }
    expect(files.filter((file) => /^packages\/(edge|dissect|platform)\//.test(file))).toEqual([]);
  });
});

function belongsToServer(file: string): boolean {
  return /^packages\/(platform|oneway\/src\/(receive|relay))\//.test(file);
}

/** Files of this repository that a bundle of `entry` is made of. */
async function bundledFiles(entry: string): Promise<string[]> {
  const bundle = await rolldown({
    input: path.join(ROOT, entry),
    platform: 'node',
    treeshake: false,
    // Native parts are no source.
    external: /\.node$|^@duckdb\//,
    logLevel: 'silent',
  });
  const { output } = await bundle.generate({ format: 'esm' });
  await bundle.close();
  return output
    .flatMap((chunk) => (chunk.type === 'chunk' ? chunk.moduleIds : []))
    .map((id) => path.relative(ROOT, id).split(path.sep).join('/'))
    .filter((file) => !file.startsWith('node_modules/'))
    .sort();
}
