/** The rows of a history that a fit may use: where actual and expected are both known for good, in the modes that are asked for. */

import { expectedColumns, modeColumn, NO_MODE } from '../replay/expectedColumns.ts';
import { isGoodNumber, type ParameterValues, type TwinHistory } from '../replay/twinHistory.ts';
import type { TwinTemplate } from '../twinTemplate.ts';

export interface ComparedRows {
  readonly rows: Uint32Array;
  /** Rows that were left out, and why. */
  readonly otherMode: number;
  readonly notGood: number;
}

/** By expected attribute. `wantedModes` narrows the modes of the template; `undefined` takes all. */
export function comparedRows(
  template: TwinTemplate,
  history: TwinHistory,
  parameters: ParameterValues,
  wantedModes: ReadonlySet<string> | undefined,
): ReadonlyMap<string, ComparedRows> {
  const modes = modeColumn(template, history, parameters);
  const expected = expectedColumns(template, history, parameters);
  const compared = new Map<string, ComparedRows>();
  for (const [attribute, column] of expected) {
    const actual = history.attributes.get(attribute);
    const isWanted = wantedOf(template, template.expected.get(attribute)!.modes, wantedModes);
    const rows: number[] = [];
    let [otherMode, notGood] = [0, 0];
    for (let row = 0; row < modes.length; row++) {
      if (!isWanted(modes[row])) otherMode++;
      else if (!actual || !isGoodNumber(actual, row) || !isGoodNumber(column, row)) notGood++;
      else rows.push(row);
    }
    compared.set(attribute, { rows: Uint32Array.from(rows), otherMode, notGood });
  }
  return compared;
}

function wantedOf(
  template: TwinTemplate,
  own: ReadonlySet<string> | undefined,
  asked: ReadonlySet<string> | undefined,
): (mode: number) => boolean {
  if (own === undefined && asked === undefined) return () => true;
  const wanted = template.modes.map(({ name }) => (own?.has(name) ?? true) && (asked?.has(name) ?? true));
  return (mode) => mode !== NO_MODE && wanted[mode];
}
