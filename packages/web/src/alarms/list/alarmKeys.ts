/** What the keyboard asks for in the list of alarms. */

import type { AlarmOperationName } from '../alarmState.ts';

export type AlarmMove =
  | { readonly kind: 'go'; readonly row: number }
  | { readonly kind: 'select' | 'open' | 'close' | 'all' }
  | { readonly kind: 'operate'; readonly operation: AlarmOperationName };

const OPERATIONS: Readonly<Record<string, AlarmOperationName>> = {
  a: 'acknowledge',
  s: 'shelve',
  u: 'unshelve',
  r: 'reset',
};
/** Shown beside the list. */
export const ALARM_KEYS = [
  ['\u2191 \u2193', 'move'],
  ['Space', 'choose'],
  ['Enter', 'open'],
  ['A', 'acknowledge'],
  ['S', 'shelve'],
  ['U', 'unshelve'],
  ['R', 'reset'],
  ['/', 'search'],
] as const;
const PAGE_ROWS = 10;

/** `undefined` for keys that keep their meaning in the browser. `active` is a row from 0; `rows` how many there are. */
export function alarmMove(key: string, active: number, rows: number): AlarmMove | undefined {
  const operation = OPERATIONS[key.toLowerCase()];
  if (operation) return { kind: 'operate', operation };
  const go = (to: number): AlarmMove => ({ kind: 'go', row: Math.max(0, Math.min(rows - 1, to)) });
  switch (key) {
    case 'ArrowDown':
      return go(active + 1);
    case 'ArrowUp':
      return go(active - 1);
    case 'PageDown':
      return go(active + PAGE_ROWS);
    case 'PageUp':
      return go(active - PAGE_ROWS);
    case 'Home':
      return go(0);
    case 'End':
      return go(rows - 1);
    case ' ':
      return { kind: 'select' };
    case 'Enter':
      return { kind: 'open' };
    case 'Escape':
      return { kind: 'close' };
    default:
      return undefined;
  }
}
