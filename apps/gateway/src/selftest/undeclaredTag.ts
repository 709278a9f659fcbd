/** Proves that what the policy does not declare is kept out of every spool. */

import { SampleBlockBuilder } from '@tidegate/core/block/sampleBlockBuilder.ts';
import { type Lane, PLANT_LANES, perLane } from '@tidegate/core/sample/lane.ts';
import { STATUS } from '@tidegate/core/sample/statusCode.ts';
import type { TagDefinition } from '@tidegate/core/sample/tag.ts';
import { Conditioner } from '@tidegate/edge/conditioning/conditioner.ts';
import type { ConditionedCounts } from '@tidegate/edge/conditioning/laneWriter.ts';
import type { GatewayConfig } from '@tidegate/edge/configuration/gatewayConfig.ts';
import { crossTags } from '@tidegate/edge/configuration/gatewayPolicy.ts';
import { type Check, failed, proved } from '@tidegate/process/selftest/check.ts';
import { GATEWAY_CONTROLS } from '@tidegate/process/selftest/controls.ts';

const CONTROL = GATEWAY_CONTROLS.undeclared;
/** No plant has a site of this name; a policy that lets it cross lets everything cross. */
const MADE_UP = 'tidegate-selftest/made-up/undeclared';

export function proveUndeclaredRefused({ gateway, policy }: Pick<GatewayConfig, 'gateway' | 'policy'>): Check {
  const did = `put a sample of the made-up tag ${MADE_UP} to the policy and the conditioning of ${gateway}, in each lane`;
  if (!policy) return failed(CONTROL, did, 'the configuration names no policy, so everything crosses');
  const kept = PLANT_LANES.filter((lane) => isKept({ gateway, policy }, lane));
  if (kept.length > 0) return failed(CONTROL, did, `it would cross in the lane ${kept.join(', ')}`);
  const { reason } = policy.decide(gateway, MADE_UP, PLANT_LANES[0]);
  return proved(CONTROL, did, `it was counted as forbidden and not kept (${reason}); policy ${policy.digest}`);
}

function isKept(config: Pick<GatewayConfig, 'gateway' | 'policy'>, lane: Lane): boolean {
  const { rules, definitions } = crossTags(config, [madeUpTag(lane)], [{ number: 0, lane }]);
  const seen = { kept: 0, forbidden: 0 };
  const write = (block: { readonly count: number }, { forbidden }: ConditionedCounts) => {
    seen.kept += block.count;
    seen.forbidden += forbidden;
  };
  const samples = new SampleBlockBuilder();
  const conditioner = new Conditioner(
    rules,
    perLane(() => ({ write })),
  );
  samples.pushNumber(0, 0, 1, STATUS.Good);
  conditioner.write(samples);
  conditioner.release();
  return definitions.length > 0 || seen.kept > 0 || seen.forbidden !== 1;
}

function madeUpTag(lane: Lane): TagDefinition {
  return {
    ...{ number: 0, id: MADE_UP, path: MADE_UP, type: 'number', lane, unit: '', description: '', stepped: false },
    aliases: [],
  };
}
