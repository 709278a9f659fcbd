/** Reads what the attributes of an asset were, computed from the samples of tags, as attributes always are. */

import { ValueKind } from '@tidegate/core/block/sampleBlock.ts';
import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import type { SampleValue } from '@tidegate/core/sample/sample.ts';
import { STATUS } from '@tidegate/core/sample/statusCode.ts';
import { blankRun, type SampleRun } from '../../../historian/archive/sampleRun.ts';
import type { StoredTag } from '../../../historian/query/historianReader.ts';
import type { HistoryQueries } from '../../../historian/query/historyQueries.ts';
import type { AssetLookup, FoundAttribute } from '../../assets/assetLookup.ts';
import type { Asset } from '../../assets/assetModel.ts';
import { FormulaShelf } from '../engine/formulaShelf.ts';
import { constantColumn, type DerivedAttribute, recomputed, type TwinHistory } from '../replay/twinHistory.ts';

export interface AttributeSources {
  readonly tags: readonly StoredTag[];
  readonly queries: Pick<HistoryQueries, 'at'>;
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
  const reader = new Reader(sources, asset);
  for (const name of names) reader.visit(name, sources.lookup.attribute(asset, name));
  const attributes = new Map<string, SampleRun>();
  for (const [name, { attribute }] of reader.leaves) {
    const { source, unit } = attribute;
    if (source.kind === 'constant') attributes.set(name, ofConstant(source.value, times));
    else if (source.kind !== 'tag') attributes.set(name, without(STATUS.BadConfigurationError, times));
    else {
      const tag = reader.tag(source.path);
      const inUnit = unit === '' || !tag || tag.unit === '' || tag.type !== 'number' ? undefined : unit;
      const answered = tag && (await sources.queries.at({ tag, times, unit: inUnit }));
      if (answered && !answered.ok) return failure(answered.fault.code, answered.fault.detail);
      attributes.set(name, answered?.value.values ?? without(STATUS.BadNodeIdUnknown, times));
    }
  }
  return success(recomputed({ times, attributes, derived: reader.derived }));
}

/** Finds what is read, before anything is. */
class Reader {
  readonly leaves = new Map<string, FoundAttribute>();
  readonly derived: DerivedAttribute[] = [];
  readonly #lookup: AssetLookup;
  readonly #asset: Asset;
  readonly #tags: ReadonlyMap<string, StoredTag>;
  readonly #visited = new Set<string>();
  readonly #shelf = new FormulaShelf();

  constructor({ lookup, tags }: AttributeSources, asset: Asset) {
    this.#lookup = lookup;
    this.#asset = asset;
    const aliases = tags.flatMap((tag) => tag.aliases.map((alias) => [alias, tag] as const));
    this.#tags = new Map([...aliases, ...tags.map((tag) => [tag.path, tag] as const)]);
  }

  tag(path: string): StoredTag | undefined {
    return this.#tags.get(path);
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

function ofConstant(value: SampleValue, times: Float64Array): SampleRun {
  if (value === null) return without(STATUS.BadNoData, times);
  if (typeof value !== 'string') return constantColumn(times, Number(value));
  const column = { ...constantColumn(times, 0), strings: [value] };
  column.kinds.fill(ValueKind.string);
  return column;
}

function without(status: number, times: Float64Array): SampleRun {
  const column = { ...blankRun(times.length), times };
  column.statuses.fill(status);
  return column;
}
