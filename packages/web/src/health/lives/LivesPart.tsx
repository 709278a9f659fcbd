/** The lives of fleets: what is known of each, how far off its estimates are, and the chosen one with what every asset has left. */

import type { Fleet, FleetList } from '@tidegate/platform/northbound/contract/healthLives.ts';
import type { RefObject } from 'react';
import { VerdictMark } from '../../boundary/VerdictMark.tsx';
import { type Choice, formatChoice } from '../../console/choice.ts';
import { formatCount } from '../../reading/number.ts';
import { spoken } from '../cases/caseWords.ts';
import { formatDays } from '../lifeLeft.ts';
import { useFleets } from '../useHealth.ts';
import { useOpenedFocus } from '../useOpenedFocus.ts';
import { FleetPanel } from './FleetPanel.tsx';
import { countsText, fleetState, METHOD_WORDS, noLivesText } from './livesWords.ts';

const linkIdOf = (name: string) => `lives-${name}`;

interface LivesPartProps {
  readonly nowMs: number;
  readonly choice: Choice;
  readonly onChange: (change: Partial<Choice>) => void;
}

export function LivesPart({ nowMs, choice, onChange }: LivesPartProps) {
  const { data, failureReason } = useFleets();
  const { list, opened } = useOpenedFocus(choice.lives === undefined ? undefined : linkIdOf(choice.lives));
  if (!data || data.lives.length === 0) {
    return (
      <section className="panel" aria-label="Lives">
        <p className="notice" role={failureReason ? 'alert' : undefined}>
          {data === undefined ? (failureReason?.message ?? 'Loading the lives…') : noLivesText(data)}
        </p>
      </section>
    );
  }
  return (
    <>
      <FleetTable list={data} choice={choice} table={list} />
      {choice.lives !== undefined && (
        <FleetPanel
          key={choice.lives}
          name={choice.lives}
          choice={choice}
          nowMs={nowMs}
          onClose={() => onChange({ lives: undefined })}
          panel={opened}
        />
      )}
    </>
  );
}

interface FleetTableProps {
  readonly list: FleetList;
  readonly choice: Choice;
  readonly table: RefObject<HTMLElement | null>;
}

function FleetTable({ list, choice, table }: FleetTableProps) {
  return (
    <section className="panel watches" aria-label="Lives">
      <div className="panel-head">
        <h2>Lives</h2>
        <span className="panel-note">what each has left, by the lives of others like it</span>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable without a pointer */}
      <section className="figures-table stacking" aria-label="List of lives" tabIndex={0} ref={table}>
        <table>
          <thead>
            <tr>
              {['Lives', 'State', 'Fleet', 'Known', 'Reckoned', 'Off in the mean', 'Until'].map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {list.lives.map((fleet) => (
              <FleetRow key={fleet.name} fleet={fleet} choice={choice} />
            ))}
          </tbody>
        </table>
      </section>
    </section>
  );
}

function FleetRow({ fleet, choice }: { readonly fleet: Fleet; readonly choice: Choice }) {
  const { name, type, failure, assets, model, refused, horizonDays } = fleet;
  const { state, text } = fleetState(fleet);
  const isChosen = choice.lives === name;
  return (
    <tr className={isChosen ? 'chosen' : undefined}>
      <th scope="row">
        <a
          id={linkIdOf(name)}
          href={formatChoice({ ...choice, lives: name, asset: undefined })}
          aria-current={isChosen ? 'true' : undefined}
        >
          {spoken(name)}
        </a>
        <span className="alarm-place">until {spoken(failure)}</span>
      </th>
      <td data-name="State" className="patterns">
        <VerdictMark state={state}>{text}</VerdictMark>
        {model === null && refused !== null && <span className="alarm-place">{refused}</span>}
      </td>
      <td data-name="Fleet">
        {formatCount(assets)} of type {type}
      </td>
      <td data-name="Known" className="patterns">
        {countsText(fleet)}
      </td>
      <td data-name="Reckoned" className="patterns">
        {model ? METHOD_WORDS[model.method] : '–'}
      </td>
      <td data-name="Off in the mean">{model?.backtest ? formatDays(model.backtest.errorDays) : '–'}</td>
      <td data-name="Until">{formatDays(horizonDays)}</td>
    </tr>
  );
}
