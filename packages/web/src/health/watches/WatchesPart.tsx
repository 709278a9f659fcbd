/** The watches over equipment: whether they learn, judge or are blind, and the chosen one with what it has learned. */

import type { HealthWatch, HealthWatchList } from '@tidegate/platform/northbound/contract/healthWatch.ts';
import type { RefObject } from 'react';
import { type Choice, formatChoice } from '../../console/choice.ts';
import { formatCount } from '../../reading/number.ts';
import { minuteText, spoken } from '../cases/caseWords.ts';
import { LifeMark } from '../LifeMark.tsx';
import { lifeFrom } from '../lifeLeft.ts';
import { useWatches } from '../useHealth.ts';
import { useOpenedFocus } from '../useOpenedFocus.ts';
import { ScoreMark } from './ScoreMark.tsx';
import { WatchPanel } from './WatchPanel.tsx';
import { WatchState } from './WatchState.tsx';
import { nothingText, watchesInOrder } from './watchWords.ts';

const linkIdOf = (watch: string) => `watch-${watch}`;

interface WatchesPartProps {
  readonly nowMs: number;
  readonly choice: Choice;
  readonly onChange: (change: Partial<Choice>) => void;
}

export function WatchesPart({ nowMs, choice, onChange }: WatchesPartProps) {
  const { data, failureReason } = useWatches();
  const { list, opened } = useOpenedFocus(choice.watch === undefined ? undefined : linkIdOf(choice.watch));
  if (!data || data.watches.length === 0) {
    return (
      <section className="panel" aria-label="Watches">
        <p className="notice" role={failureReason ? 'alert' : undefined}>
          {data === undefined ? (failureReason?.message ?? 'Loading the watches…') : nothingText(data)}
        </p>
      </section>
    );
  }
  return (
    <>
      <WatchTable list={data} nowMs={nowMs} choice={choice} table={list} />
      {choice.watch !== undefined && (
        <WatchPanel
          key={choice.watch}
          watch={choice.watch}
          choice={choice}
          nowMs={nowMs}
          onClose={() => onChange({ watch: undefined })}
          panel={opened}
        />
      )}
    </>
  );
}

interface WatchTableProps {
  readonly list: HealthWatchList;
  readonly nowMs: number;
  readonly choice: Choice;
  readonly table: RefObject<HTMLElement | null>;
}

function WatchTable({ list, nowMs, choice, table }: WatchTableProps) {
  const { scoring, learning, blind, alarming } = list.counts;
  return (
    <section className="panel watches" aria-label="Watches">
      <div className="panel-head">
        <h2>Watches</h2>
        <span className="panel-note">
          {formatCount(scoring)} scored, {formatCount(learning)} learning, {formatCount(blind)} blind;{' '}
          {formatCount(alarming)} strange or drifting
        </span>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable without a pointer */}
      <section className="figures-table stacking" aria-label="List of watches" tabIndex={0} ref={table}>
        <table>
          <thead>
            <tr>
              <th scope="col">Watch</th>
              <th scope="col">State</th>
              <th scope="col">Score against threshold</th>
              <th scope="col">Drifts</th>
              <th scope="col">Left</th>
              <th scope="col">Model</th>
              <th scope="col">Looked at</th>
            </tr>
          </thead>
          <tbody>
            {watchesInOrder(list.watches).map((watch) => (
              <WatchRow key={watch.id} watch={watch} nowMs={nowMs} choice={choice} />
            ))}
          </tbody>
        </table>
      </section>
    </section>
  );
}

interface WatchRowProps {
  readonly watch: HealthWatch;
  readonly nowMs: number;
  readonly choice: Choice;
}

function WatchRow({ watch, nowMs, choice }: WatchRowProps) {
  const { id, name, asset, score, threshold, features, model, shadows, at, life, noLife, openCase } = watch;
  const drifting = features.filter(({ evidence }) => evidence !== null && evidence >= 1);
  return (
    <tr className={choice.watch === id ? 'chosen' : undefined}>
      <th scope="row">
        <a
          id={linkIdOf(id)}
          href={formatChoice({ ...choice, watch: id })}
          aria-current={choice.watch === id ? 'true' : undefined}
        >
          {spoken(name)}
        </a>
        <span className="alarm-place">{asset.path}</span>
      </th>
      <td data-name="State" className="patterns">
        <WatchState watch={watch} />
        {openCase !== null && (
          <>
            {' '}
            <a href={formatChoice({ ...choice, part: undefined, case: openCase })}>case {openCase}</a>
          </>
        )}
      </td>
      <td data-name="Score">
        <ScoreMark score={score} threshold={threshold} />
      </td>
      <td data-name="Drifts" className="patterns">
        {drifting.map((feature) => spoken(feature.name)).join(', ') || '–'}
      </td>
      <td data-name="Left">
        {life ? <LifeMark life={at === null ? life : lifeFrom(life, at, nowMs * 1_000)} noLife={noLife} /> : '–'}
      </td>
      <td data-name="Model">
        {model ?? '–'}
        {shadows.length > 0 && <span className="quiet-note"> shadow {shadows.join(', ')}</span>}
      </td>
      <td data-name="Looked at">{at === null ? '–' : minuteText(at)}</td>
    </tr>
  );
}
