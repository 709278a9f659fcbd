/** How something is: a shape of its own and a word, never colour alone. */

import type { ReactNode } from 'react';
import type { Verdict } from './verdicts.ts';

interface VerdictMarkProps {
  readonly state: Verdict['state'];
  readonly children: ReactNode;
}

export function VerdictMark({ state, children }: VerdictMarkProps) {
  return (
    <span className={`verdict ${state}`}>
      <svg viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">
        {state === 'well' && <path d="m2 6.5 2.8 2.8L10 3.5" className="stroke" />}
        {state === 'attention' && <path d="M6 1 11.5 11H.5Z" />}
        {state === 'unknown' && <path d="M2.5 6h7" className="stroke" />}
      </svg>
      {children}
    </span>
  );
}
