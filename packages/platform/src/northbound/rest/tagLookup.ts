/** Finds tags by what a request calls them. */

import type { HistorianReader, StoredTag, TagIndex } from '../../historian/query/historianReader.ts';
import { nearestNames } from './nearestNames.ts';
import { answer, type Outcome, refusal } from './outcome.ts';

const INDEX = /^\d{1,9}$/;

/**
 * Digits alone are an index. Anything else is a path, an id or an alias, looked for in this order, so that an alias never
 * hides a path. Ids are unique only within a gateway, and aliases not at all.
 */
export function lookUpTag(historian: HistorianReader, name: string): Outcome<StoredTag> {
  if (INDEX.test(name)) {
    const tag = historian.tag(Number(name));
    return tag ? answer(tag) : refusal('tag.unknown', `No tag has the index ${name}.`);
  }
  const tags = historian.tags();
  for (const isNamed of NAMINGS) {
    const found = tags.filter((tag) => isNamed(tag, name));
    if (found.length === 1) return answer(found[0]);
    if (found.length > 1) return ambiguous(name, found);
  }
  return unknown(name, tags);
}

/** The indexes in ascending order, each once; `undefined` where the request names none. */
export function lookUpFilter(
  historian: HistorianReader,
  list: string | undefined,
): Outcome<readonly TagIndex[] | undefined> {
  if (list === undefined) return answer(undefined);
  const indexes = [...new Set(list.split(',').map(Number))].sort((a, b) => a - b);
  const missing = indexes.filter((index) => historian.tag(index) === undefined);
  if (missing.length === 0) return answer(indexes);
  return refusal('tag.unknown', `No tag has the index ${missing.join(' or ')}.`);
}

const NAMINGS: readonly ((tag: StoredTag, name: string) => boolean)[] = [
  (tag, name) => tag.path === name,
  (tag, name) => tag.id === name,
  (tag, name) => tag.aliases.includes(name),
];

function ambiguous(name: string, found: readonly StoredTag[]): Outcome<never> {
  const listed = found.map((tag) => `${tag.path} (index ${tag.index}, gateway ${tag.gateway})`).join(', ');
  const suggestions = [...new Set(found.map((tag) => tag.path))];
  return refusal('tag.ambiguous', `"${name}" names ${found.length} tags: ${listed}.`, { suggestions });
}

function unknown(name: string, tags: readonly StoredTag[]): Outcome<never> {
  const names = new Set(tags.flatMap((tag) => [tag.path, tag.id, ...tag.aliases]));
  const suggestions = nearestNames(name, names);
  const hint = suggestions.length > 0 ? ` The nearest is "${suggestions[0]}".` : '';
  return refusal('tag.unknown', `No tag has the path, id or alias "${name}".${hint}`, { suggestions });
}
