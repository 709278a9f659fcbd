/** What a twin should have been doing along a history: its mode, and what is expected of every attribute. */

import { STATUS } from '@tidegate/core/sample/statusCode.ts';
import type { SampleRun } from '../../../historian/archive/sampleRun.ts';
import type { TwinTemplate } from '../twinTemplate.ts';
import { stateColumns } from './stateColumns.ts';
import { absentColumn, formulaColumn, isNumber, type ParameterValues, type TwinHistory } from './twinHistory.ts';

/** No condition of the template is true, or the template has modes and none can be told. */
export const NO_MODE = -1;

/** Of each row the mode by its place in `template.modes`, or `NO_MODE`. */
export function modeColumn(template: TwinTemplate, history: TwinHistory, parameters: ParameterValues): Int16Array {
  const modes = new Int16Array(history.times.length).fill(NO_MODE);
  for (const [mode, { condition }] of template.modes.entries()) {
    const truth = formulaColumn(template, condition, history, parameters);
    for (let row = 0; row < modes.length; row++) {
      if (modes[row] === NO_MODE && isNumber(truth, row) && truth.values[row] !== 0) modes[row] = mode;
    }
  }
  return modes;
}

/** By attribute, in its unit; BadNoData where `modes`, those of `modeColumn`, say that nothing is expected of it. */
export function expectedColumns(
  template: TwinTemplate,
  history: TwinHistory,
  parameters: ParameterValues,
  modes?: Int16Array,
): ReadonlyMap<string, SampleRun> {
  const states = stateColumns(template, history, parameters);
  const columns = new Map<string, SampleRun>();
  for (const [attribute, expected] of template.expected) {
    const column = formulaColumn(template, expected.formula, history, parameters, states);
    columns.set(attribute, modes && expected.modes ? withinModes(template, column, expected.modes, modes) : column);
  }
  return columns;
}

function withinModes(
  template: TwinTemplate,
  column: SampleRun,
  wanted: ReadonlySet<string>,
  modes: Int16Array,
): SampleRun {
  const isWanted = template.modes.map(({ name }) => wanted.has(name));
  const kept = absentColumn(column.times);
  for (let row = 0; row < modes.length; row++) {
    if (modes[row] === NO_MODE || !isWanted[modes[row]]) continue;
    kept.values[row] = column.values[row];
    kept.kinds[row] = column.kinds[row];
    kept.statuses[row] = column.statuses[row] || STATUS.Good;
  }
  return kept;
}
