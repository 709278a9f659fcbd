/** Compiles a library that is loaded below a program (LD_PRELOAD), once for each state of its sources. */

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from '../architecture/sourceTree.ts';

const COMPILER = '/usr/bin/cc';
const CACHE = path.join(ROOT, 'node_modules/.cache/powercut');

/** Of `sources`, files beside this one, the first is compiled. Throws where there is no compiler. */
export function compiledLibrary(...sources: readonly [string, ...string[]]): string {
  const files = sources.map((name) => path.join(import.meta.dirname, name));
  const digest = createHash('sha256');
  for (const file of files) digest.update(readFileSync(file));
  const library = path.join(CACHE, `${digest.digest('hex').slice(0, 16)}.so`);
  if (existsSync(library)) return library;
  if (!existsSync(COMPILER)) throw new Error('the C compiler is missing: npm run pretest:crash');
  mkdirSync(CACHE, { recursive: true });
  const fresh = `${library}.${process.pid}`;
  const options = ['-O2', '-Wall', '-shared', '-fPIC', '-o', fresh, files[0], '-ldl', '-lpthread'];
  const { status, stderr } = spawnSync(COMPILER, options, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`the library cannot be compiled: ${stderr}`);
  renameSync(fresh, library);
  return library;
}
