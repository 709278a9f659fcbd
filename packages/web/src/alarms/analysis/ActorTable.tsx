/** The alarms that trouble the operator most, and what is wrong with each. */

import type { AlarmAnalysis } from '@tidegate/platform/northbound/contract/alarm.ts';
import { formatCount } from '../../reading/number.ts';
import { formatSpan } from '../../reading/span.ts';
import { actorName, formatPercent } from './analysisFigures.ts';

type Actor = AlarmAnalysis['alarms'][number];

const MARKS: readonly {
  readonly name: string;
  readonly hint: string;
  readonly holds: (actor: Actor) => boolean;
}[] = [
  { name: 'chattering', hint: 'Came three times or more within a minute', holds: ({ chattering }) => chattering },
  { name: 'stale', hint: 'Was active for more than a day at a stretch', holds: ({ stale }) => stale },
  { name: 'standing', hint: 'Is active at the end of the period', holds: ({ standing }) => standing },
  { name: 'never acted upon', hint: 'Nobody ever acknowledged it', holds: ({ neverActedUpon }) => neverActedUpon },
];
const MOST_ROWS = 50;

export function ActorTable({ actors }: { readonly actors: readonly Actor[] }) {
  if (actors.length === 0) return <p className="notice">No alarm came in this period.</p>;
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable without a pointer */}
      <section className="figures-table tall stacking" aria-label="Bad actors" tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">Alarm</th>
              <th scope="col" className="number" title="Activations in the period">
                Came
              </th>
              <th scope="col" className="number" title="Share of all activations">
                Share
              </th>
              <th scope="col">Marks</th>
              <th scope="col" className="number" title="The most activations within a minute">
                In a minute
              </th>
              <th scope="col" className="number" title="The longest time that it was active at a stretch">
                Longest
              </th>
              <th scope="col" className="number" title="Activations that somebody acknowledged">
                Acknowledged
              </th>
              <th scope="col">Origin</th>
            </tr>
          </thead>
          <tbody>
            {actors.slice(0, MOST_ROWS).map((actor) => (
              <ActorRow key={actor.alarm} actor={actor} />
            ))}
          </tbody>
        </table>
      </section>
      {actors.length > MOST_ROWS && (
        <p className="quiet-note inset">
          The {MOST_ROWS} worst of {formatCount(actors.length)}.
        </p>
      )}
    </>
  );
}

function ActorRow({ actor }: { readonly actor: Actor }) {
  const { origin, name } = actorName(actor.alarm);
  return (
    <tr>
      <th scope="row" className="patterns">
        {name}
      </th>
      <td className="number" data-name="Came">
        {formatCount(actor.activations)}
      </td>
      <td className="number" data-name="Share">
        {formatPercent(actor.share)}
      </td>
      <td data-name="Marks">
        {MARKS.filter(({ holds }) => holds(actor)).map(({ name: mark, hint }) => (
          <span key={mark} className="actor-mark" title={hint}>
            {mark}
          </span>
        ))}
      </td>
      <td className="number" data-name="In a minute">
        {formatCount(actor.mostInWindow)}
      </td>
      <td className="number" data-name="Longest">
        {formatSpan(actor.longestSeconds * 1_000)}
      </td>
      <td className="number" data-name="Acknowledged">
        {formatCount(actor.acknowledged)}
      </td>
      <td data-name="Origin">{origin}</td>
    </tr>
  );
}
