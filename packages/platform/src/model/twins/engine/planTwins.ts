/** The cells and formulas of all twins of one type: mode, what is expected, residuals, trust. */

import { STATUS } from '@tidegate/core/sample/statusCode.ts';
import { choiceExpression } from '../../../historian/query/expression/choiceExpression.ts';
import type { Expression } from '../../../historian/query/expression/expressionNode.ts';
import { parseExpression } from '../../../historian/query/expression/parseExpression.ts';
import type { Asset, AssetId } from '../../assets/assetModel.ts';
import { OTHER_MODE } from '../twinReader.ts';
import { fitOf, parameterOf, type TwinExpected, type TwinTemplate } from '../twinTemplate.ts';
import { type CellColumn, MODE_ATTRIBUTE, TRUST_ATTRIBUTE } from './cellDirectory.ts';
import { CONTRACT_KINDS } from './cellTable.ts';
import type { PlanDraft } from './planDraft.ts';

/** What is expected of one attribute of all twins of a type. Rows are those of `TwinRows.assets`. */
export interface ExpectedRows {
  readonly template: TwinExpected;
  /** The cell of each row that is compared; 0 where an asset has none. */
  readonly actual: Uint32Array;
  readonly expected: CellColumn;
  readonly residual: CellColumn;
  readonly sigmas: CellColumn;
  /** Standard deviation of the residual of a sound asset, in each row; NaN where nobody knows it. */
  readonly sigma: Float64Array;
}

/** What has inertia, of all twins of a type: its value, what it begins with, and how it changes each second. */
export interface StateRows {
  readonly state: CellColumn;
  readonly initial: CellColumn;
  readonly rate: CellColumn;
}

/** All twins of one type. */
export interface TwinRows {
  readonly template: TwinTemplate;
  readonly assets: readonly AssetId[];
  readonly mode: CellColumn;
  readonly trust: CellColumn;
  readonly expected: readonly ExpectedRows[];
  readonly states: readonly StateRows[];
  /** The cells that formulas of the template read and that are attributes, by name; 0 where an asset has none. */
  readonly reads: ReadonlyMap<string, Uint32Array>;
}

/** `actual - expected`, and in multiples of the sigma of the fit. */
const RESIDUAL = builtIn(`'actual' - 'expected'`);
const SIGMAS = builtIn(`'residual' / 'sigma'`);

export function planTwins(draft: PlanDraft, template: TwinTemplate, assets: readonly Asset[]): TwinRows {
  const { directory, contracts } = draft;
  const ids = assets.map(({ id }) => id);
  const mode = directory.add('mode', MODE_ATTRIBUTE, '', ids);
  const trust = directory.add('trust', TRUST_ATTRIBUTE, '1', ids);
  for (const row of ids.keys())
    contracts.push({ cell: mode.start + row, kind: CONTRACT_KINDS.string, low: undefined, high: undefined });
  const parameters = new Map<string, CellColumn>();
  for (const [name, { unit }] of template.parameters) parameters.set(name, directory.add('parameter', name, unit, ids));
  for (const [name, column] of parameters) {
    for (const [row, id] of ids.entries()) fix(draft, column.start + row, parameterOf(template, id, name));
  }
  const reads = new Map<string, Uint32Array>();
  const cellsOf = (name: string): Uint32Array => {
    const parameter = parameters.get(name);
    if (parameter) return Uint32Array.from(ids, (_, row) => parameter.start + row);
    let cells = reads.get(name);
    if (!cells) {
      cells = Uint32Array.from(assets, (asset) => cellOfName(draft, asset, name));
      if (!template.states.has(name)) reads.set(name, cells);
    }
    return cells;
  };
  const states = [...template.states.values()].map(({ name, unit, initial, rate }) => ({
    ...{ formulas: { initial, rate }, state: directory.add('state', name, unit, ids) },
    initial: directory.add('parameter', `${name}.initial`, unit, ids),
    rate: directory.add('parameter', `${name}.rate`, rate.unit, ids),
  }));
  for (const { formulas: own, initial, rate } of states) {
    addFormulas(draft, template, initial, own.initial.expression, own.initial.expression.tags.map(cellsOf));
    addFormulas(draft, template, rate, own.rate.expression, own.rate.expression.tags.map(cellsOf));
  }
  const modeOf = (row: number) => mode.start + row;
  const choice = choiceExpression(
    template.modes.map(({ name, condition }) => ({ when: condition.expression, text: name })),
    OTHER_MODE,
  );
  addFormulas(draft, template, mode, choice, choice.tags.map(cellsOf));
  const expected = [...template.expected.values()].map((one) => {
    const rows = columnsOf(draft, one, ids);
    const sigma = Float64Array.from(ids, (id) => sigmaOf(template, one, id));
    const sigmaCells = directory.add('parameter', `${one.attribute}.sigma`, rows.residual.unit, ids);
    for (const [row, value] of sigma.entries())
      fix(draft, sigmaCells.start + row, Number.isNaN(value) ? undefined : value);
    const gate = one.modes && { modes: one.modes, modeOf };
    const own = (column: CellColumn) => Uint32Array.from(ids, (_, row) => column.start + row);
    const actual = cellsOf(one.attribute);
    addFormulas(draft, template, rows.expected, one.formula.expression, one.formula.expression.tags.map(cellsOf), gate);
    addFormulas(draft, template, rows.residual, RESIDUAL, [actual, own(rows.expected)], gate);
    addFormulas(draft, template, rows.sigmas, SIGMAS, [own(rows.residual), own(sigmaCells)], gate);
    return { template: one, actual, sigma, ...rows };
  });
  return { template, assets: ids, mode, trust, expected, states, reads };
}

function columnsOf(
  { directory, lookup, model }: PlanDraft,
  { attribute, formula }: TwinExpected,
  ids: readonly AssetId[],
) {
  const definition = ids
    .map((id) => lookup.attribute(model.assets.get(id)!, attribute))
    .find((found) => found !== undefined);
  const unit = definition?.attribute.unit || formula.unit;
  // The difference of two temperatures in Cel is in kelvin, whose degrees are as large.
  const difference = unit === 'Cel' ? 'K' : unit;
  return {
    expected: directory.add('expected', `${attribute}.expected`, unit, ids),
    residual: directory.add('residual', `${attribute}.residual`, difference, ids),
    sigmas: directory.add('sigmas', `${attribute}.sigmas`, '1', ids),
  };
}

function addFormulas(
  { formulas }: PlanDraft,
  { maps }: TwinTemplate,
  column: CellColumn,
  expression: Expression,
  inputs: readonly Uint32Array[],
  gate?: { readonly modes: ReadonlySet<string>; modeOf(row: number): number } | undefined,
): void {
  for (const row of column.assets.keys()) {
    formulas.push({
      ...{ cell: column.start + row, expression, maps, inputs: inputs.map((cells) => cells[row]) },
      gate: gate && { modes: gate.modes, cell: gate.modeOf(row) },
    });
  }
}

function cellOfName({ directory, lookup }: PlanDraft, asset: Asset, name: string): number {
  const state = directory.cellOf(asset.id, name);
  if (state !== undefined) return state;
  const found = lookup.attribute(asset, name);
  return (found && directory.cellOf(found.asset.id, found.attribute.name)) ?? 0;
}

function fix({ fixed }: PlanDraft, cell: number, value: number | undefined): void {
  fixed.push({ cell, value: value ?? null, status: value === undefined ? STATUS.BadNoData : STATUS.Good });
}

/** As it was fitted, else as it was written. */
function sigmaOf(template: TwinTemplate, { attribute, sigma }: TwinExpected, asset: AssetId): number {
  const fitted = fitOf(template, asset)?.residuals.get(attribute);
  return fitted?.heldOutSigma ?? fitted?.sigma ?? sigma ?? Number.NaN;
}

function builtIn(text: string): Expression {
  const parsed = parseExpression(text);
  if (!parsed.ok) throw new Error(parsed.fault.detail);
  return parsed.value;
}
