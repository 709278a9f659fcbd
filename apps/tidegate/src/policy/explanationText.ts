/** Why a tag of a gateway crosses or not, in words. */

import { type Lane, PLANT_LANES } from '@tidegate/core/sample/lane.ts';
import { isSystemPath } from '@tidegate/core/sample/tag.ts';
import type { ConduitPolicy } from '@tidegate/policy/conduitPolicy.ts';
import { type Explanation, explainTag } from '@tidegate/policy/explainTag.ts';

/** The lane of a tag is the gateway's to say: every one that it could be in is explained. */
export function explanationText(policy: ConduitPolicy, gateway: string, path: string) {
  const lanes: readonly Lane[] = isSystemPath(path) ? [...PLANT_LANES, 'audit'] : PLANT_LANES;
  const explained = lanes.map((lane) => ({ lane, ...explainTag(policy, gateway, path, lane) }));
  // Where a lane is impossible for what the tag reports, only the possible ones are of interest.
  const crossing = explained.filter(({ allowed }) => allowed);
  const shown = crossing.length > 0 ? crossing : explained.slice(-1);
  const text = shown.map((one) => `${gateway}: ${path}, lane ${one.lane}: ${bodyOf(one)}`).join('');
  return { crosses: crossing.length > 0, text };
}

function bodyOf({ allowed, conduit, reason, verdicts, suggestion }: Explanation): string {
  const verdict = allowed ? `crosses by ${conduit}: ${reason}` : `does not cross: ${reason}`;
  const asked = verdicts.map(({ flow, fits, why }) => `  ${fits ? '+' : '-'} ${flow} ${why}`);
  const hint = suggestion && [
    `  This flow of the conduit ${suggestion.conduit} would let it cross:`,
    ...suggestion.yaml.split('\n').map((line) => `      ${line}`),
  ];
  return `${[verdict, ...asked, ...(hint ?? [])].join('\n')}\n`;
}
