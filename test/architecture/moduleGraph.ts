/** What a source file brings along when it runs: the files that it imports, those that they import, and so on. */

import { resolveImport } from './importRules.ts';
import type { SourceFile } from './sourceTree.ts';

export interface ModuleGraph {
  /** Of this repository, the first one included; sorted. */
  readonly files: readonly string[];
  /** Modules of Node.js and of others; sorted. */
  readonly foreign: readonly string[];
}

/** Types are not followed: nothing of them runs. */
export function moduleGraph(entry: string, tree: readonly SourceFile[]): ModuleGraph {
  const byPath = new Map(tree.map((file) => [file.path, file]));
  const files = new Set<string>();
  const foreign = new Set<string>();
  const follow = (path: string) => {
    if (files.has(path)) return;
    const file = byPath.get(path);
    if (!file) {
      foreign.add(path);
      return;
    }
    files.add(path);
    for (const { specifier, typeOnly } of file.imports) if (!typeOnly) follow(resolveImport(path, specifier));
  };
  follow(entry);
  return { files: [...files].sort(), foreign: [...foreign].sort() };
}
