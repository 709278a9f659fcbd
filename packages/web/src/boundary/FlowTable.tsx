/** Declared against observed: what may cross each conduit, and what of it does. */

import type { ObservedFlow } from '@tidegate/platform/northbound/contract/policy.ts';
import { formatCount, formatRate } from '../reading/number.ts';
import { NO_VALUE } from '../reading/readValue.ts';
import { formatSince } from '../reading/span.ts';
import { flowState, flowsInOrder, rateShare } from './flowState.ts';
import { VerdictMark } from './VerdictMark.tsx';

interface FlowTableProps {
  readonly flows: readonly ObservedFlow[];
  readonly nowMs: number;
}

const COLUMNS = [
  'Flow',
  'State',
  'Rate now',
  'Allowed',
  'Last seen',
  'Samples',
  'Refused',
  'Lane',
  'Class',
  'What may cross',
];
const NUMBERS: ReadonlySet<string> = new Set(['Rate now', 'Allowed', 'Samples', 'Refused']);

export function FlowTable({ flows, nowMs }: FlowTableProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable without a pointer
    <section className="figures-table tall stacking" aria-label="Declared flows" tabIndex={0}>
      <table>
        <caption className="visually-hidden">
          Declared flows, and what has been seen of each since the server was started
        </caption>
        <thead>
          <tr>
            {COLUMNS.map((name) => (
              <th key={name} scope="col" className={NUMBERS.has(name) ? 'number' : undefined}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {flowsInOrder(flows).map((flow) => (
            <FlowRow key={`${flow.gateway} ${flow.flow}`} flow={flow} nowMs={nowMs} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** Patterns of devices, events and alarms say what they are of; those of tags are paths. */
const patternsText = ({ subject, patterns }: ObservedFlow) =>
  `${subject === 'tags' ? '' : `${subject} `}${patterns.join(', ')}`;

function FlowRow({ flow, nowMs }: { readonly flow: ObservedFlow; readonly nowMs: number }) {
  const {
    gateway,
    conduit,
    flow: name,
    lane,
    classification,
    purpose,
    maxRate,
    samples,
    refused,
    lastSeen,
    rate10s,
  } = flow;
  const { state, word } = flowState(flow);
  const share = rateShare(flow);
  return (
    <tr>
      <th scope="row" title={purpose}>
        {name.startsWith(`${conduit}/`) ? name.slice(conduit.length + 1) : name}
        <span className="card-note below">
          {conduit}, {gateway}
        </span>
      </th>
      <td data-name="State">
        <VerdictMark state={state}>{word}</VerdictMark>
      </td>
      <td className="number" data-name="Rate now">
        {formatRate(rate10s)}
        <span className="share-bar below" aria-hidden="true">
          {share !== undefined && <span style={{ inlineSize: `${share * 100}%` }} />}
        </span>
      </td>
      <td className="number" data-name="Allowed">
        {maxRate === null ? 'no limit' : formatRate(maxRate)}
      </td>
      <td data-name="Last seen">{lastSeen === null ? 'never' : formatSince(lastSeen / 1_000, nowMs)}</td>
      <td className="number" data-name="Samples">
        {formatCount(samples)}
      </td>
      <td className="number" data-name="Refused">
        {formatCount(refused)}
      </td>
      <td data-name="Lane">{lane ?? 'any of the plant'}</td>
      <td data-name="Class">{classification ?? NO_VALUE}</td>
      <td className="patterns" data-name="What may cross">
        {patternsText(flow)}
      </td>
    </tr>
  );
}
