/** Questions to the server about the model of the plant: assets, what their attributes are, and what they were. */

import type { Asset, AssetPage, AssetSummary } from '@tidegate/platform/northbound/contract/asset.ts';
import type { AttributeHistory } from '@tidegate/platform/northbound/contract/historyAnswer.ts';
import { askKnown } from './api.ts';

const ASSETS_PER_PAGE = 10_000;

/** All assets as of a moment; `null` where no model has been applied. */
export async function fetchAssets(at: string | undefined, signal?: AbortSignal): Promise<AssetSummary[] | null> {
  const assets: AssetSummary[] = [];
  let cursor: string | null = null;
  do {
    const query = new URLSearchParams({ limit: String(ASSETS_PER_PAGE), ...(at && { at }), ...(cursor && { cursor }) });
    const page: AssetPage | null = await askKnown<AssetPage>(`/assets?${query}`, signal);
    if (!page) return null;
    assets.push(...page.assets);
    cursor = page.next;
  } while (cursor !== null);
  return assets;
}

/** `null` where there is none of that name. */
export const fetchAsset = (name: string, at: string | undefined, signal?: AbortSignal) =>
  askKnown<Asset>(`/assets/${encodeURIComponent(name)}${at ? `?at=${encodeURIComponent(at)}` : ''}`, signal);

export type AttributeSeries = AttributeHistory['series'][number];

interface AttributeRange {
  readonly asset: string;
  readonly attribute: string;
  readonly startMs: number;
  readonly endMs: number;
  /** Distance of the values, in milliseconds. */
  readonly intervalMs: number;
}

/** What an attribute was, at even distances; `null` where the server knows no such attribute. */
export async function fetchAttribute(range: AttributeRange, signal?: AbortSignal): Promise<AttributeSeries | null> {
  const { asset, attribute, startMs, endMs, intervalMs } = range;
  const query = new URLSearchParams({
    start: new Date(startMs).toISOString(),
    end: new Date(endMs).toISOString(),
    interval: `${Math.max(1, Math.round(intervalMs))}ms`,
  });
  const path = `/assets/${encodeURIComponent(asset)}/attributes/${encodeURIComponent(attribute)}/history?${query}`;
  return (await askKnown<AttributeHistory>(path, signal))?.series[0] ?? null;
}
