/** The tags of the profiles that judge in a gateway: a score, whether it is an alarm, and what came too late for it. */

import type { TagDefinition } from '@tidegate/core/sample/tag.ts';
import type { WatchedProfile } from '../../conditioning/health/watchedProfile.ts';
import type { TagRule } from '../../conditioning/tagRule.ts';
import type { GatewayConfig } from '../gatewayConfig.ts';

/** What stands in one tag of a profile. */
type Signal = keyof WatchedProfile['tags'];

const SIGNALS = {
  score: {
    type: 'number',
    unit: '1',
    stepped: false,
    says: 'How strange the last interval was: -log10 of its probability',
  },
  alarming: { type: 'boolean', unit: '', stepped: true, says: 'Whether intervals are strange, or a feature drifts' },
  late: {
    type: 'number',
    unit: '1',
    stepped: true,
    says: 'Samples whose time was over when they came, or too far ahead of the clock',
  },
} as const satisfies Record<Signal, Pick<TagDefinition, 'type' | 'unit' | 'stepped'> & { readonly says: string }>;

export const HEALTH_SIGNALS = Object.keys(SIGNALS) as Signal[];

/** As other tags: what stands still says so from time to time. */
const MAX_INTERVAL_MS = 600_000;

export interface NumberedHealth {
  readonly profiles: readonly WatchedProfile[];
  readonly definitions: readonly TagDefinition[];
  readonly rules: readonly TagRule[];
  /** Numbers of the tags that are features. */
  readonly watched: ReadonlySet<number>;
}

export function healthTagPath(name: string, signal: Signal): string {
  return `${name}/${signal}`;
}

export function healthTagType(signal: Signal): TagDefinition['type'] {
  return SIGNALS[signal].type;
}

/** The ids of the tags, in the order in which `numberHealthTags` wants their numbers. */
export function healthTagIds({ health = [] }: Pick<GatewayConfig, 'health'>): string[] {
  return health.flatMap(({ name }) => HEALTH_SIGNALS.map((signal) => healthTagPath(name, signal)));
}

/** `tags` are those of the plant, with their numbers; of `numbers` the first count. */
export function numberHealthTags(
  { health = [] }: Pick<GatewayConfig, 'health'>,
  numbers: readonly number[],
  tags: readonly Pick<TagDefinition, 'number' | 'path'>[],
): NumberedHealth {
  const byPath = new Map(tags.map(({ path, number }) => [path, number]));
  const tagOf = (path: string) => {
    const number = byPath.get(path);
    // The configuration has been checked: every tag that a profile names is there.
    if (number === undefined) throw new RangeError(`a model is about the tag ${path}, which is not configured`);
    return number;
  };
  let next = 0;
  const definitions: TagDefinition[] = [];
  const profiles = health.map(({ name, model, features }): WatchedProfile => {
    const { profile, digest } = model;
    const [score, alarming, late] = HEALTH_SIGNALS.map((signal) => {
      definitions.push(definitionOf(numbers[next], name, signal));
      return numbers[next++];
    });
    return { name, profile, digest, features: features.map(tagOf), tags: { score, alarming, late } };
  });
  return {
    profiles,
    definitions,
    rules: definitions.map(ruleOf),
    watched: new Set(profiles.flatMap(({ features }) => features)),
  };
}

function definitionOf(number: number, name: string, signal: Signal): TagDefinition {
  const path = healthTagPath(name, signal);
  const { type, unit, stepped, says } = SIGNALS[signal];
  return { number, id: path, path, type, lane: 'operational', unit, description: says, stepped, aliases: [] };
}

function ruleOf({ number, lane, stepped }: TagDefinition): TagRule {
  return { number, lane, stepped, exception: { deviation: 0, maxIntervalMs: MAX_INTERVAL_MS } };
}
