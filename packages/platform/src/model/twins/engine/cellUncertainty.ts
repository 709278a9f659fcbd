/** How uncertain a cell is, from what its type and the fit say of what it is made from. */

import { ValueKind } from '@tidegate/core/block/sampleBlock.ts';
import { runOf } from '../../../historian/archive/sampleRun.ts';
import { expressionUncertainty } from '../../../historian/query/expression/expressionUncertainty.ts';
import { fitOf } from '../twinTemplate.ts';
import type { CellTable } from './cellTable.ts';
import type { EnginePlan } from './enginePlan.ts';
import type { CellFormula } from './planDraft.ts';

const MAX_DEPTH = 64;
const ONE_MOMENT = Float64Array.of(0);

/**
 * The standard uncertainty in the unit of the cell (GUM, JCGM 100:2008, 5.1.2): as its attribute states it, as the fit found
 * it of a parameter, else propagated through its formula. NaN where it cannot be said; 0 of what is certain.
 */
export function cellUncertainty(plan: EnginePlan, table: CellTable, cell: number): number {
  const formulas = formulasOf(plan);
  const reckon = (at: number, depth: number): number => {
    const stated = statedUncertainty(plan, at);
    if (stated !== undefined) return stated;
    const formula = formulas.get(at);
    if (!formula || depth > MAX_DEPTH) return 0;
    const columns = formula.inputs.map((input) =>
      runOf([{ time: 0, value: table.valueAt(input), status: table.statuses[input] }]),
    );
    const inputs = formula.inputs.map((input) =>
      Float64Array.of(table.kinds[input] === ValueKind.number ? reckon(input, depth + 1) : 0),
    );
    return expressionUncertainty(formula.expression, columns, inputs, ONE_MOMENT, { maps: formula.maps })[0];
  };
  return reckon(cell, 0);
}

const byPlan = new WeakMap<EnginePlan, ReadonlyMap<number, CellFormula>>();

function formulasOf(plan: EnginePlan): ReadonlyMap<number, CellFormula> {
  let formulas = byPlan.get(plan);
  if (!formulas) {
    formulas = new Map(plan.formulas.map((formula) => [formula.cell, formula]));
    byPlan.set(plan, formulas);
  }
  return formulas;
}

function statedUncertainty({ directory, model, twins }: EnginePlan, cell: number): number | undefined {
  const name = directory.nameOf(cell);
  if (!name) return 0;
  const { asset, column } = name;
  if (column.role === 'attribute') return model.assets.get(asset)?.attributes.get(column.attribute)?.uncertainty;
  if (column.role !== 'parameter') return undefined;
  const template = twins.find(({ assets }) => assets === column.assets)?.template;
  return (template && fitOf(template, asset)?.parameters.get(column.attribute)?.uncertainty) ?? undefined;
}
