/** A run of a twin: what it would have done, what it would have done unchanged, and what happened. */

import type { WhatIf } from '@tidegate/platform/northbound/contract/twinStudy.ts';
import { formatPercent } from '../alarms/analysis/analysisFigures.ts';
import { TimePlot } from '../plot/TimePlot.tsx';
import { formatNumber } from '../reading/number.ts';
import { formatUnit } from '../reading/unit.ts';

type RunSeries = WhatIf['series'][number];

export function WhatIfResult({ run }: { readonly run: WhatIf }) {
  const { times, series, assumptions } = run;
  if (times.length < 2) return <p className="quiet-note">The run has no moments: choose a longer one.</p>;
  return (
    <section aria-label="The run" className="what-if-run">
      {series.map((each) => (
        <RunPlot key={each.attribute} times={times} series={each} />
      ))}
      {assumptions.length > 0 && (
        <>
          <h3>What the run took for granted</h3>
          <ul className="reasons">
            {assumptions.map((assumption) => (
              <li key={assumption}>{assumption}</li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

function RunPlot({ times, series }: { readonly times: readonly number[]; readonly series: RunSeries }) {
  const { attribute, unit, expected, low, high, unchanged, actual, comparison } = series;
  return (
    <section aria-label={`Run of ${attribute}`}>
      <h3>{attribute}</h3>
      <TimePlot
        label={`${attribute} in the run`}
        lines={[
          { name: 'with the changes', look: 'other', times, values: expected, band: { lows: low, highs: high } },
          { name: 'unchanged', look: 'expected', times, values: unchanged },
          { name: 'happened', look: 'actual', times: times.slice(0, actual.length), values: actual },
        ]}
        startMs={times[0] / 1_000}
        endMs={times[times.length - 1] / 1_000}
        unit={unit}
      />
      {comparison && (
        <p className="quiet-note">
          What happened lies in the band of 95 % for {formatPercent(comparison.withinBand)} of {comparison.count}{' '}
          moments; it is {formatNumber(comparison.bias)} {formatUnit(unit)} off on average.
        </p>
      )}
    </section>
  );
}
