/** The path of an element in its submodel: short names with dots between, `EntryNode.motor` (IDTA 01002-3-0, idShortPath). */

import { childrenOf, type Submodel, type SubmodelElement } from '../metamodel/environment.ts';

/** An index such as `[3]` is of a list; no submodel here has one, so that it leads nowhere. */
const PATH = /^[A-Za-z]\w*(?:\.[A-Za-z]\w*|\[\d+\])*$/;

export function isElementPath(path: string): boolean {
  return PATH.test(path);
}

/** The element and all that it lies in, from the outermost; `undefined` where the path leads nowhere. */
export function trailTo(submodel: Submodel, path: string): readonly SubmodelElement[] | undefined {
  const trail: SubmodelElement[] = [];
  let place: Submodel | SubmodelElement = submodel;
  for (const name of path.split('.')) {
    const found: SubmodelElement | undefined = childrenOf(place).find(({ idShort }) => idShort === name);
    if (!found) return undefined;
    trail.push(found);
    place = found;
  }
  return trail;
}
