/** In the head of the console: for how many cases somebody has to decide. */

import { formatCount } from '../reading/number.ts';
import { useCases } from './useHealth.ts';

const UNDECIDED = { show: 'pending', state: 'open' } as const;

export function HealthCount() {
  const total = useCases(UNDECIDED).data?.total ?? 0;
  if (total === 0) return null;
  return (
    <>
      {' '}
      <span className="sick-count">
        {formatCount(total)}
        <span className="visually-hidden"> {total === 1 ? 'case is' : 'cases are'} open</span>
      </span>
    </>
  );
}
