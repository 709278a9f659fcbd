/** What somebody needs who drives to it: where it is, how to get there, what to do and to bring, what to isolate. */

import type { HealthCaseDetail } from '@tidegate/platform/northbound/contract/healthCase.ts';

export function CaseTrip({ of }: { readonly of: HealthCaseDetail }) {
  const { site, action, consequence, bring, isolations, asset } = of;
  return (
    <section className="case-trip" aria-label="For whoever goes there">
      <dl className="alarm-guidance">
        <dt>Do</dt>
        <dd>{action || 'The model does not say what to do.'}</dd>
        {consequence && (
          <>
            <dt>Or else</dt>
            <dd>{consequence}</dd>
          </>
        )}
      </dl>
      <h3>Where it is</h3>
      <p>{site?.where || asset.path}</p>
      {site?.access && (
        <>
          <h3>How to get there</h3>
          <p>{site.access}</p>
        </>
      )}
      <CheckList
        name="Isolations"
        lines={isolations}
        none="The model names no isolation: ask before anything is opened."
      />
      <CheckList name="To bring" lines={bring} none="The model names nothing to bring." />
    </section>
  );
}

interface CheckListProps {
  readonly name: string;
  readonly lines: readonly string[];
  readonly none: string;
}

/** Ticked off on paper: on the screen of somebody else a tick would say nothing of what was done. */
function CheckList({ name, lines, none }: CheckListProps) {
  return (
    <>
      <h3>{name}</h3>
      {lines.length === 0 ? (
        <p className="quiet-note">{none}</p>
      ) : (
        <ul className="check-list" aria-label={name}>
          {lines.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      )}
    </>
  );
}

/** On paper alone: what is written down at site, and typed in afterwards. */
export function PaperFinding({ number }: { readonly number: number }) {
  return (
    <section className="paper-finding" aria-hidden="true">
      <h3>Finding of case {number}</h3>
      <ul className="check-list">
        <li>confirmed</li>
        <li>other cause</li>
        <li>nothing found</li>
        <li>put right</li>
      </ul>
      <p>What it was, and what was seen:</p>
      <p className="paper-line" />
      <p className="paper-line" />
      <p className="paper-line" />
      <p>Name, date and time:</p>
    </section>
  );
}
