/** A page of a list: the cursor names the last thing of the page before, so that a list which grows meanwhile loses nothing. */

import { answer, invalidFields, type Outcome } from '../../rest/outcome.ts';
import { type AasParameters, decodeIdentifier, encodeIdentifier } from './aasQuery.ts';

export interface Page<T> {
  readonly paging_metadata: { readonly cursor?: string };
  readonly result: readonly T[];
}

/** `nameOf` gives each thing a name of its own; only what is on the page is shown with `show`. */
export function pageOf<T, Shown>(
  things: readonly T[],
  nameOf: (thing: T) => string,
  show: (thing: T) => Shown,
  { limit, cursor }: Pick<AasParameters, 'limit' | 'cursor'>,
): Outcome<Page<Shown>> {
  const after = cursor === undefined ? undefined : decodeIdentifier('cursor', cursor);
  if (after && !after.ok) return after;
  const start = after ? things.findIndex((thing) => nameOf(thing) === after.value) + 1 : 0;
  if (after && start === 0)
    return invalidFields([{ field: 'cursor', detail: 'must be that of a page of the same list' }]);
  const page = things.slice(start, start + limit);
  const isLast = start + page.length === things.length;
  const last = page.at(-1);
  return answer({
    paging_metadata: isLast || last === undefined ? {} : { cursor: encodeIdentifier(nameOf(last)) },
    result: page.map(show),
  });
}
