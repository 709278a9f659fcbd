/** Where the history of an attribute is asked for, so that a figure can be opened down to the samples it came from. */

import { formatTimestamp, type Timestamp } from '@tidegate/core/clock/timestamp.ts';
import type { AppliedModel } from '../../../model/assets/modelStore.ts';
import { API_ROOT } from '../../contract/endpoint.ts';
import type { HistoryLink } from '../../contract/event.ts';

export interface LinkedRange {
  readonly start: number;
  readonly end: number;
}

/** `attribute` as a formula of the asset names it; a link that leads nowhere where the asset has none such any more. */
export function historyLink(
  { model, lookup }: AppliedModel,
  assetId: string,
  attribute: string,
  { start, end }: LinkedRange,
): HistoryLink {
  const asset = model.assets.get(assetId);
  const found = asset && lookup.attribute(asset, attribute);
  const [id, path, name] = found
    ? [found.asset.id, found.asset.path, found.attribute.name]
    : [assetId, asset?.path ?? assetId, attribute];
  const range = new URLSearchParams({ start: textOf(start), end: textOf(end) });
  const address = `${API_ROOT}/assets/${encodeURIComponent(id)}/attributes/${encodeURIComponent(name)}/history`;
  return { path: `${path}/${name}`, history: `${address}?${range}` };
}

function textOf(time: number): string {
  return formatTimestamp(Math.round(time) as Timestamp);
}
