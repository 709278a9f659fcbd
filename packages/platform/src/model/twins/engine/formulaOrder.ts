/** In which order formulas are reckoned, and which of them have to be when a cell changes. */

import type { WindowSegments } from '../../../historian/query/expression/windowSegments.ts';
import { FormulaGroup } from './formulaGroup.ts';
import type { CellFormula } from './planDraft.ts';

/** Gives what looks back over a cell for so long; the same for the same cell and width. */
export type WindowOf = (cell: number, widthUs: number) => WindowSegments;

export interface FormulaOrder {
  /** One that depends on another comes behind it. */
  readonly groups: readonly FormulaGroup[];
  /** Marks what depends on a cell. */
  mark(cell: number): void;
  /** Cells of formulas that depend on themselves, by whatever way. */
  readonly circular: readonly number[];
}

/** Formulas with the same expression, over cells of the same depth, are one group: their rows are evaluated at once. */
export function orderFormulas(formulas: readonly CellFormula[], cellCount: number, windowOf: WindowOf): FormulaOrder {
  const { starts, dependents } = dependentsOf(formulas, cellCount);
  const { depths, circular } = depthsOf(formulas, starts, dependents, cellCount);
  const rowsOf = new Map<string, number[]>();
  const expressions = new Map<unknown, number>();
  for (const [slot, { expression, gate }] of formulas.entries()) {
    if (depths[slot] < 0) continue;
    const [own, modes] = [numberOf(expressions, expression), gate ? numberOf(expressions, gate.modes) : -1];
    const key = `${depths[slot]} ${own} ${modes}`;
    const slots = rowsOf.get(key);
    if (slots) slots.push(slot);
    else rowsOf.set(key, [slot]);
  }
  const groupOfSlot = new Uint32Array(formulas.length);
  const rowOfSlot = new Uint32Array(formulas.length);
  const byDepth = [...rowsOf.values()].sort(([a], [b]) => depths[a] - depths[b]);
  const groups = byDepth.map((slots, group) => {
    for (const [row, slot] of slots.entries()) {
      groupOfSlot[slot] = group;
      rowOfSlot[slot] = row;
    }
    return groupOf(
      slots.map((slot) => formulas[slot]),
      windowOf,
    );
  });
  const isOrdered = Uint8Array.from(depths, (depth) => (depth < 0 ? 0 : 1));
  return {
    groups,
    circular,
    mark(cell) {
      for (let at = starts[cell]; at < starts[cell + 1]; at++) {
        const slot = dependents[at];
        if (isOrdered[slot] === 1) groups[groupOfSlot[slot]].mark(rowOfSlot[slot]);
      }
    },
  };
}

function groupOf(rows: readonly CellFormula[], windowOf: WindowOf): FormulaGroup {
  const [{ expression, maps, gate }] = rows;
  return new FormulaGroup({
    ...{ expression, maps },
    outputs: Uint32Array.from(rows, ({ cell }) => cell),
    inputs: expression.tags.map((_, at) => Uint32Array.from(rows, ({ inputs }) => inputs[at])),
    windows: expression.windows.map(({ tag, widthUs }) => rows.map(({ inputs }) => windowOf(inputs[tag], widthUs))),
    gate: gate && { modes: gate.modes, cells: Uint32Array.from(rows, (row) => row.gate!.cell) },
  });
}

function* readsOf({ inputs, gate }: CellFormula): Generator<number, void, undefined> {
  yield* inputs;
  if (gate) yield gate.cell;
}

/** For each cell the formulas that read it: those of cell `c` stand from `starts[c]` to before `starts[c + 1]`. */
function dependentsOf(formulas: readonly CellFormula[], cellCount: number) {
  const starts = new Uint32Array(cellCount + 1);
  for (const formula of formulas) for (const cell of readsOf(formula)) starts[cell + 1]++;
  for (let cell = 0; cell < cellCount; cell++) starts[cell + 1] += starts[cell];
  const next = starts.slice();
  const dependents = new Uint32Array(starts[cellCount]);
  for (const [slot, formula] of formulas.entries())
    for (const cell of readsOf(formula)) dependents[next[cell]++] = slot;
  return { starts, dependents };
}

/** How many formulas lie below each at most; -1 of those that none of this reaches, because they go in a circle (Kahn, 1962). */
function depthsOf(formulas: readonly CellFormula[], starts: Uint32Array, dependents: Uint32Array, cellCount: number) {
  const slotOfCell = new Int32Array(cellCount).fill(-1);
  for (const [slot, { cell }] of formulas.entries()) slotOfCell[cell] = slot;
  const waiting = new Uint32Array(formulas.length);
  const depths = new Int32Array(formulas.length);
  const ready: number[] = [];
  for (const [slot, formula] of formulas.entries()) {
    for (const cell of readsOf(formula)) if (slotOfCell[cell] >= 0) waiting[slot]++;
    if (waiting[slot] === 0) ready.push(slot);
  }
  for (let slot = ready.pop(); slot !== undefined; slot = ready.pop()) {
    const { cell } = formulas[slot];
    for (let at = starts[cell]; at < starts[cell + 1]; at++) {
      const dependent = dependents[at];
      depths[dependent] = Math.max(depths[dependent], depths[slot] + 1);
      if (--waiting[dependent] === 0) ready.push(dependent);
    }
  }
  const circular: number[] = [];
  for (const [slot, count] of waiting.entries()) {
    if (count === 0) continue;
    depths[slot] = -1;
    circular.push(formulas[slot].cell);
  }
  return { depths, circular };
}

function numberOf(numbers: Map<unknown, number>, key: unknown): number {
  let found = numbers.get(key);
  if (found === undefined) {
    found = numbers.size;
    numbers.set(key, found);
  }
  return found;
}
