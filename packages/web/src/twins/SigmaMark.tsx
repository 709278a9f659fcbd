/** A residual in sigmas: a bar to the side to which it is off, and the number. */

import { formatNumber } from '../reading/number.ts';
import { NO_VALUE } from '../reading/readValue.ts';
import { sigmaBar, UNUSUAL_MARKS } from './sigmaBar.ts';

const WIDTH = 84;

export function SigmaMark({ sigmas }: { readonly sigmas: number | null }) {
  const bar = sigmaBar(sigmas);
  return (
    <span className={`sigmas${bar?.isUnusual ? ' abnormal' : ''}`}>
      <svg viewBox={`0 0 ${WIDTH} 12`} width={WIDTH} height="12" aria-hidden="true">
        <path className="sigma-ground" d={`M0 6H${WIDTH}M${WIDTH / 2} 0V12`} />
        {UNUSUAL_MARKS.map((mark) => (
          <path key={mark} className="sigma-limit" d={`M${mark * WIDTH} 1V11`} />
        ))}
        {bar && <rect x={bar.start * WIDTH} y="3" width={Math.max(1, bar.width * WIDTH)} height="6" />}
      </svg>
      <span className="number">
        {sigmas === null ? NO_VALUE : Number(sigmas.toFixed(1)) === 0 ? '0.0' : short(sigmas)}
      </span>
    </span>
  );
}

function short(sigmas: number): string {
  return Math.abs(sigmas) < 1_000 ? sigmas.toFixed(1).replace('-', '\u2212') : formatNumber(sigmas);
}
