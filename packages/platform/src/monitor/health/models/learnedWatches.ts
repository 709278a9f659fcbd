/**
 * The attributes that learned models rely on: a plan that takes them away, be it that an asset moves without its id, says so
 * before what was learned of it is out of reach.
 */

import type { Subscriber } from '../../../model/assets/version/subscribers.ts';
import type { HealthWatch } from '../definition/healthWatch.ts';
import type { ModelRegistry } from './modelRegistry.ts';

/** What a twin derives comes with the attribute that it is derived of. */
const DERIVED = /\.(expected|residual|sigmas)$/;

/** Of the watches of which there are models. */
export function learnedWatches(
  watches: Iterable<HealthWatch>,
  models: Pick<ModelRegistry, 'list'>,
): readonly Subscriber[] {
  const listed = models.list();
  const learned = new Set(listed.ok ? listed.value.map(({ watch }) => watch) : []);
  return [...watches].filter(({ id }) => learned.has(id)).map(subscriberOf);
}

function subscriberOf({ assetPath, name, features, condition }: HealthWatch): Subscriber {
  const names = [...features.map(({ of }) => of), ...(condition ? [condition] : [])].flatMap(({ tags }) => tags);
  const attributes = new Set(names.map((attribute) => `${assetPath}/${attribute.replace(DERIVED, '')}`));
  return { name: `health of ${assetPath}/${name}`, attributes: [...attributes] };
}
