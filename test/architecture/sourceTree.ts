/** The source files of the repository with what each imports, read as text. */

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';

export interface SourceImport {
  /** As written: `node:fs`, `zod`, `@tidegate/core/block/sampleBlock.ts`, `./frame.ts`. */
  readonly specifier: string;
  readonly typeOnly: boolean;
}

export interface SourceFile {
  /** From the root of the repository, with forward slashes. */
  readonly path: string;
  readonly text: string;
  readonly imports: readonly SourceImport[];
}

export const ROOT = path.resolve(import.meta.dirname, '../..');

const STATIC_IMPORT = /^\s*(?:import|export)\s+(type\s)?(?:[^'";]*?\sfrom\s+)?'([^']+)'/gm;
const DYNAMIC_IMPORT = /\b(?:import|require)\(\s*'([^']+)'/g;

export function sourceFile(filePath: string, text: string): SourceFile {
  const imports: SourceImport[] = [];
  for (const [, type, specifier] of text.matchAll(STATIC_IMPORT))
    imports.push({ specifier, typeOnly: type !== undefined });
  for (const [, specifier] of text.matchAll(DYNAMIC_IMPORT)) imports.push({ specifier, typeOnly: false });
  return { path: filePath, text, imports };
}

/** Paths of every file that git tracks or would track, whatever its kind. */
export function repositoryPaths(): string[] {
  const listing = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '--deduplicate'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  return listing.split('\n').filter((line) => line !== '');
}

export function readSourceTree(): SourceFile[] {
  return repositoryPaths()
    .filter((file) => /\.(ts|tsx|mjs)$/.test(file))
    .flatMap((file) => {
      const text = readIfPresent(path.join(ROOT, file));
      return text === undefined ? [] : [sourceFile(file, text)];
    });
}

/** A file that git still lists may have been deleted in the working tree. */
function readIfPresent(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
