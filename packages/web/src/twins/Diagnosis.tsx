/** What is behind the residuals of a twin: an instrument, the machine, or neither; reckoned when it is asked for. */

import { useQuery } from '@tanstack/react-query';
import type { TwinDiagnosis } from '@tidegate/platform/northbound/contract/twinStudy.ts';
import { useState } from 'react';
import { formatPercent } from '../alarms/analysis/analysisFigures.ts';
import { formatNumber } from '../reading/number.ts';
import { formatMoment } from '../reading/span.ts';
import { formatUnit } from '../reading/unit.ts';
import { fetchDiagnosis } from '../server/twinApi.ts';

export function Diagnosis({ asset }: { readonly asset: string }) {
  const [isAsked, setIsAsked] = useState(false);
  const { data, failureReason, isFetching, refetch } = useQuery({
    queryKey: ['diagnosis', asset],
    enabled: isAsked,
    retry: false,
    queryFn: ({ signal }) => fetchDiagnosis(asset, signal),
  });
  return (
    <section aria-label="Diagnosis">
      <p className="form-row">
        <button
          type="button"
          disabled={isFetching}
          onClick={() => {
            setIsAsked(true);
            if (isAsked) void refetch();
          }}
        >
          What is behind the residuals?
        </button>
        <span className="quiet-note" role="status">
          {isFetching
            ? 'Looking at the last day…'
            : (failureReason?.message ?? (data === null && 'The server has no diagnosis for this twin.'))}
        </span>
      </p>
      {data && (
        <>
          <p className="alarm-guidance">{data.text}</p>
          <ul className="reasons">
            {data.causes.map((cause) => (
              <Cause key={cause.parts.map(({ name }) => name).join()} cause={cause} />
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

function Cause({ cause }: { readonly cause: TwinDiagnosis['causes'][number] }) {
  const { kind, parts, onset, since, beganBefore, explained } = cause;
  const sizes = parts.map(
    ({ name, size, uncertainty, unit }) =>
      `${name} ${size >= 0 ? '+' : ''}${formatNumber(size)} \u00b1 ${formatNumber(uncertainty)} ${formatUnit(unit)}`,
  );
  return (
    <li>
      {kind}: {sizes.join(', ')}; {onset === 'step' ? 'all at once' : 'little by little'}, since{' '}
      {beganBefore && 'or before '}
      {formatMoment(since / 1_000).slice(0, 16)}; explains {formatPercent(explained)}
    </li>
  );
}
