/** Questions to the server about twins. */

import type { Twin, TwinList } from '@tidegate/platform/northbound/contract/twin.ts';
import type { TwinDiagnosis, WhatIf } from '@tidegate/platform/northbound/contract/twinStudy.ts';
import { askKnown, send } from './api.ts';

/** What a run is asked for; spans and moments as the interface understands them. */
export interface WhatIfOrder {
  readonly asset: string;
  readonly from: string;
  readonly for: string;
  /** By attribute. */
  readonly changes: Readonly<Record<string, Partial<Record<'set' | 'add' | 'scale', number>>>>;
  readonly parameters: Readonly<Record<string, number>>;
}

/** `null` where the asset has no twin. */
export const fetchTwin = (asset: string, signal?: AbortSignal) =>
  askKnown<Twin>(`/twins/${encodeURIComponent(asset)}`, signal);

/** Twins of an asset and below it, the farthest from what is expected first; `null` where there is no such asset. */
export const fetchTwinsBelow = (asset: string, limit: number, signal?: AbortSignal) =>
  askKnown<TwinList>(`/twins?${new URLSearchParams({ below: asset, sort: 'residual', limit: String(limit) })}`, signal);

export const runWhatIf = (order: WhatIfOrder) => send<WhatIf>('/twins/whatif', order);

export const fetchDiagnosis = (asset: string, signal?: AbortSignal) =>
  askKnown<TwinDiagnosis>(`/twins/${encodeURIComponent(asset)}/diagnosis`, signal);
