/** What an alarm watches: a tag, or an attribute that is bound to one, and its samples. */

import type { Alarm } from '@tidegate/platform/northbound/contract/alarm.ts';
import type { Asset } from '@tidegate/platform/northbound/contract/asset.ts';
import type { Tag } from '@tidegate/platform/northbound/contract/tag.ts';
import { askKnown, fetchSeries, type Series } from './api.ts';

export interface Subject {
  readonly path: string;
  /** Number of the tag. */
  readonly tag: number;
  readonly stepped: boolean;
}

/** Where an alarm does not say what it watches, its name begins with that; `null` where no tag is behind it. */
export async function findSubject(
  name: string,
  subject: Alarm['subject'],
  signal?: AbortSignal,
): Promise<Subject | null> {
  const path = subject?.path ?? upTo(name);
  const tag =
    (subject?.kind !== 'attribute' && (await tagOf(path, signal))) ||
    (subject?.kind !== 'tag' && (await tagOfAttribute(path, signal)));
  return tag ? { path, tag: tag.index, stepped: tag.stepped || tag.type === 'boolean' } : null;
}

const upTo = (path: string) => path.slice(0, Math.max(0, path.lastIndexOf('/')));

const tagOf = (path: string, signal?: AbortSignal) =>
  path === '' ? null : askKnown<Tag>(`/tags/${encodeURIComponent(path)}`, signal);

async function tagOfAttribute(path: string, signal?: AbortSignal): Promise<Tag | null> {
  const owner = upTo(path);
  const asset = owner === '' ? null : await askKnown<Asset>(`/assets/${encodeURIComponent(owner)}`, signal);
  const source = asset?.attributes.find((attribute) => attribute.path === path)?.source;
  return source?.kind === 'tag' && source.tag !== undefined ? tagOf(source.tag, signal) : null;
}

/** The samples that make a picture of so many pixels. */
export const fetchSubject = (
  { tag }: Subject,
  [startMs, endMs]: readonly [number, number],
  pixels: number,
  signal?: AbortSignal,
): Promise<Series> => fetchSeries({ tag, startMs, endMs, mode: 'plot', limit: pixels }, signal);
