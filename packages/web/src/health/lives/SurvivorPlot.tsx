/** The share of lives that reach an age, as it was and by its law, and how old those are that go on. */

import type { FleetDetail } from '@tidegate/platform/northbound/contract/healthLives.ts';
import { useRef } from 'react';
import { linePath } from '../../plot/plotPath.ts';
import { plotScale, valueTicks } from '../../plot/plotScale.ts';
import { useWidth } from '../../plot/TimePlot.tsx';
import { formatGiven } from '../../reading/number.ts';
import { type Survivors, survivors, survivorsByLaw } from './survivors.ts';

const HEIGHT = 190;
const MARGIN = { left: 58, right: 12, top: 14, bottom: 36 };
const TICK_ROOM = { x: 90, y: 30 };
const US_PER_DAY = 86_400e6;

export function SurvivorPlot({ fleet: { units, card, at } }: { readonly fleet: FleetDetail }) {
  const place = useRef<HTMLDivElement>(null);
  const width = useWidth(place);
  const seen = survivors(units, at);
  const most = 1.05 * Math.max(1, ...seen.ages);
  const law = card?.weibull ? survivorsByLaw(card.weibull, most) : undefined;
  const running = units.flatMap(({ start, end }) =>
    start !== null && end === null ? [(at - start) / US_PER_DAY] : [],
  );
  const box = {
    ...{ left: MARGIN.left, top: MARGIN.top, height: HEIGHT - MARGIN.top - MARGIN.bottom },
    width: Math.max(40, width - MARGIN.left - MARGIN.right),
  };
  // Ages in days stand where other plots have milliseconds.
  const scale = plotScale(box, [0, most], [0, 100]);
  const path = ({ ages, shares }: Survivors, stepped: boolean) =>
    linePath({ times: ages.map(scaleAge), values: shares.map((share) => 100 * share) }, scale, stepped);
  const foot = box.top + box.height;
  return (
    <figure className="plot">
      <div ref={place} role="img" aria-label={`Share of lives that reach an age. ${medianText(seen)}`}>
        <svg
          width={Math.max(1, width)}
          height={HEIGHT}
          viewBox={`0 0 ${Math.max(1, width)} ${HEIGHT}`}
          aria-hidden="true"
        >
          <g className="plot-axes">
            {[0, 25, 50, 75, 100].map((percent) => (
              <g key={percent}>
                <path d={`M${box.left} ${scale.y(percent)}h${box.width}`} />
                <text x={box.left - 6} y={scale.y(percent)} textAnchor="end" dominantBaseline="central">
                  {percent}
                </text>
              </g>
            ))}
            {valueTicks(0, most, Math.floor(box.width / TICK_ROOM.x)).map((age) => (
              <g key={age}>
                <path d={`M${scale.x(scaleAge(age))} ${foot}v4`} />
                <text x={scale.x(scaleAge(age))} y={foot + 15} textAnchor="middle">
                  {formatGiven(age)}
                </text>
              </g>
            ))}
            <text x={box.left + box.width} y={foot + 30} textAnchor="end">
              days of age
            </text>
          </g>
          {law && <path className="plot-line expected" d={path(law, false)} />}
          <path className="plot-line actual" d={path(seen, true)} />
          {running.map((age) => (
            <path key={age} className="plot-mark" d={`M${scale.x(scaleAge(age))} ${foot - 8}v8`} />
          ))}
        </svg>
      </div>
      <figcaption>
        <span>Line: per cent of lives that reach an age. {medianText(seen)}</span>
        {law && <span>Dashed: by Weibull’s law.</span>}
        {running.length > 0 && <span>Marks at the foot: lives that go on.</span>}
      </figcaption>
    </figure>
  );
}

const scaleAge = (days: number) => days * 1_000;

function medianText({ ages, shares }: Survivors): string {
  const at = shares.findIndex((share) => share <= 0.5);
  return at < 0 ? 'More than half have not failed yet.' : `Half reach ${Math.round(ages[at])} d.`;
}
