/** The score of a watch against its threshold: a bar, and a line above which its row is strange. */

import { formatFigure } from '../quantity.ts';

const WIDTH = 90;
/** The threshold lies here, so that what is beyond it has room. */
const THRESHOLD_AT = 0.6;

interface ScoreMarkProps {
  readonly score: number | null;
  readonly threshold: number | null;
}

export function ScoreMark({ score, threshold }: ScoreMarkProps) {
  if (score === null) return <span>–</span>;
  const part = threshold === null || threshold <= 0 ? undefined : Math.min(1, (score / threshold) * THRESHOLD_AT);
  return (
    <span className={`score-mark${part !== undefined && part > THRESHOLD_AT ? ' abnormal' : ''}`}>
      {part !== undefined && (
        <svg viewBox={`0 0 ${WIDTH} 12`} width={WIDTH} height="12" aria-hidden="true">
          <rect className="part-ground" y="3" width={WIDTH} height="6" />
          <rect className="part-fill" y="3" width={Math.max(0, part) * WIDTH} height="6" />
          <path d={`M${THRESHOLD_AT * WIDTH} 0v12`} />
        </svg>
      )}
      <span className="number">
        {formatFigure(score)}
        {threshold !== null && <span className="quiet-note"> of {formatFigure(threshold)}</span>}
      </span>
    </span>
  );
}
