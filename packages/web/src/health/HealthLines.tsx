/** The pending cases of an asset and of what is in it, in a few lines. */

import { type Choice, formatChoice } from '../console/choice.ts';
import { stateText } from './cases/caseWords.ts';
import { SeverityMark } from './SeverityMark.tsx';
import { useCases } from './useHealth.ts';

const MOST_LINES = 8;
const PENDING = { show: 'pending' } as const;

interface HealthLinesProps {
  readonly path: string;
  readonly nowMs: number;
  readonly choice: Choice;
}

export function HealthLines({ path, nowMs, choice }: HealthLinesProps) {
  const pending = useCases(PENDING).data?.cases ?? [];
  const cases = pending.filter(({ asset }) => asset.path === path || asset.path.startsWith(`${path}/`));
  if (cases.length === 0) return null;
  return (
    <section className="panel" aria-label="Health of the asset">
      <div className="panel-head">
        <h2>Health</h2>
        <span className="panel-note">
          {cases.length === 1 ? '1 case is pending' : `${cases.length} cases are pending`}
        </span>
      </div>
      <ul className="health-lines">
        {cases.slice(0, MOST_LINES).map((of) => (
          <li key={of.number}>
            <SeverityMark severity={of.severity} filled={of.state === 'open'} />
            <a href={formatChoice({ ...choice, page: 'health', part: undefined, case: of.number })}>Case {of.number}</a>
            <span>{of.sentence}</span>
            <span>{stateText(of, nowMs * 1_000)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
