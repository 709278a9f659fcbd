/** The twin of an asset: what it should be doing beside what it does, how far that is trusted, and what would be if. */

import { useQuery } from '@tanstack/react-query';
import type { Twin } from '@tidegate/platform/northbound/contract/twin.ts';
import { useState } from 'react';
import { formatPercent } from '../alarms/analysis/analysisFigures.ts';
import { VerdictMark } from '../boundary/VerdictMark.tsx';
import { formatNumber } from '../reading/number.ts';
import { NO_VALUE } from '../reading/readValue.ts';
import { formatUnit } from '../reading/unit.ts';
import { fetchTwin } from '../server/twinApi.ts';
import { ComparisonTable } from './ComparisonTable.tsx';
import { Diagnosis } from './Diagnosis.tsx';
import { TwinPlot } from './TwinPlot.tsx';
import { trustParts, trustWords } from './trustWords.ts';
import { WhatIfPart } from './WhatIfPart.tsx';

/** The server compares within a tenth of a second; faster than this nobody reads. */
const EVERY_MS = 1_000;

interface TwinPartProps {
  /** Path of the asset. */
  readonly asset: string;
  readonly type: string;
  readonly at: string | undefined;
  readonly nowMs: number;
}

export function TwinPart({ asset, type, at, nowMs }: TwinPartProps) {
  const { data: twin, failureReason } = useQuery({
    queryKey: ['twin', asset],
    queryFn: ({ signal }) => fetchTwin(asset, signal),
    refetchInterval: ({ state }) => (state.data === null ? 15 * EVERY_MS : EVERY_MS),
  });
  return (
    <section className="panel" aria-label="Twin">
      <div className="panel-head">
        <h2>Twin</h2>
        {twin && <span className="panel-note">{twin.description}</span>}
        {twin && <span className="twin-mode">{twin.mode ?? 'mode not known'}</span>}
      </div>
      {twin ? (
        <TwinBody key={asset} twin={twin} at={at} nowMs={nowMs} />
      ) : (
        <p className="notice" role={failureReason ? 'alert' : undefined}>
          {twin === null
            ? `Nobody has written down what a ${type} should be doing. Put it into twins/${type}.yaml of the model ` +
              '(docs/twins.md), look at it with `tidegate model plan DIR`, and apply it with `tidegate model apply DIR --by NAME`.'
            : (failureReason?.message ?? 'Loading the twin…')}
        </p>
      )}
    </section>
  );
}

interface TwinBodyProps {
  readonly twin: Twin;
  readonly at: string | undefined;
  readonly nowMs: number;
}

function TwinBody({ twin, at, nowMs }: TwinBodyProps) {
  const { comparisons, parameters, path } = twin;
  const [chosen, setChosen] = useState(() => worstOf(comparisons));
  const shown = comparisons.find(({ attribute }) => attribute === chosen) ?? comparisons[0];
  const atMs = at === undefined ? Number.NaN : Date.parse(at);
  return (
    <div className="twin-body">
      {at === undefined ? (
        <Trust trust={twin.trust} />
      ) : (
        <p className="quiet-note">Figures are those of now; the plot ends at the moment that is shown.</p>
      )}
      <ComparisonTable twin={twin} chosen={shown?.attribute} onChoose={setChosen} />
      {shown && (
        <TwinPlot
          key={`${shown.attribute} ${at}`}
          asset={path}
          comparison={shown}
          unit={twin.attributes.find(({ name }) => name === shown.attribute)?.unit ?? ''}
          nowMs={Number.isNaN(atMs) ? nowMs : atMs}
        />
      )}
      <Diagnosis asset={path} />
      <WhatIfPart key={at} twin={twin} at={at} />
      {parameters.length > 0 && <Parameters parameters={parameters} />}
    </div>
  );
}

/** The attribute that is farthest off: it is what the plot shows first. */
function worstOf(comparisons: Twin['comparisons']): string | undefined {
  const size = ({ sigmas }: Twin['comparisons'][number]) => Math.abs(sigmas ?? 0);
  return comparisons.toSorted((a, b) => size(b) - size(a))[0]?.attribute;
}

function Trust({ trust }: { readonly trust: Twin['trust'] }) {
  const { word, state } = trustWords(trust.score);
  return (
    <section className="trust" aria-label="Trust">
      <h3>
        Trust <b className="figure">{formatPercent(trust.score)}</b> <VerdictMark state={state}>{word}</VerdictMark>
      </h3>
      <ul className="trust-parts">
        {trustParts(trust).map(({ name, share, meaning }) => (
          <li key={name} title={meaning}>
            <span>{name}</span>
            <span className="share-track" aria-hidden="true">
              <span style={{ inlineSize: `${share * 100}%` }} />
            </span>
            <span>{formatPercent(share)}</span>
            <span className="quiet-note">{meaning}</span>
          </li>
        ))}
      </ul>
      {trust.reasons.length > 0 && (
        <ul className="reasons" aria-label="Why not more">
          {trust.reasons.map((reason) => (
            <li key={reason}>{reason}</li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Parameters({ parameters }: Pick<Twin, 'parameters'>) {
  return (
    <details>
      <summary>Parameters of the model ({parameters.length})</summary>
      <section className="figures-table stacking" aria-label="Parameters">
        <table>
          <thead>
            <tr>
              <th scope="col">Parameter</th>
              <th scope="col" className="number">
                Value
              </th>
              <th scope="col" className="number">
                Uncertainty
              </th>
              <th scope="col">Unit</th>
              <th scope="col">From</th>
            </tr>
          </thead>
          <tbody>
            {parameters.map(({ name, value, uncertainty, unit, isFitted, description }) => (
              <tr key={name}>
                <th scope="row">
                  {name}
                  <span className="card-note below attribute-note">{description}</span>
                </th>
                <td className="number" data-name="Value">
                  {value === null ? 'waits for a fit' : formatNumber(value)}
                </td>
                <td className="number" data-name="Uncertainty">
                  {uncertainty === null ? NO_VALUE : `\u00b1 ${formatNumber(uncertainty)}`}
                </td>
                <td data-name="Unit">{formatUnit(unit)}</td>
                <td data-name="From">{isFitted ? 'fitted to history' : 'written'}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </details>
  );
}
