/**
 * Which gateway may define which path. A path of the plant belongs to the gateway that defined it first, for as long as it
 * names it; what lies below `<gateway>/_...` belongs to that gateway alone (IEC 62443-3-3, SR 2.1).
 */

import { isSystemPath } from '@tidegate/core/sample/tag.ts';

/** `owned`: another gateway has the path. `foreign`: a gateway reports on nobody but itself. */
export type ClaimRefusal = 'owned' | 'foreign';

export class TagClaims {
  readonly #isShared: (path: string) => boolean;
  readonly #ownerOf = new Map<string, string>();
  readonly #pathsOf = new Map<string, readonly string[]>();

  /** `isShared` says of which paths of the plant several gateways may have a tag. */
  constructor(isShared: (path: string) => boolean) {
    this.#isShared = isShared;
  }

  /** Why a gateway may not have a tag at `path`; `undefined` where it may. */
  judge(gateway: string, path: string): ClaimRefusal | undefined {
    if (isSystemPath(path)) return path.startsWith(`${gateway}/_`) ? undefined : 'foreign';
    const owner = this.#ownerOf.get(path);
    return owner === undefined || owner === gateway || this.#isShared(path) ? undefined : 'owned';
  }

  /** The paths that a gateway names from now on; those of others among them stay theirs. */
  replace(gateway: string, paths: readonly string[]): void {
    for (const path of this.#pathsOf.get(gateway) ?? []) {
      if (this.#ownerOf.get(path) === gateway) this.#ownerOf.delete(path);
    }
    for (const path of paths) if (!this.#ownerOf.has(path)) this.#ownerOf.set(path, gateway);
    this.#pathsOf.set(gateway, paths);
  }
}
