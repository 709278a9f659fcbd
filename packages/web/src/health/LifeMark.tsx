/** What is left: the range as a bar with its median, and the same in words. */

import type { HealthLife } from '@tidegate/platform/northbound/contract/healthParts.ts';
import { LIFE_MARKS, lifeBar, lifeText } from './lifeLeft.ts';

const WIDTH = 120;
const MEANING =
  'Median, and the range in which nine of ten end. The scale goes from a day over a week, a month and a year to ten years.';

interface LifeMarkProps {
  readonly life: HealthLife | null;
  /** Why nothing is said of it. */
  readonly noLife: string | null;
  /** What is so long at the least is not told further. */
  readonly horizonDays?: number | undefined;
}

export function LifeMark({ life, noLife, horizonDays }: LifeMarkProps) {
  if (!life) return <span className="life none">{noLife ?? 'not known'}</span>;
  const bar = lifeBar(life);
  return (
    <span className="life" title={MEANING}>
      {bar && (
        <svg viewBox={`0 0 ${WIDTH} 12`} width={WIDTH} height="12" aria-hidden="true">
          <path className="life-ground" d={`M0 6H${WIDTH}`} />
          {LIFE_MARKS.map((place) => (
            <path key={place} className="life-ground" d={`M${place * WIDTH} 3v6`} />
          ))}
          <rect x={bar.low * WIDTH} y="3" width={Math.max(2, (bar.high - bar.low) * WIDTH)} height="6" />
          {bar.median !== undefined && <path className="life-median" d={`M${bar.median * WIDTH} 0v12`} />}
        </svg>
      )}
      <span className="life-text">{lifeText(life, horizonDays)}</span>
    </span>
  );
}
