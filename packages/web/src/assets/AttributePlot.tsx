/** One attribute over the last hour, or over the hour up to the moment that is shown. */

import { useQuery } from '@tanstack/react-query';
import type { Asset } from '@tidegate/platform/northbound/contract/asset.ts';
import { useState } from 'react';
import { plotValues } from '../plot/plotPath.ts';
import { TimePlot } from '../plot/TimePlot.tsx';
import { fetchAttribute } from '../server/assetApi.ts';

const HOUR_MS = 3_600_000;
const POINTS = 360;

interface AttributePlotProps {
  readonly asset: Asset;
  readonly attribute: string;
  readonly endMs: number;
}

export function AttributePlot({ asset, attribute, endMs }: AttributePlotProps) {
  // The plot stays as it was asked for, and is not moved under the reader by the clock.
  const [shownMs] = useState(endMs);
  const range = { startMs: shownMs - HOUR_MS, endMs: shownMs };
  const { data, failureReason } = useQuery({
    queryKey: ['attribute', asset.path, attribute, shownMs],
    queryFn: ({ signal }) =>
      fetchAttribute({ asset: asset.path, attribute, ...range, intervalMs: HOUR_MS / POINTS }, signal),
  });
  if (!data) {
    const missing = data === null ? 'The server does not keep the history of this attribute.' : 'Loading its history…';
    return <p className="quiet-note inset">{failureReason?.message ?? missing}</p>;
  }
  const unit = asset.attributes.find(({ name }) => name === attribute)?.unit;
  return (
    <div className="asset-plot">
      <TimePlot
        label={`${attribute} over an hour`}
        lines={[{ name: attribute, look: 'actual', times: data.times, values: plotValues(data.values) }]}
        {...range}
        unit={unit}
      />
    </div>
  );
}
