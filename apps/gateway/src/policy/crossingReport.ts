/** What of a configuration crosses the boundary, for the engineer who answers for it. */

import type { TagCrossing } from '@tidegate/edge/configuration/gatewayPolicy.ts';
import { alignedColumns } from '../alignedColumns.ts';

const NO_POLICY = 'note: no policy is named, so every tag crosses (docs/policy.md)';

/** A warning for each tag that does not cross, and how many do by which flow. */
export function crossingSummary(crossings: readonly TagCrossing[] | undefined): readonly string[] {
  if (crossings === undefined) return [NO_POLICY];
  const warnings = refusedOf(crossings).map(
    ({ path, lane, reason }) => `warning: ${path} (${lane}) does not cross: ${reason}`,
  );
  const byFlow = Map.groupBy(
    crossings.filter(({ allowed }) => allowed),
    ({ flow, conduit }) => flow?.name ?? `${conduit}/(ledger)`,
  );
  const counts = [...byFlow].map(([flow, tags]) => `policy: ${tags.length} tags cross by ${flow}`);
  return [...warnings, ...counts];
}

/** Every tag with the flow that lets it cross, or why nothing does; those that do not come first. */
export function crossingTable(crossings: readonly TagCrossing[]): string {
  const crossing = crossings.filter(({ allowed }) => allowed);
  const refused = refusedOf(crossings);
  const rows = [...refused, ...crossing].map(({ path, lane, flow, reason, allowed }) => [
    path,
    lane,
    allowed ? (flow?.name ?? reason) : `refused: ${reason}`,
  ]);
  return [...alignedColumns(rows), `${crossing.length} tags cross, ${refused.length} do not`, ''].join('\n');
}

function refusedOf(crossings: readonly TagCrossing[]): readonly TagCrossing[] {
  return crossings.filter(({ allowed }) => !allowed);
}
