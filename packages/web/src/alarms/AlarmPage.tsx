/** The page of the alarms: the list of those that stand, and what their journal says of the alarm system. */

import { type Choice, formatChoice } from '../console/choice.ts';
import { useLink } from '../live/useLive.ts';
import { AnalysisPart } from './analysis/AnalysisPart.tsx';
import { AlarmListPart } from './list/AlarmListPart.tsx';

interface AlarmPageProps {
  readonly nowMs: number;
  readonly choice: Choice;
}

export function AlarmPage({ nowMs, choice }: AlarmPageProps) {
  const stale = useLink().kind === 'lost';
  const isAnalysis = choice.part === 'analysis';
  const to = (part: string | undefined, chosen: boolean) => ({
    href: formatChoice({ ...choice, part }),
    'aria-current': chosen ? ('page' as const) : undefined,
  });
  return (
    <main className={`wide alarm-page${stale ? ' stale' : ''}`}>
      <nav className="parts" aria-label="Parts of the page">
        <a {...to(undefined, !isAnalysis)}>List</a>
        <a {...to('analysis', isAnalysis)}>Analysis</a>
      </nav>
      {isAnalysis ? <AnalysisPart nowMs={nowMs} /> : <AlarmListPart nowMs={nowMs} />}
    </main>
  );
}
