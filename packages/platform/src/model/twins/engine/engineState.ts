/** The parts of an engine that belong to one version of the model; a new version makes new ones, and keeps what still holds. */

import { ValueKind } from '@tidegate/core/block/sampleBlock.ts';
import { STATUS } from '@tidegate/core/sample/statusCode.ts';
import { WindowSegments } from '../../../historian/query/expression/windowSegments.ts';
import { CellTable } from './cellTable.ts';
import type { EnginePlan } from './enginePlan.ts';
import { type FormulaOrder, orderFormulas } from './formulaOrder.ts';
import { ResidualStatistics } from './residualStatistics.ts';

/** What looks back over a cell. */
export interface CellWindow {
  readonly cell: number;
  readonly widthUs: number;
  readonly segments: WindowSegments;
}

export interface EngineState {
  readonly plan: EnginePlan;
  readonly table: CellTable;
  readonly order: FormulaOrder;
  /** By cell; most cells have none. */
  readonly windows: ReadonlyMap<number, readonly CellWindow[]>;
  /** In the order of `plan.twins`, and for each in that of `expected`. */
  readonly statistics: readonly (readonly ResidualStatistics[])[];
}

export function makeState(plan: EnginePlan, before: EngineState | undefined): EngineState {
  const { directory } = plan;
  const table = new CellTable(directory.count);
  table.statuses[0] = STATUS.BadConfigurationError;
  for (const { cell, kind, low = Number.NaN, high = Number.NaN } of plan.contracts) {
    table.contracts[cell] = kind;
    table.lows[cell] = low;
    table.highs[cell] = high;
  }
  for (const { cell, value, status } of plan.fixed) {
    const kind = value === null ? ValueKind.none : typeof value === 'string' ? ValueKind.string : ValueKind.number;
    const [number, text] = [typeof value === 'number' ? value : 0, typeof value === 'string' ? value : undefined];
    table.put(cell, Number.NEGATIVE_INFINITY, kind, number, status, text);
  }
  const windows = new Map<number, CellWindow[]>();
  const windowOf = (cell: number, widthUs: number) => {
    const there = windows.get(cell)?.find((window) => window.widthUs === widthUs);
    if (there) return there.segments;
    const segments = keptWindow(plan, before, cell, widthUs) ?? new WindowSegments(widthUs);
    const window = { cell, widthUs, segments };
    windows.set(cell, [...(windows.get(cell) ?? []), window]);
    return segments;
  };
  const order = orderFormulas(plan.formulas, directory.count, windowOf);
  for (const cell of order.circular) table.statuses[cell] = STATUS.BadConfigurationError;
  return {
    ...{ plan, table, order, windows },
    statistics: keptStatistics(plan, before),
  };
}

/** The same attribute of the same asset looks back over the same samples, whatever the model has become. */
function keptWindow(
  plan: EnginePlan,
  before: EngineState | undefined,
  cell: number,
  widthUs: number,
): WindowSegments | undefined {
  const name = plan.directory.nameOf(cell);
  const old = name && before?.plan.directory.cellOf(name.asset, name.column.attribute);
  if (old === undefined) return undefined;
  const isSame = sourceKey(before!.plan, old) === sourceKey(plan, cell);
  return isSame ? before!.windows.get(old)?.find((window) => window.widthUs === widthUs)?.segments : undefined;
}

function sourceKey({ directory, model }: EnginePlan, cell: number): string {
  const name = directory.nameOf(cell);
  return JSON.stringify(name && model.assets.get(name.asset)?.attributes.get(name.column.attribute)?.source);
}

/** How far residuals were off is kept where the formula of what is expected is the same. */
function keptStatistics({ twins }: EnginePlan, before: EngineState | undefined): ResidualStatistics[][] {
  return twins.map(({ template, assets, expected }) =>
    expected.map(({ template: one }) => {
      const statistics = new ResidualStatistics(assets.length, template.trust.windowUs);
      for (const [at, old] of (before?.plan.twins ?? []).entries()) {
        const place = old.expected.findIndex(
          (other) => other.template.attribute === one.attribute && other.template.formula.text === one.formula.text,
        );
        if (place < 0) continue;
        const rows = new Map(old.assets.map((asset, row) => [asset, row]));
        for (const [row, asset] of assets.entries()) {
          const oldRow = rows.get(asset);
          if (oldRow !== undefined) statistics.copy(row, before!.statistics[at][place], oldRow);
        }
      }
      return statistics;
    }),
  );
}
