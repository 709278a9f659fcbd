/** What speaks for a case or a watch over time: a sign against its normal and its limit, the score below it, and what wears. */

import type { HealthEvidence } from '@tidegate/platform/northbound/contract/healthEvidence.ts';
import { useState } from 'react';
import { type PlotShade, TimePlot } from '../../plot/TimePlot.tsx';
import { spoken } from '../cases/caseWords.ts';
import { useEvidence } from '../useHealth.ts';
import { damagePerDay, isNearLimit, qualityShades, type Sign, type SignPlot, signPlot } from './evidencePlot.ts';

const HEIGHTS = { sign: 240, score: 130, damage: 120 };

interface EvidenceProps {
  readonly of: { readonly number: number } | { readonly watch: string };
  /** Moments that are marked; microseconds since 1970. */
  readonly marks?: readonly { readonly timeUs: number; readonly name: string }[];
  /** When the data last spoke for it. */
  readonly spokeUntil?: number | undefined;
}

export function Evidence({ of, marks = [], spokeUntil }: EvidenceProps) {
  const { data, failureReason } = useEvidence(of);
  const [chosen, setChosen] = useState<string>();
  const [wanted, setWanted] = useState<boolean>();
  if (!data) {
    const text =
      data === null ? 'Its watch is no longer in the model: there is no history of its features.' : undefined;
    return <p className="quiet-note">{text ?? failureReason?.message ?? 'Loading its history…'}</p>;
  }
  const sign = data.signs.find(({ feature }) => feature === chosen) ?? data.signs[0];
  const withLimit = sign !== undefined && (wanted ?? isNearLimit(sign));
  const plot = sign && signPlot(data, sign, { withLimit, spokeUntil });
  const span = plot ?? { startMs: data.start / 1_000, endMs: data.end / 1_000, restMs: data.end / 1_000 };
  return (
    <section className="evidence" aria-label="What speaks for it over time">
      {sign && plot && (
        <>
          <div className="evidence-head">
            <h3 className={data.signs.length > 1 ? 'on-paper' : undefined}>{spoken(sign.feature)}</h3>
            {data.signs.length > 1 && <SignChoice signs={data.signs} chosen={sign} onChoose={setChosen} />}
            <span className="spring" />
            {sign.limit && (
              <button type="button" aria-pressed={withLimit} onClick={() => setWanted(!withLimit)}>
                Up to the limit
              </button>
            )}
          </div>
          <SignAndScore evidence={data} sign={sign} plot={plot} marks={marks} />
        </>
      )}
      {data.damage.map((worn) => (
        <DamagePlot key={worn.name} times={data.times} worn={worn} span={span} />
      ))}
      {data.notes.map((note) => (
        <p key={note} className="quiet-note">
          {note}
        </p>
      ))}
    </section>
  );
}

interface SignChoiceProps {
  readonly signs: readonly Sign[];
  readonly chosen: Sign;
  readonly onChoose: (feature: string) => void;
}

function SignChoice({ signs, chosen, onChoose }: SignChoiceProps) {
  return (
    <label className="inline">
      Feature
      <select value={chosen.feature} onChange={(event) => onChoose(event.target.value)}>
        {signs.map(({ feature }) => (
          <option key={feature} value={feature}>
            {spoken(feature)}
          </option>
        ))}
      </select>
    </label>
  );
}

interface SignAndScoreProps {
  readonly evidence: HealthEvidence;
  readonly sign: Sign;
  readonly plot: SignPlot;
  readonly marks: readonly { readonly timeUs: number; readonly name: string }[];
}

function SignAndScore({ evidence, sign, plot, marks }: SignAndScoreProps) {
  const { lines, rules, startMs, endMs, restMs, unit } = plot;
  const shades = qualityShades(evidence);
  const within = marks.filter(({ timeUs }) => timeUs / 1_000 >= startMs && timeUs / 1_000 <= endMs);
  const span = { startMs, endMs, restMs, shades };
  const hasScore = evidence.score.some((score) => score !== null);
  return (
    <>
      {sign.description && <p className="quiet-note">{sign.description}</p>}
      <TimePlot
        label={`${spoken(sign.feature)} against its normal${rules.length > 0 ? ' and its limit' : ''}`}
        {...{ ...span, lines, rules, marks: within, unit: unit.text, height: HEIGHTS.sign }}
      />
      {hasScore ? (
        <TimePlot
          label="Score against its threshold"
          lines={[{ name: 'score', look: 'actual', times: evidence.times, values: evidence.score }]}
          rules={evidence.threshold === null ? [] : [{ value: evidence.threshold, name: 'threshold' }]}
          {...{ ...span, height: HEIGHTS.score }}
        />
      ) : (
        <p className="quiet-note">There is no score in this range.</p>
      )}
      <PlotKey hasCone={lines.some(({ look }) => look === 'none')} shades={shades} />
    </>
  );
}

interface PlotKeyProps {
  readonly hasCone: boolean;
  readonly shades: readonly PlotShade[];
}

function PlotKey({ hasCone, shades }: PlotKeyProps) {
  return (
    <p className="quiet-note">
      Grey band: normal as it was learned, three deviations to each side.
      {hasCone && ' Cone: between the earliest and the latest way to the limit.'} Score: −log₁₀ of the probability of
      such a row in normal data.
      {shades.some(({ kind }) => kind === 'none') && ' Grey time: no data, or its condition did not hold.'}
      {shades.some(({ kind }) => kind === 'doubtful') && ' Yellow time: some of the data were not good.'}
    </p>
  );
}

interface DamagePlotProps {
  readonly times: HealthEvidence['times'];
  readonly worn: HealthEvidence['damage'][number];
  readonly span: Pick<SignPlot, 'startMs' | 'endMs' | 'restMs'>;
}

/** In millionths of its life: a day takes little of it. */
function DamagePlot({ times, worn: { part, cause, values }, span }: DamagePlotProps) {
  const { startMs, endMs, restMs } = span;
  const column = damagePerDay(times, values);
  if (column.values.every((value) => value === null)) return null;
  const perMillion = column.values.map((value) => (value === null ? null : value * 1e6));
  return (
    <>
      <h3>
        What a day of {cause} does to {part}
      </h3>
      <TimePlot
        label={`Damage per day of ${part}`}
        lines={[
          { name: 'of its life in a day', look: 'actual', times: column.times, values: perMillion, stepped: true },
          // It is seen from nothing on.
          { name: 'nothing', look: 'none', times: [times[0]], values: [0] },
        ]}
        unit="ppm"
        {...{ startMs, endMs, restMs, height: HEIGHTS.damage }}
      />
    </>
  );
}
