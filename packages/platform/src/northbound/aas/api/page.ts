/** A page of a list: the cursor names the last thing of the page before, so that a list which grows meanwhile loses nothing. */

import { answer, invalidFields, type Outcome } from '../../rest/outcome.ts';
import { type AasParameters, decodeIdentifier, encodeIdentifier } from './aasQuery.ts';

export interface Page<T> {
  readonly paging_metadata: { readonly cursor?: string };
  readonly result: readonly T[];
}

type Window = Pick<AasParameters, 'limit' | 'cursor'>;

/** `nameOf` gives each thing a name of its own; only what is on the page is shown with `show`. */
export function pageOf<T, Shown>(
  things: readonly T[],
  nameOf: (thing: T) => string,
  show: (thing: T) => Shown,
  { limit, cursor }: Window,
): Outcome<Page<Shown>> {
  const start = startOf(things, nameOf, cursor);
  if (!start.ok) return start;
  const page = things.slice(start.value, start.value + limit);
  const isLast = start.value + page.length === things.length;
  return answer(pageJson(page.map(show), isLast ? undefined : nameOf(page.at(-1)!)));
}

/** A page of texts, of which each thing has several: only as many things are looked into as the page needs. */
export function pageOfTexts<T>(
  things: readonly T[],
  nameOf: (thing: T) => string,
  textsOf: (thing: T) => readonly string[],
  { limit, cursor }: Window,
): Outcome<Page<string>> {
  const after = cursor === undefined ? answer(undefined) : decodeIdentifier('cursor', cursor);
  if (!after.ok) return after;
  const start = after.value === undefined ? 0 : things.findIndex((thing) => after.value!.endsWith(` ${nameOf(thing)}`));
  let isBefore = after.value !== undefined;
  const page: string[] = [];
  let last: string | undefined;
  for (const thing of start < 0 ? [] : things.slice(start)) {
    const name = nameOf(thing);
    for (const text of textsOf(thing)) {
      if (page.length === limit) return answer(pageJson(page, last));
      const place = `${text} ${name}`;
      if (!isBefore) page.push(text);
      if (!isBefore) last = place;
      else isBefore = place !== after.value;
    }
  }
  return isBefore ? foreignCursor() : answer(pageJson(page, undefined));
}

function startOf<T>(things: readonly T[], nameOf: (thing: T) => string, cursor: string | undefined): Outcome<number> {
  if (cursor === undefined) return answer(0);
  const after = decodeIdentifier('cursor', cursor);
  if (!after.ok) return after;
  const start = things.findIndex((thing) => nameOf(thing) === after.value) + 1;
  return start === 0 ? foreignCursor() : answer(start);
}

function foreignCursor(): Outcome<never> {
  return invalidFields([{ field: 'cursor', detail: 'must be that of a page of the same list' }]);
}

/** `last` is the name of the last thing on the page; `undefined` where nothing follows it. */
function pageJson<T>(result: readonly T[], last: string | undefined): Page<T> {
  return { paging_metadata: last === undefined ? {} : { cursor: encodeIdentifier(last) }, result };
}
