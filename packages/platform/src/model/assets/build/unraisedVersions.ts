/** Finds types that have changed and still bear the version that they had: subscribers go by it. */

import { isDeepStrictEqual } from 'node:util';
import type { AssetModel, AssetType } from '../assetModel.ts';
import type { ModelDefects } from '../text/modelDefects.ts';
import type { TypeTemplate } from './resolveTypes.ts';

export function unraisedVersions(
  before: AssetModel,
  types: ReadonlyMap<string, TypeTemplate>,
  defects: ModelDefects,
): void {
  for (const [name, { type }] of types) {
    const old = before.types.get(name);
    if (!old) continue;
    const isChanged = !isDeepStrictEqual(contentOf(old), contentOf(type));
    if (type.version < old.version || (isChanged && type.version === old.version)) {
      const change = isChanged ? 'has changed' : 'goes back';
      const hint = `write version: ${old.version + 1}; a subtype changes with what it extends`;
      defects.add(type.place, `the type "${name}" ${change}, and its version ${type.version} does not rise`, hint);
    }
  }
}

/** What subscribers and assets rely on: its attributes, but not what is said of them, nor what they are bound to. */
function contentOf({ lineage, abstract, attributes, components }: AssetType): unknown {
  const contract = [...attributes.values()].map(({ description: _, ...rest }) => rest);
  return { lineage, abstract, components, contract };
}
