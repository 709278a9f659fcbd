/** Circles of files that import one another: none of them can be read, or understood, before the others. */

import { resolveImport } from './importRules.ts';
import type { SourceFile } from './sourceTree.ts';

/** Circles as the files on them in the order of their imports, at least one where there is any; types count as well. */
export function importCircles(files: readonly SourceFile[]): string[][] {
  const importsOf = new Map(
    files.map((file) => [file.path, file.imports.map(({ specifier }) => resolveImport(file.path, specifier))]),
  );
  const circles: string[][] = [];
  const finished = new Set<string>();
  const trail: string[] = [];
  const visit = (path: string) => {
    const start = trail.indexOf(path);
    if (start >= 0) circles.push(trail.slice(start));
    if (start >= 0 || finished.has(path)) return;
    trail.push(path);
    for (const target of importsOf.get(path) ?? []) visit(target);
    trail.pop();
    finished.add(path);
  };
  for (const path of importsOf.keys()) visit(path);
  return circles;
}
