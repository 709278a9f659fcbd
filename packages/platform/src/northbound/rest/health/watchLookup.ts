/** Finds watches by what a request calls them. */

import { TagPattern, tagPatternDefect } from '@tidegate/core/sample/tagPattern.ts';
import type { HealthWatch } from '../../../monitor/health/definition/healthWatch.ts';
import { nearestNames } from '../nearestNames.ts';
import { answer, invalidFields, type Outcome, refusal } from '../outcome.ts';

type Watches = ReadonlyMap<string, HealthWatch>;

/** By its id, or by the path of its asset, a slash and its name. */
export function lookUpWatch(watches: Watches, name: string): Outcome<HealthWatch> {
  const found = watches.get(name) ?? watches.values().find((watch) => longName(watch) === name);
  if (found) return answer(found);
  const names = new Set([...watches.values()].flatMap((watch) => [longName(watch), watch.id]));
  const suggestions = nearestNames(name, names);
  const hint = suggestions.length > 0 ? ` The nearest is "${suggestions[0]}".` : '';
  return refusal('health.watch-unknown', `There is no watch "${name}".${hint}`, { suggestions });
}

export function longName({ assetPath, name }: HealthWatch): string {
  return `${assetPath}/${name}`;
}

interface OfAsset {
  readonly asset: string;
  readonly assetPath: string;
}

/** Whether something is of an asset that is asked for by its path, its id or a pattern of paths; what is below counts too. */
export function assetFilter(asked: string | undefined): Outcome<(one: OfAsset) => boolean> {
  if (asked === undefined) return answer(() => true);
  const defect = tagPatternDefect(asked);
  if (defect !== undefined) return invalidFields([{ field: 'asset', detail: defect }]);
  const pattern = new TagPattern(asked);
  const below = new TagPattern(`${asked}/**`);
  return answer(({ asset, assetPath }) => asset === asked || pattern.matches(assetPath) || below.matches(assetPath));
}
