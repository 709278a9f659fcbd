/** How bad a failure is: a shape and a colour of its own for each, and the word beside it. */

import type { HealthCase } from '@tidegate/platform/northbound/contract/healthCase.ts';

type Severity = HealthCase['severity'];

const SHAPES: Readonly<Record<Severity, string>> = {
  severe: 'M2 2H18V18H2Z',
  major: 'M10 1 19.4 18H.6Z',
  minor: 'M10 1.5a8.5 8.5 0 1 1 0 17 8.5 8.5 0 0 1 0-17Z',
};

interface SeverityMarkProps {
  readonly severity: Severity;
  /** An outline where somebody has taken care of it already. */
  readonly filled?: boolean;
}

export function SeverityMark({ severity, filled = true }: SeverityMarkProps) {
  return (
    <span className={`severity ${severity}${filled ? ' filled' : ''}`}>
      <svg viewBox="0 0 20 20" width="16" height="16" aria-hidden="true">
        <path d={SHAPES[severity]} />
      </svg>
      {severity}
    </span>
  );
}
