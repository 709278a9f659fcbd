/** The tag list in pages. */

import { isSystemPath } from '@tidegate/core/sample/tag.ts';
import type { HistorianReader, StoredTag } from '../../historian/query/historianReader.ts';
import type { Tag, TagListQuery, TagPage } from '../contract/tag.ts';
import { jsonSample } from '../encoding/sampleJson.ts';
import { answer, invalidFields, type Outcome } from './outcome.ts';

export function listTags(historian: HistorianReader, query: TagListQuery): Outcome<TagPage> {
  const after = query.cursor === undefined ? undefined : decodeCursor(query.cursor);
  if (query.cursor !== undefined && after === undefined) {
    return invalidFields([{ field: 'cursor', detail: 'must be the `next` of a page of tags' }]);
  }
  const matching = historian
    .tags()
    .filter((tag) => isWithin(tag, query.scope) && isBelow(tag, query.path) && holds(tag, query.search))
    .sort(byPlace);
  const rest = after ? matching.filter((tag) => byPlace(tag, after) > 0) : matching;
  const page = rest.slice(0, query.limit);
  return answer({
    tags: page.map((tag) => tagJson(historian, tag, query.latest === 'true')),
    total: matching.length,
    next: rest.length > page.length ? encodeCursor(page[page.length - 1]) : null,
  });
}

export function tagJson(historian: HistorianReader, tag: StoredTag, withLatest: boolean): Tag {
  const { index, gateway, id, path, type, unit, description, stepped, lane, low, high, aliases, states } = tag;
  const json: Tag = {
    index,
    gateway,
    id,
    path,
    type,
    unit,
    description,
    stepped,
    lane,
    low: low ?? null,
    high: high ?? null,
    ...(states && { states: states.map(({ code, name }) => ({ code, name })) }),
    aliases: [...aliases],
  };
  if (!withLatest) return json;
  const latest = historian.latest(index);
  return { ...json, latest: latest ? jsonSample(latest) : null };
}

function isWithin({ path }: StoredTag, scope: TagListQuery['scope']): boolean {
  return scope === 'all' || isSystemPath(path) === (scope === 'system');
}

/** Whole segments only: `acme/north` is not above `acme/northeast`. */
function isBelow(tag: StoredTag, prefix: string | undefined): boolean {
  const wanted = (prefix ?? '').replace(/\/+$/, '').toLowerCase();
  if (wanted === '') return true;
  const path = tag.path.toLowerCase();
  return path === wanted || path.startsWith(`${wanted}/`);
}

function holds(tag: StoredTag, text: string | undefined): boolean {
  if (!text) return true;
  const wanted = text.toLowerCase();
  return [tag.path, tag.id, tag.description, ...tag.aliases].some((name) => name.toLowerCase().includes(wanted));
}

type Place = Pick<StoredTag, 'path' | 'index'>;

/** Two gateways may have a tag at the same path; the index then decides, so that the order is the same on each page. */
function byPlace(a: Place, b: Place): number {
  if (a.path !== b.path) return a.path < b.path ? -1 : 1;
  return a.index - b.index;
}

/** The place of the last tag on the page, so that a tag that is added or removed meanwhile shifts nothing. */
function encodeCursor(last: Place): string {
  return Buffer.from(`${last.index}:${last.path}`).toString('base64url');
}

function decodeCursor(cursor: string): Place | undefined {
  const match = /^(\d{1,9}):(.+)$/s.exec(Buffer.from(cursor, 'base64url').toString());
  return match ? { index: Number(match[1]), path: match[2] } : undefined;
}
