/** Reads what the attributes of an asset were, computed from the samples of tags, as attributes always are. */

import { type Result, success } from '@tidegate/core/fault/fault.ts';
import type { SampleRun } from '../../../historian/archive/sampleRun.ts';
import type { AssetLookup, FoundAttribute } from '../../assets/assetLookup.ts';
import type { Asset } from '../../assets/assetModel.ts';
import { FormulaShelf } from '../engine/formulaShelf.ts';
import type { AttributeReader } from '../history/attributeReader.ts';
import { absentColumn, type DerivedAttribute, recomputed, type TwinHistory } from '../replay/twinHistory.ts';

export interface AttributeSources {
  readonly reader: Pick<AttributeReader, 'at'>;
  readonly lookup: AssetLookup;
}

/**
 * The columns of attributes, by the names that formulas of `asset` have for them, at `times`: whole microseconds since 1970 UTC,
 * ascending, each once. What formulas and references read is there as well: below the asset by its path from there
 * (`driver/speed`), elsewhere by its whole path. A name that leads nowhere has no column. Faults: those of history.
 */
export async function readTwinHistory(
  sources: AttributeSources,
  asset: Asset,
  names: Iterable<string>,
  times: Float64Array,
): Promise<Result<TwinHistory>> {
  const reader = new Reader(sources.lookup, asset);
  for (const name of names) reader.visit(name, sources.lookup.attribute(asset, name));
  const attributes = new Map<string, SampleRun>();
  for (const [name, { asset: owner, attribute }] of reader.leaves) {
    const read = await sources.reader.at(owner.id, attribute.name, times);
    if (!read.ok) return read;
    attributes.set(name, aligned(read.value, times));
  }
  return success(recomputed({ times, attributes, derived: reader.derived }));
}

/** Finds what is read, before anything is. */
class Reader {
  readonly leaves = new Map<string, FoundAttribute>();
  readonly derived: DerivedAttribute[] = [];
  readonly #lookup: AssetLookup;
  readonly #asset: Asset;
  readonly #visited = new Set<string>();
  readonly #shelf = new FormulaShelf();

  constructor(lookup: AssetLookup, asset: Asset) {
    this.#lookup = lookup;
    this.#asset = asset;
  }

  /** Every attribute stands behind those that it reads. The loader of the model refuses circles; one ends here all the same. */
  visit(name: string, found: FoundAttribute | undefined): void {
    if (!found || this.#visited.has(name)) return;
    this.#visited.add(name);
    const own = this.#nameOf(found);
    const { asset, attribute } = found;
    const { source, unit } = attribute;
    if (name !== own) this.#derive(name, "'it'", unit, [found]);
    else if (source.kind === 'formula') {
      const inputs = this.#shelf.parsed(source.text).tags.map((input) => this.#lookup.attribute(asset, input));
      this.#derive(name, source.text, unit, inputs);
    } else if (source.kind === 'reference') {
      const other = this.#lookup.asset(source.asset);
      const target = other?.attributes.get(source.attribute);
      this.#derive(name, "'it'", unit, [other && target && { asset: other, attribute: target }]);
    } else this.leaves.set(name, found);
  }

  #derive(name: string, text: string, unit: string, inputs: readonly (FoundAttribute | undefined)[]): void {
    const units = inputs.map((input) => input?.attribute.unit ?? '');
    const checked = this.#shelf.checked(text, units, unit);
    if (!checked.ok) return;
    const names = inputs.map((input) => (input ? this.#nameOf(input) : ''));
    for (const [at, input] of inputs.entries()) this.visit(names[at], input);
    this.derived.push({ name, expression: checked.value, inputs: names });
  }

  #nameOf({ asset, attribute }: FoundAttribute): string {
    if (asset.id === this.#asset.id) return attribute.name;
    const path = `${asset.path}/${attribute.name}`;
    const root = `${this.#asset.path}/`;
    return path.startsWith(root) ? path.slice(root.length) : path;
  }
}

/** A row for each of `times`: nothing at those at which no version of the model had the attribute. */
function aligned(run: SampleRun, times: Float64Array): SampleRun {
  if (run.times.length === times.length) return run;
  const column = { ...absentColumn(times), strings: run.strings };
  let row = 0;
  for (const [at, time] of run.times.entries()) {
    while (times[row] < time) row++;
    column.values[row] = run.values[at];
    column.kinds[row] = run.kinds[at];
    column.statuses[row] = run.statuses[at];
  }
  return column;
}
