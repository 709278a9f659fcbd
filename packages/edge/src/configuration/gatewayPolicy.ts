/** The conduit policy of a gateway: read with its configuration, and put to its tags. */

import type { ConfigDocument } from '@tidegate/config/configDocument.ts';
import type { Defect } from '@tidegate/config/defect.ts';
import { nearestWord } from '@tidegate/config/nearestWord.ts';
import type { TagDefinition } from '@tidegate/core/sample/tag.ts';
import type { ConduitPolicy, Decision } from '@tidegate/policy/conduitPolicy.ts';
import { loadPolicy } from '@tidegate/policy/loadPolicy.ts';
import type { TagRule } from '../conditioning/tagRule.ts';
import type { GatewayConfig } from './gatewayConfig.ts';
import { besideFile } from './readTagLists.ts';

export interface ReadGatewayPolicy {
  readonly policy: ConduitPolicy | undefined;
  readonly defects: readonly Defect[];
}

/** A tag, and what the policy says of it. */
export interface TagCrossing extends Decision, Pick<TagDefinition, 'path' | 'lane'> {}

/** What of the tags of a gateway crosses. */
export interface TagCrossings {
  /** Of those that may cross. */
  readonly definitions: readonly TagDefinition[];
  /** Of those that may not. */
  readonly withheld: readonly TagDefinition[];
  /** Of all tags. */
  readonly rules: readonly TagRule[];
  /** Of the flows that the rules name, in samples per second. */
  readonly rates: readonly number[];
  /** What was decided, tag by tag; empty where there is no policy. */
  readonly crossings: readonly TagCrossing[];
}

/** The policy that `document` names at `file`, which must know the gateway. */
export async function readGatewayPolicy(
  document: ConfigDocument,
  file: string | undefined,
  gateway: string | undefined,
): Promise<ReadGatewayPolicy> {
  if (file === undefined) return { policy: undefined, defects: [] };
  const loaded = await loadPolicy(besideFile(document.file, file));
  if (!loaded.ok) return { policy: undefined, defects: loaded.defects };
  const policy = loaded.value;
  if (gateway === undefined || policy.gateways.includes(gateway)) return { policy, defects: [] };
  const near = nearestWord(gateway, policy.gateways);
  const known = policy.gateways.join(', ') || 'none';
  const hint = near === undefined ? `its gateways are ${known}` : `did you mean ${near}?`;
  return { policy, defects: [document.defect(['gateway'], `the policy has no gateway ${gateway} in a zone`, hint)] };
}

/** `rules` are those of `definitions`, in the same order. */
export function crossTags(
  { gateway, policy }: Pick<GatewayConfig, 'gateway' | 'policy'>,
  definitions: readonly TagDefinition[],
  rules: readonly TagRule[],
): TagCrossings {
  if (policy === undefined) return { definitions, withheld: [], rules, rates: [], crossings: [] };
  const rates = new Map<string, { readonly index: number; readonly perSecond: number }>();
  const crossings = definitions.map(({ path, lane }) => ({ path, lane, ...policy.decide(gateway, path, lane) }));
  const decided = rules.map((rule, at): TagRule => {
    const { allowed, flow } = crossings[at];
    if (!allowed) return { ...rule, forbidden: true };
    if (flow?.maxRate === undefined) return rule;
    const rate = rates.get(flow.name) ?? { index: rates.size, perSecond: flow.maxRate };
    rates.set(flow.name, rate);
    return { ...rule, rate: rate.index };
  });
  return {
    definitions: definitions.filter((_, at) => crossings[at].allowed),
    withheld: definitions.filter((_, at) => !crossings[at].allowed),
    rules: decided,
    rates: Array.from(rates.values(), ({ perSecond }) => perSecond),
    crossings,
  };
}
