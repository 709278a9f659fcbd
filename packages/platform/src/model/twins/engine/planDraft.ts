/** The parts of a plan: what each cell is made from. */

import type { CurveMaps } from '../../../historian/query/expression/curveMap.ts';
import type { Expression } from '../../../historian/query/expression/expressionNode.ts';
import type { AssetLookup } from '../../assets/assetLookup.ts';
import type { AssetModel, ModelPlace } from '../../assets/assetModel.ts';
import type { CellDirectory } from './cellDirectory.ts';
import type { FormulaShelf } from './formulaShelf.ts';

/** A formula of one cell. */
export interface CellFormula {
  readonly cell: number;
  readonly expression: Expression;
  readonly maps: CurveMaps | undefined;
  /** In the order of `expression.tags`. */
  readonly inputs: readonly number[];
  readonly gate: { readonly modes: ReadonlySet<string>; readonly cell: number } | undefined;
}

/** A cell that holds what a tag says. */
export interface TagCell {
  readonly cell: number;
  readonly path: string;
  /** The unit that is wanted; '' takes that of the tag. */
  readonly unit: string;
  readonly place: ModelPlace;
}

/** A cell that never changes; no value where it waits for a fit. */
export interface FixedCell {
  readonly cell: number;
  readonly value: number | string | null;
  readonly status: number;
}

export interface CellContract {
  readonly cell: number;
  readonly kind: number;
  readonly low: number | undefined;
  readonly high: number | undefined;
}

/** The parts of a plan while it is made. */
export interface PlanDraft {
  readonly model: AssetModel;
  readonly lookup: AssetLookup;
  readonly directory: CellDirectory;
  readonly shelf: FormulaShelf;
  readonly tags: TagCell[];
  readonly fixed: FixedCell[];
  readonly contracts: CellContract[];
  readonly formulas: CellFormula[];
  refuse(place: ModelPlace, message: string, hint?: string): void;
}
