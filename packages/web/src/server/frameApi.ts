/** Questions to the server about event frames. */

import type { FramePage } from '@tidegate/platform/northbound/contract/event.ts';
import { askKnown } from './api.ts';

/** The newest frames of an asset and of what is below it, of the last week; `null` where the server derives none. */
export const fetchFrames = (asset: string, limit: number, signal?: AbortSignal) =>
  askKnown<FramePage>(`/frames?${new URLSearchParams({ asset, limit: String(limit) })}`, signal);
