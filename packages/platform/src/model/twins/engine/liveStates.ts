/** What has inertia, as it goes on without samples. */

import { ValueKind } from '@tidegate/core/block/sampleBlock.ts';
import type { CellTable } from './cellTable.ts';
import type { EngineState } from './engineState.ts';
import type { PutCell } from './formulaGroup.ts';
import type { TwinRows } from './planTwins.ts';

/** A state is not carried over a longer gap: it begins anew. */
const LONGEST_STEP_S = 60;

/** By Euler's rule: a step is a second, and what has inertia takes many. */
export function advanceStates(
  { states }: TwinRows,
  table: CellTable,
  { now, stepS }: { readonly now: number; readonly stepS: number },
  put: PutCell,
): void {
  for (const { state, initial, rate } of states) {
    for (let row = 0; row < state.assets.length; row++) {
      const [own, begin, slope] = [state.start + row, initial.start + row, rate.start + row];
      const isGoingOn = table.kinds[own] === ValueKind.number && table.kinds[slope] === ValueKind.number;
      if (isGoingOn && stepS <= LONGEST_STEP_S) {
        const value = table.values[own] + table.values[slope] * stepS;
        put(own, now, ValueKind.number, value, table.statuses[slope]);
      } else put(own, now, table.kinds[begin], table.values[begin], table.statuses[begin]);
    }
  }
}

/** Under a new model a state goes on where it was. */
export function keepStates({ states }: TwinRows, { plan, table }: EngineState, put: PutCell): void {
  for (const { state } of states) {
    for (const [row, asset] of state.assets.entries()) {
      const old = plan.directory.cellOf(asset, state.attribute);
      if (old === undefined || table.kinds[old] !== ValueKind.number) continue;
      put(state.start + row, table.times[old], ValueKind.number, table.values[old], table.statuses[old]);
    }
  }
}
