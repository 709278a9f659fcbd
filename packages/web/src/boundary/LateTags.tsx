/** The tags that were later than was promised of their lane, those with most late samples first. */

import type { Latency, TagLatency } from '@tidegate/platform/northbound/contract/latency.ts';
import { useState } from 'react';
import { formatChoice } from '../console/choice.ts';
import { formatCount } from '../reading/number.ts';
import { formatSpan } from '../reading/span.ts';

/** So many at first: one late device makes a hundred late tags. */
const FIRST = 10;
const WINDOW_MS = 300_000;

const isOfSystem = ({ path }: TagLatency) => path.split('/').some((segment) => segment.startsWith('_'));

export function LateTags({ latency }: { readonly latency: Latency | undefined }) {
  const [all, setAll] = useState(false);
  if (!latency) return <p className="notice">Loading what was late…</p>;
  const { tags } = latency;
  if (tags.length === 0) {
    return <p className="notice">In the last minute or two no tag was later than promised.</p>;
  }
  const shown = all ? tags : tags.slice(0, FIRST);
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable without a pointer */}
      <section className="figures-table tall" aria-label="Late tags" tabIndex={0}>
        <table>
          <caption className="visually-hidden">Tags that were late in the last minute or two</caption>
          <thead>
            <tr>
              <th scope="col">Tag</th>
              <th scope="col" className="number" title="Samples that were later than promised">
                Late
              </th>
              <th scope="col" className="number">
                Last
              </th>
              <th scope="col" className="number">
                Worst
              </th>
            </tr>
          </thead>
          <tbody>
            {shown.map((tag) => (
              <LateRow key={tag.tag} late={tag} />
            ))}
          </tbody>
        </table>
      </section>
      {tags.length > FIRST && (
        <p className="notice tight">
          <button type="button" aria-expanded={all} onClick={() => setAll(!all)}>
            {all ? `Only the first ${FIRST}` : `All ${tags.length}`}
          </button>
        </p>
      )}
    </>
  );
}

function LateRow({ late: tag }: { readonly late: TagLatency }) {
  const { path, lane, late, lastMs, maxMs } = tag;
  const href = formatChoice({ page: 'trend', system: isOfSystem(tag), tags: [tag.tag], windowMs: WINDOW_MS });
  return (
    <tr>
      <th scope="row" className="patterns">
        <a href={href} title="Open in the trend">
          {path}
        </a>
        <span className="card-note"> {lane}</span>
      </th>
      <td className="number">{formatCount(late)}</td>
      <td className="number">{formatSpan(lastMs)}</td>
      <td className="number">{formatSpan(maxMs)}</td>
    </tr>
  );
}
