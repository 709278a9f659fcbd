/** Reads a policy: complete and free of contradictions, or everything that is wrong with it. */

import { ConfigDocument } from '@tidegate/config/configDocument.ts';
import type { ConfigResult } from '@tidegate/config/defect.ts';
import { checkConduits } from './checkConduits.ts';
import { checkFlows } from './checkFlows.ts';
import { checkZones } from './checkZones.ts';
import { ConduitPolicy } from './conduitPolicy.ts';
import { policySchema } from './policyDocument.ts';

/** The policy in `file`. Never throws. */
export async function loadPolicy(file: string): Promise<ConfigResult<ConduitPolicy>> {
  return readPolicy(await ConfigDocument.read(file));
}

export function readPolicy(document: ConfigDocument): ConfigResult<ConduitPolicy> {
  const validated = document.validate(policySchema);
  if (!validated.ok) return validated;
  const { value } = validated;
  const defects = [
    ...checkZones(document, value),
    ...checkConduits(document, value),
    ...checkFlows(document, value),
  ].toSorted((a, b) => a.line - b.line);
  return defects.length === 0 ? { ok: true, value: new ConduitPolicy(value) } : { ok: false, defects };
}
