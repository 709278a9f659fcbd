/** The page of equipment health: cases of degradation, the watches that find them, lives of fleets, and how right the cases have been. */

import { type Choice, formatChoice } from '../console/choice.ts';
import { useLink } from '../live/useLive.ts';
import { CasesPart } from './cases/CasesPart.tsx';
import { LedgerPart } from './ledger/LedgerPart.tsx';
import { LivesPart } from './lives/LivesPart.tsx';
import { WatchesPart } from './watches/WatchesPart.tsx';

const PARTS = [
  [undefined, 'Cases'],
  ['watches', 'Watches'],
  ['lives', 'Lives'],
  ['ledger', 'Ledger'],
] as const;

interface HealthPageProps {
  readonly nowMs: number;
  readonly choice: Choice;
  readonly onChange: (change: Partial<Choice>) => void;
}

export function HealthPage({ nowMs, choice, onChange }: HealthPageProps) {
  const stale = useLink().kind === 'lost';
  const shown = PARTS.find(([part]) => part === choice.part)?.[0];
  return (
    <main className={`wide health-page${stale ? ' stale' : ''}`}>
      <nav className="parts" aria-label="Parts of the page">
        {PARTS.map(([part, name]) => (
          <a key={name} href={formatChoice({ ...choice, part })} aria-current={part === shown ? 'page' : undefined}>
            {name}
          </a>
        ))}
      </nav>
      {shown === undefined && <CasesPart nowMs={nowMs} choice={choice} onChange={onChange} />}
      {shown === 'watches' && <WatchesPart nowMs={nowMs} choice={choice} onChange={onChange} />}
      {shown === 'lives' && <LivesPart nowMs={nowMs} choice={choice} onChange={onChange} />}
      {shown === 'ledger' && <LedgerPart choice={choice} />}
    </main>
  );
}
