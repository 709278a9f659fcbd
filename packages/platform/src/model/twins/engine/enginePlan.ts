/** What the engine reckons for a model: its cells, what each is made from, and in which order. */

import type { Defect } from '@tidegate/config/defect.ts';
import { makeDefect } from '@tidegate/config/defect.ts';
import { AssetLookup } from '../../assets/assetLookup.ts';
import type { Asset, AssetId, AssetModel, Attribute } from '../../assets/assetModel.ts';
import type { TwinTemplate, TwinTemplates } from '../twinTemplate.ts';
import { CellDirectory } from './cellDirectory.ts';
import { CONTRACT_KINDS } from './cellTable.ts';
import { FormulaShelf } from './formulaShelf.ts';
import type { CellContract, CellFormula, FixedCell, PlanDraft, TagCell } from './planDraft.ts';
import { planTwins, type TwinRows } from './planTwins.ts';

export interface EnginePlan {
  readonly model: AssetModel;
  readonly lookup: AssetLookup;
  readonly directory: CellDirectory;
  readonly tags: readonly TagCell[];
  readonly fixed: readonly FixedCell[];
  readonly contracts: readonly CellContract[];
  readonly formulas: readonly CellFormula[];
  readonly twins: readonly TwinRows[];
  readonly defects: readonly Defect[];
}

/** The template that holds for assets of a type: its own, or that of the nearest type that it extends. */
export function templateOf(model: AssetModel, twins: TwinTemplates, typeName: string): TwinTemplate | undefined {
  const lineage = [typeName, ...(model.types.get(typeName)?.lineage ?? [])];
  return lineage.map((name) => twins.get(name)).find((template) => template !== undefined);
}

/** Never fails: an attribute whose formula is wrong is a defect, and its cell says BadConfigurationError. */
export function planEngine(model: AssetModel, twins: TwinTemplates): EnginePlan {
  const defects = new Map<string, Defect>();
  const draft: PlanDraft = {
    ...{ model, lookup: new AssetLookup(model.assets), directory: new CellDirectory(), shelf: new FormulaShelf() },
    ...{ tags: [], fixed: [], contracts: [], formulas: [] },
    refuse(place, message, hint) {
      const defect = makeDefect('config.invalid', place.file, place, message, hint);
      defects.set(`${place.file}\n${place.line}\n${place.column}\n${message}`, defect);
    },
  };
  const assetsByType = groupByType(model);
  for (const assets of assetsByType.values()) addAttributes(draft, assets);
  const rows: TwinRows[] = [];
  for (const [typeName, assets] of assetsByType) {
    const template = typeName === undefined ? undefined : templateOf(model, twins, typeName);
    if (template) rows.push(planTwins(draft, template, assets));
  }
  for (const asset of model.assets.values())
    for (const attribute of asset.attributes.values()) bind(draft, asset, attribute);
  return { ...draft, twins: rows, defects: [...defects.values()] };
}

function groupByType({ assets }: AssetModel): ReadonlyMap<string | undefined, readonly Asset[]> {
  const groups = new Map<string | undefined, Asset[]>();
  for (const asset of assets.values()) {
    const group = groups.get(asset.type);
    if (group) group.push(asset);
    else groups.set(asset.type, [asset]);
  }
  return groups;
}

/** One column for each attribute; the assets that have all of them share one list of rows. */
function addAttributes({ directory, contracts }: PlanDraft, assets: readonly Asset[]): void {
  const everyone = assets.map(({ id }) => id);
  const names = new Map<string, Asset[]>();
  for (const asset of assets) {
    for (const name of asset.attributes.keys()) {
      const having = names.get(name);
      if (having) having.push(asset);
      else names.set(name, [asset]);
    }
  }
  for (const [name, having] of names) {
    const ids = having.length === assets.length ? everyone : having.map(({ id }) => id);
    const column = directory.add('attribute', name, having[0].attributes.get(name)!.unit, ids);
    for (const [row, asset] of having.entries()) {
      const { type, low, high } = asset.attributes.get(name)!;
      contracts.push({ cell: column.start + row, kind: CONTRACT_KINDS[type], low, high });
    }
  }
}

function bind(draft: PlanDraft, asset: Asset, attribute: Attribute): void {
  const { directory, tags, fixed } = draft;
  const { name, source, unit, place } = attribute;
  const cell = directory.cellOf(asset.id, name)!;
  switch (source.kind) {
    case 'tag':
      tags.push({ cell, path: source.path, unit, place });
      return;
    case 'constant':
      fixed.push({ cell, value: source.value as number | string | null, status: source.value === null ? UNBOUND : 0 });
      return;
    case 'formula':
      bindFormula(draft, asset, attribute, cell, source.text);
      return;
    case 'reference':
      bindReference(draft, attribute, cell, source);
      return;
    case 'unbound':
      fixed.push({ cell, value: null, status: UNBOUND });
  }
}

/** BadConfigurationError. */
const UNBOUND = 0x80890000;

function bindFormula(
  draft: PlanDraft,
  asset: Asset,
  { name, unit, place }: Attribute,
  cell: number,
  text: string,
): void {
  const { directory, lookup, shelf, fixed, formulas } = draft;
  const found = shelf.parsed(text).tags.map((other) => lookup.attribute(asset, other));
  const units = found.map((one) => one?.attribute.unit ?? '');
  const checked = shelf.checked(text, units, unit);
  if (!checked.ok || found.includes(undefined)) {
    const detail = checked.ok ? 'it names what there is not.' : checked.fault.detail;
    draft.refuse(place, `the formula of "${name}" cannot be reckoned: ${detail.replace(/\.$/, '')}`);
    fixed.push({ cell, value: null, status: UNBOUND });
    return;
  }
  const inputs = found.map((one) => directory.cellOf(one!.asset.id, one!.attribute.name)!);
  formulas.push({ cell, expression: checked.value, maps: undefined, inputs, gate: undefined });
}

/** A reference is a formula that names one attribute, and converts its unit. */
function bindReference(
  draft: PlanDraft,
  { name, unit, place }: Attribute,
  cell: number,
  { asset, attribute }: { readonly asset: AssetId; readonly attribute: string },
): void {
  const { directory, model, shelf, fixed, formulas } = draft;
  const input = directory.cellOf(asset, attribute);
  const other = model.assets.get(asset)?.attributes.get(attribute);
  const checked = shelf.checked(`'x'`, [other?.unit ?? ''], unit);
  if (!checked.ok || input === undefined) {
    draft.refuse(
      place,
      `"${name}" refers to "${attribute}", which it cannot take: ${checked.ok ? 'there is none' : checked.fault.detail.replace(/\.$/, '')}`,
    );
    fixed.push({ cell, value: null, status: UNBOUND });
    return;
  }
  formulas.push({ cell, expression: checked.value, maps: undefined, inputs: [input], gate: undefined });
}
