/** What a what-if run makes of an attribute, from its first moment on. */

import { ValueKind } from '@tidegate/core/block/sampleBlock.ts';
import { US_PER_S } from '@tidegate/core/clock/timestamp.ts';
import { STATUS } from '@tidegate/core/sample/statusCode.ts';
import type { SampleRun } from '../../../historian/archive/sampleRun.ts';

/** Values are in the unit of the attribute. */
export type AttributeChange =
  | { readonly kind: 'set'; readonly value: number }
  | { readonly kind: 'add'; readonly value: number }
  | { readonly kind: 'scale'; readonly factor: number }
  /** In a straight line from what it was to `value`, which holds then. */
  | { readonly kind: 'ramp'; readonly value: number; readonly overS: number };

/** The column with the change in all rows behind row `from`, which is as it was. What is set or ramped is good in any case. */
export function changedColumn(column: SampleRun, from: number, change: AttributeChange): SampleRun {
  const changed = copyOf(column);
  const { times, values, kinds, statuses } = changed;
  const start = column.values[from];
  for (let row = from + 1; row < times.length; row++) {
    if (change.kind === 'add') values[row] += change.value;
    else if (change.kind === 'scale') values[row] *= change.factor;
    else {
      const elapsedS = (times[row] - times[from]) / US_PER_S;
      const part = change.kind === 'set' ? 1 : Math.min(1, elapsedS / change.overS);
      values[row] = part === 1 ? change.value : start + part * (change.value - start);
      kinds[row] = ValueKind.number;
      statuses[row] = STATUS.Good;
    }
  }
  return changed;
}

/** The column with the last value of its first `known` rows in all rows behind them. */
export function heldColumn(column: SampleRun, known: number): SampleRun {
  const held = copyOf(column);
  const last = held.kinds.subarray(0, known).findLastIndex((kind) => kind !== ValueKind.none);
  if (last < 0) return held;
  held.kinds.fill(held.kinds[last], known);
  held.statuses.fill(held.statuses[last], known);
  held.values.fill(held.values[last], known);
  return held;
}

function copyOf(column: SampleRun): SampleRun {
  const { kinds, statuses, values } = column;
  return { ...column, kinds: kinds.slice(), statuses: statuses.slice(), values: values.slice() };
}
