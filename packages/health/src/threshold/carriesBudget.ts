/** Whether normal data are enough to promise a budget of false alarms, and why not, in plain words. */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { independentValues } from '../detect/levelDoubt.ts';
import { type SignalTable, usableRows } from '../detect/signalTable.ts';
import type { FalseAlarmBudget } from './alarmThreshold.ts';

export interface BudgetGround {
  readonly carries: boolean;
  /** The signal that moves most slowly for the length of the data, and how many independent values its rows amount to. */
  readonly slowest: string;
  readonly independentValues: number;
  /** A sentence for each reason for which the budget is not carried. */
  readonly says: readonly string[];
}

/** With fewer the level itself is known no better than to a quarter of a deviation, and any score above it may be normal. */
const FEWEST_INDEPENDENT = 20;
/** A tail may be carried on to an event so many times rarer than one that the data have shown once. */
const MOST_BEYOND = 20;

/**
 * Rows that hang together are worth fewer: 400 rows of a temperature that rises all the while are worth two or three, and the
 * scores that follow go wherever it goes. Faults are those of data that nothing can be learnt from.
 */
export function carriesBudget(normal: SignalTable, budget: FalseAlarmBudget): Result<BudgetGround> {
  if (!(budget.alarms > 0 && budget.rows > 0)) {
    return failure('health.bad-data', `A budget of ${budget.alarms} alarms in ${budget.rows} rows is none.`);
  }
  const rows = usableRows(normal);
  if (!rows.ok) return rows;
  const worths = normal.columns.map(independentValues);
  const least = worths.indexOf(Math.min(...worths));
  const says: string[] = [];
  const slow = normal.names.filter((_, i) => worths[i] < FEWEST_INDEPENDENT);
  if (slow.length > 0) says.push(slowSignals(slow, worths[least], rows.value.count));
  const beyond = budget.rows / budget.alarms / rows.value.count;
  if (beyond > MOST_BEYOND) says.push(tooRare(beyond));
  return success({
    carries: says.length === 0,
    slowest: normal.names[least],
    independentValues: worths[least],
    says,
  });
}

function slowSignals(names: readonly string[], worth: number, rowCount: number): string {
  const others = names.length > 3 ? ` and ${names.length - 2} more` : '';
  const shown = (others ? names.slice(0, 2) : names).map((name) => `'${name}'`).join(', ') + others;
  return (
    `${shown} moved too slowly: ${rowCount} rows are worth ${Math.max(1, Math.round(worth))} independent ones, and ` +
    `${FEWEST_INDEPENDENT} are needed. Where normal ends is not known; learn over a longer time.`
  );
}

function tooRare(beyond: number): string {
  return (
    `The budget allows one alarm in a time ${Math.round(beyond)} times as long as the normal data: what is so rare cannot be ` +
    `told from them. ${MOST_BEYOND} times is the most; learn over a longer time, or allow more alarms.`
  );
}
