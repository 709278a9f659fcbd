/** The model of the plant as the server has it, and the attributes of an asset now or as of a moment. */

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { Tag } from '@tidegate/platform/northbound/contract/tag.ts';
import { useEffect, useState } from 'react';
import { API, askKnown } from '../server/api.ts';
import { fetchAsset, fetchAssets, fetchAttribute } from '../server/assetApi.ts';
import { LiveAttributes, type LiveReadings } from './liveAttributes.ts';

/** The model changes when somebody applies another. */
const MODEL_EVERY_MS = 15_000;
/** A tag that is not there yet may come with a gateway. */
const TAG_EVERY_MS = 30_000;
const NO_READINGS: LiveReadings = new Map();

export function useAssetList(at: string | undefined) {
  return useQuery({
    queryKey: ['assets', at],
    queryFn: ({ signal }) => fetchAssets(at, signal),
    refetchInterval: MODEL_EVERY_MS,
    placeholderData: keepPreviousData,
  });
}

export function useAsset(name: string | undefined, at: string | undefined) {
  return useQuery({
    queryKey: ['asset', name, at],
    enabled: name !== undefined,
    queryFn: ({ signal }) => fetchAsset(name as string, at, signal),
    refetchInterval: MODEL_EVERY_MS,
  });
}

/** The tag of a path: `null` where there is none, `undefined` while it is looked for, or while `path` is undefined. */
export function useTag(path: string | undefined): Tag | null | undefined {
  return useQuery({
    queryKey: ['tag', path],
    enabled: path !== undefined,
    queryFn: ({ signal }) => askKnown<Tag>(`/tags/${encodeURIComponent(path as string)}`, signal),
    staleTime: TAG_EVERY_MS,
    refetchInterval: ({ state }) => (state.data === null ? TAG_EVERY_MS : false),
  }).data;
}

/** By path, what the attributes of an asset are; nothing while `path` is undefined. */
export function useLiveAttributes(path: string | undefined): LiveReadings {
  const [readings, setReadings] = useState<LiveReadings>(NO_READINGS);
  useEffect(() => {
    if (path === undefined) return;
    const query = new URLSearchParams({ pattern: `${path}/*`, name: 'the console' });
    const source = new EventSource(`${API}/twins/live?${query}`);
    new LiveAttributes(setReadings).listen(source);
    return () => {
      source.close();
      setReadings(NO_READINGS);
    };
  }, [path]);
  return readings;
}

/** By path, what the attributes of an asset were at a moment; `undefined` while they are on their way. */
export function useAttributesAt(
  asset:
    | { readonly path: string; readonly attributes: readonly { readonly name: string; readonly path: string }[] }
    | undefined,
  atMs: number | undefined,
): LiveReadings | undefined {
  return useQuery({
    queryKey: ['attributes-at', asset?.path, atMs],
    enabled: asset !== undefined && atMs !== undefined,
    queryFn: async ({ signal }) => {
      const { path, attributes } = asset!;
      const range = { asset: path, startMs: atMs!, endMs: atMs! + 1_000, intervalMs: 1_000 };
      const found = await Promise.all(
        attributes.map(async ({ name, path: key }) => {
          const series = await fetchAttribute({ ...range, attribute: name }, signal);
          return [
            key,
            series && { time: series.times[0], value: series.values[0], status: series.statuses[0] },
          ] as const;
        }),
      );
      return new Map(found.flatMap(([key, sample]) => (sample?.time === undefined ? [] : [[key, sample] as const])));
    },
  }).data;
}
