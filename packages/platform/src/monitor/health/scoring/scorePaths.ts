/** Where the scores of a watch stand in history: under its asset, and what came before that moved under where it was. */

import type { HealthWatch } from '../definition/healthWatch.ts';

/** `name` is `score`, `alarm`, `<feature>/value` and so on; the first path is the one that is written. */
export function scorePaths(
  { assetPath, formerPaths, name: watch }: Pick<HealthWatch, 'assetPath' | 'formerPaths' | 'name'>,
  name: string,
): readonly [string, ...string[]] {
  const pathBelow = (path: string) => `${path}/health/${watch}/${name}`;
  return [pathBelow(assetPath), ...formerPaths.map(pathBelow)];
}
