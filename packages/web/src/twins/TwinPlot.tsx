/** An attribute and what it should be, over time, with the band in which a sound asset stays. */

import { useQuery } from '@tanstack/react-query';
import type { Twin } from '@tidegate/platform/northbound/contract/twin.ts';
import { useState } from 'react';
import { type PlotColumn, plotValues } from '../plot/plotPath.ts';
import { TimePlot } from '../plot/TimePlot.tsx';
import { type AttributeSeries, fetchAttribute } from '../server/assetApi.ts';

const HOUR_MS = 3_600_000;
const SPANS = [
  { label: '1 h', ms: HOUR_MS },
  { label: '8 h', ms: 8 * HOUR_MS },
  { label: '24 h', ms: 24 * HOUR_MS },
  { label: '7 d', ms: 168 * HOUR_MS },
] as const;
const POINTS = 360;
const RELOAD_MS = 15_000;
/** Half the width of a band that holds 95 of 100 moments, in sigmas. */
const BAND_SIGMAS = 1.96;

interface TwinPlotProps {
  readonly asset: string;
  readonly comparison: Pick<Twin['comparisons'][number], 'attribute' | 'sigma' | 'formula'>;
  readonly unit: string;
  readonly nowMs: number;
}

export function TwinPlot({ asset, comparison: { attribute, sigma, formula }, unit, nowMs }: TwinPlotProps) {
  const [spanMs, setSpanMs] = useState<number>(HOUR_MS);
  const { data, failureReason } = useQuery({
    queryKey: ['twin-plot', asset, attribute, spanMs],
    refetchInterval: RELOAD_MS,
    queryFn: async ({ signal }) => {
      const range = { asset, startMs: nowMs - spanMs, endMs: nowMs, intervalMs: spanMs / POINTS };
      const [actual, expected] = await Promise.all([
        fetchAttribute({ ...range, attribute }, signal),
        fetchAttribute({ ...range, attribute: `${attribute}.expected` }, signal),
      ]);
      return { startMs: range.startMs, endMs: range.endMs, actual: columnOf(actual), expected: columnOf(expected) };
    },
  });
  const shift = (sign: number) =>
    data?.expected.values.map((value) =>
      value === null || sigma === null ? null : value + sign * BAND_SIGMAS * sigma,
    ) ?? [];
  return (
    <section className="twin-plot" aria-label={`${attribute} over time`}>
      <h3>
        {attribute}
        <span className="spring" />
        <fieldset className="segments">
          <legend className="visually-hidden">Time</legend>
          {SPANS.map(({ label, ms }) => (
            <button key={label} type="button" aria-pressed={ms === spanMs} onClick={() => setSpanMs(ms)}>
              {label}
            </button>
          ))}
        </fieldset>
      </h3>
      {data ? (
        <TimePlot
          label={`${attribute}: actual and expected`}
          lines={[
            {
              ...{ name: 'expected', look: 'expected', ...data.expected },
              band: sigma === null ? undefined : { lows: shift(-1), highs: shift(1) },
            },
            { name: 'actual', look: 'actual', ...data.actual },
          ]}
          startMs={data.startMs}
          endMs={data.endMs}
          unit={unit}
          height={240}
        />
      ) : (
        <p className="quiet-note">{failureReason?.message ?? 'Loading its history…'}</p>
      )}
      <p className="quiet-note">
        Expected: <code>{formula}</code>.{' '}
        {sigma === null
          ? 'No band: nobody has said, and no fit has found, how far a sound asset strays.'
          : 'The band holds 95 of 100 moments of a sound asset.'}
      </p>
    </section>
  );
}

const columnOf = (series: AttributeSeries | null): PlotColumn =>
  series ? { times: series.times, values: plotValues(series.values) } : { times: [], values: [] };
