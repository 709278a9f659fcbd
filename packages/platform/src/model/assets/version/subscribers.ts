/** Who listens to attributes at this moment, and which of them a change of the model would break. */

import { TagPattern } from '@tidegate/core/sample/tagPattern.ts';
import type { AssetModel } from '../assetModel.ts';
import type { ModelChanges } from './modelChanges.ts';

export interface Subscriber {
  /** As people know it: a user, a client, the name of a connection. */
  readonly name: string;
  /** Patterns of paths in the unified namespace, `<asset>/<attribute>`, such as `acme/north/**`. */
  readonly attributes: readonly string[];
}

/** What publishes live knows its subscribers; each such part of the server is one of these. */
export interface Subscribers {
  list(): readonly Subscriber[];
}

export interface BrokenSubscription {
  readonly subscriber: string;
  /** Path of the attribute as it was. */
  readonly attribute: string;
  /** As half a sentence. */
  readonly reason: string;
}

/** An asset that is only renamed breaks nobody: its former paths still find it. */
export function brokenSubscriptions(
  changes: ModelChanges,
  before: AssetModel,
  subscribers: readonly Subscriber[],
): readonly BrokenSubscription[] {
  const patterns = subscribers.flatMap(({ name, attributes }) =>
    attributes.map((text) => ({ name, pattern: new TagPattern(text) })),
  );
  if (patterns.length === 0) return [];
  const broken: BrokenSubscription[] = [];
  for (const change of changes.assets) {
    const old = before.assets.get(change.id);
    if (!old) continue;
    for (const { name, breaks } of change.attributes) {
      if (breaks === undefined) continue;
      const paths = [old.path, ...old.formerPaths].map((path) => `${path}/${name}`);
      const hit = new Set(
        patterns.filter(({ pattern }) => paths.some((path) => pattern.matches(path))).map((p) => p.name),
      );
      for (const subscriber of hit) broken.push({ subscriber, attribute: paths[0], reason: breaks });
    }
  }
  return broken;
}
