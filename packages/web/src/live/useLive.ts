/** How components read the present. */

import { createContext, useCallback, useContext, useSyncExternalStore } from 'react';
import type { LatestSample } from './latestValues.ts';
import { LiveData } from './liveData.ts';
import type { LinkState } from './liveStream.ts';

export const LiveContext = createContext(new LiveData());

export function useLive(): LiveData {
  return useContext(LiveContext);
}

export function useLink(): LinkState {
  const live = useLive();
  return useSyncExternalStore(live.subscribe, () => live.linkState);
}

export function useBoundary() {
  const live = useLive();
  return useSyncExternalStore(live.subscribe, () => live.boundaryState);
}

/** The latest sample of one tag; the component is drawn again only when this tag has changed. */
export function useLatest(tag: number): LatestSample | undefined {
  const { latest } = useLive();
  const subscribe = useCallback((listener: () => void) => latest.subscribe(tag, listener), [latest, tag]);
  useSyncExternalStore(subscribe, () => latest.version(tag));
  return latest.get(tag);
}
