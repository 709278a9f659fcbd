/**
 * The priority of an alarm: a shape, a letter and a colour of its own for each, so that any one of them is enough
 * (ANSI/ISA-101.01-2015, 6.1; IEC 62682:2022, 11.8). Filled while nobody has acknowledged it, an outline afterwards.
 */

import type { AlarmPriority } from '@tidegate/core/alarm/alarmRecord.ts';

interface PriorityMarkProps {
  readonly priority: AlarmPriority;
  readonly filled?: boolean;
  /** Whether the word beside it says the same already. */
  readonly silent?: boolean;
}

const SHAPES: Readonly<Record<AlarmPriority, string>> = {
  critical: 'M2 2H18V18H2Z',
  high: 'M10 1 19.4 18H.6Z',
  medium: 'M10 .8 19.2 10 10 19.2 .8 10Z',
  low: 'M10 1.5a8.5 8.5 0 1 1 0 17 8.5 8.5 0 0 1 0-17Z',
  journal: 'M3 5H17V15H3Z',
};
/** The centre of the letter: a triangle is widest at its foot. */
const LETTER_Y: Partial<Record<AlarmPriority, number>> = { high: 12.6 };

export function PriorityMark({ priority, filled = true, silent = false }: PriorityMarkProps) {
  return (
    <span className={`priority ${priority}${filled ? ' filled' : ''}`} title={silent ? undefined : priority}>
      <svg viewBox="0 0 20 20" width="20" height="20" aria-hidden="true">
        <path d={SHAPES[priority]} />
        <text x="10" y={LETTER_Y[priority] ?? 10} textAnchor="middle" dominantBaseline="central">
          {priority[0].toUpperCase()}
        </text>
      </svg>
      {!silent && <span className="visually-hidden">{priority}</span>}
    </span>
  );
}
