import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';

const HERE = import.meta.dirname;
const SOURCE = path.resolve(HERE, '../../..');
const IMPORT = /^(?:import|export)\s[^;]*?from '([^']+)';/gms;

/** What a run may be made of: data, expressions over it, the template and the replay of it. */
const ALLOWED = [
  /^model\/twins\/whatif\//,
  /^model\/twins\/replay\//,
  /^model\/twins\/twinTemplate\.ts$/,
  /^model\/assets\/assetModel\.ts$/,
  /^historian\/query\/expression\//,
  /^historian\/archive\/sampleRun\.ts$/,
  /^@tidegate\/core\/(block|clock|fault|sample)\//,
  /^jsep$/,
];

/** Every module that a file reaches, by its path below the source of the platform, or by its name. */
function reached(file: string, into = new Set<string>()): Set<string> {
  const name = path.relative(SOURCE, file);
  if (into.has(name)) return into;
  into.add(name);
  for (const [, specifier] of readFileSync(file, 'utf8').matchAll(IMPORT)) {
    if (specifier.startsWith('.')) reached(path.resolve(path.dirname(file), specifier), into);
    else into.add(specifier);
  }
  return into;
}

it('a what-if run reaches nothing but data, expressions and the template, by whatever way', () => {
  const modules = reached(path.join(HERE, 'whatIf.ts'));
  expect([...modules].filter((name) => !ALLOWED.some((pattern) => pattern.test(name)))).toEqual([]);
  expect(modules).toContain('historian/query/expression/evaluateExpression.ts');
});

it('the test sees what it is for', () => {
  const modules = reached(path.join(SOURCE, 'northbound/serve/apiRoutes.ts'));
  expect(modules).toContain('northbound/live/liveHub.ts');
  expect(modules).toContain('fastify');
});
