/** The documents agree with the code. */

import { execFileSync } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { AT } from '@tidegate/core/block/blockLayout.ts';
import { FAULTS } from '@tidegate/core/fault/faultTable.ts';
import { TALLY_FIELDS } from '@tidegate/core/ledger/tally.ts';
import { METADATA_MIGRATIONS } from '@tidegate/platform/historian/ingest/metadataMigrations.ts';
import { describe, expect, it } from 'vitest';
import { ROOT } from './architecture/sourceTree.ts';

const read = (file: string) => readFileSync(path.join(ROOT, file), 'utf8');
const scripts: Record<string, string> = JSON.parse(read('package.json')).scripts;

describe('docs/faults.md', () => {
  it('is the fault table', async () => {
    const rows = Object.entries(FAULTS)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([code, fault]) => `| \`${code}\` | ${fault.meaning} | ${fault.remedy} | ${fault.httpStatus} |`);
    const page = [
      '# Faults',
      '',
      'Everything that can be wrong from outside, from `packages/core/src/fault/faultTable.ts`. Our own bugs are not here: they end the process that has them, and its supervisor restarts it.',
      '',
      '| code | meaning | what to do | HTTP |',
      '|---|---|---|---|',
      ...rows,
      '',
    ].join('\n');
    await expect(page).toMatchFileSnapshot('../docs/faults.md');
  });
});

describe('README.md and CONTRIBUTING.md', () => {
  const text = read('README.md') + read('CONTRIBUTING.md');

  it('name the two commands', () => {
    expect(read('README.md')).toMatch(/npm start/);
    expect(read('README.md')).toMatch(/npm test/);
  });

  it('name only npm scripts that exist', () => {
    const named = [...text.matchAll(/npm run ([\w:-]+)/g)].map((match) => match[1]);
    expect(named.length).toBeGreaterThan(2);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });

  it('name only subcommands of tidegate that exist', () => {
    const help = execFileSync(process.execPath, ['apps/tidegate/src/main.ts', '--help'], {
      cwd: ROOT,
      encoding: 'utf8',
    });
    const named = new Set([...text.matchAll(/npx tidegate ([a-z]+)/g)].map((match) => match[1]));
    expect(named.size).toBeGreaterThan(1);
    for (const name of named) expect(help).toMatch(new RegExp(`^\\s+${name}\\b`, 'm'));
  });

  it('show a picture that exists', () => {
    const pictures = [...read('README.md').matchAll(/!\[[^\]]+\]\(([^)]+)\)/g)].map((match) => match[1]);
    expect(pictures.length).toBeGreaterThan(0);
    expect(pictures.filter((picture) => !existsSync(path.join(ROOT, picture)))).toEqual([]);
  });
});

describe('ARCHITECTURE.md', () => {
  const invariants = read('ARCHITECTURE.md')
    .split('\n')
    .filter((line) => line.startsWith('- Invariant:'));

  it.each(invariants)('%s', (line) => {
    const test = /`([^`]+\.test\.ts)`$/.exec(line)?.[1];
    expect(test && existsSync(path.join(ROOT, test)), 'the test exists').toBe(true);
  });
});

describe('links between documents', () => {
  const pages = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', ...globSync('docs/**/*.md', { cwd: ROOT })];

  it.each(pages)('in %s lead somewhere', (page) => {
    const links = [...read(page).matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map((match) => match[1]);
    expect(links.filter((link) => !existsSync(path.join(ROOT, path.dirname(page), link)))).toEqual([]);
  });
});

describe('docs/dependencies.md', () => {
  it('has a line for every library that a package declares', () => {
    const page = read('docs/dependencies.md');
    const declared = new Set<string>();
    for (const file of ['package.json', ...globSync('{packages,apps}/*/package.json', { cwd: ROOT })]) {
      const manifest = JSON.parse(read(file));
      for (const name of Object.keys({ ...manifest.dependencies, ...manifest.devDependencies })) declared.add(name);
    }
    const missing = [...declared].filter((name) => !name.startsWith('@tidegate/') && !page.includes(`\`${name}\``));
    expect(missing).toEqual([]);
    const listed = [...page.matchAll(/^\| `([^`]+)`/gm)].map((match) => match[1]);
    expect(listed.filter((name) => !declared.has(name))).toEqual([]);
  });
});

describe('docs/formats/sample-block.md', () => {
  it('has the offsets of the code', () => {
    const page = read('docs/formats/sample-block.md');
    for (const [field, offset] of Object.entries(AT))
      expect(page, field).toMatch(new RegExp(`\\| ${offset} \\| \\S+ \\| ${field} `));
    expect(page).toContain(TALLY_FIELDS.join(', '));
  });
});

describe('docs/formats/metadata.md', () => {
  it('has the tables and columns of the code', () => {
    const database = new DatabaseSync(':memory:');
    for (const migration of METADATA_MIGRATIONS) database.exec(migration);
    const columns = database
      .prepare(
        `SELECT t.name AS "table", c.name, c.type FROM sqlite_schema t, pragma_table_info(t.name) c
          WHERE t.type = 'table' ORDER BY t.rowid, c.cid`,
      )
      .all();
    database.close();
    const page = read('docs/formats/metadata.md');
    const described = page
      .split('\n## `')
      .slice(1)
      .flatMap((section) => {
        const table = section.slice(0, section.indexOf('`'));
        const rows = section.matchAll(/^\| `(\w+)` \| ([A-Z]+) \|/gm);
        return Array.from(rows, ([, name, type]) => ({ table, name, type }));
      });
    expect(described).toEqual(columns.map((column) => ({ ...column })));
    expect(page).toContain(`is the version of the tables, ${METADATA_MIGRATIONS.length}.`);
  });
});

describe('example configurations', () => {
  const examples = globSync('examples/**/gateway.yaml', { cwd: ROOT });

  it('exist', () => expect(examples.length).toBeGreaterThan(0));

  it.each(examples)('%s is valid', (file) => {
    const output = execFileSync(process.execPath, ['apps/tidegate/src/main.ts', 'config', 'check', file], {
      cwd: ROOT,
      encoding: 'utf8',
    });
    expect(output).toMatch(/ok/i);
  });
});
