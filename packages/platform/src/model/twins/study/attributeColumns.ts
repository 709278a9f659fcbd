/** What attributes of an asset were at given times: computed from the samples of tags, as attributes always are. */

import { ValueKind } from '@tidegate/core/block/sampleBlock.ts';
import { type Fault, failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import type { SampleValue } from '@tidegate/core/sample/sample.ts';
import { STATUS } from '@tidegate/core/sample/statusCode.ts';
import { blankRun, type SampleRun } from '../../../historian/archive/sampleRun.ts';
import { evaluateExpression } from '../../../historian/query/expression/evaluateExpression.ts';
import { windowColumn } from '../../../historian/query/expression/windowColumn.ts';
import type { StoredTag } from '../../../historian/query/historianReader.ts';
import type { HistoryQueries } from '../../../historian/query/historyQueries.ts';
import type { AssetLookup, FoundAttribute } from '../../assets/assetLookup.ts';
import type { Asset } from '../../assets/assetModel.ts';
import { FormulaShelf } from '../engine/formulaShelf.ts';
import { constantColumn } from '../replay/twinHistory.ts';

export interface AttributeSources {
  readonly tags: readonly StoredTag[];
  readonly queries: Pick<HistoryQueries, 'at'>;
  readonly lookup: AssetLookup;
}

/** Formulas that read formulas go no deeper; the loader of the model refuses circles. */
const MOST_LINKS = 32;

export class AttributeColumns {
  readonly #sources: AttributeSources;
  readonly #times: Float64Array;
  readonly #tags: ReadonlyMap<string, StoredTag>;
  readonly #shelf = new FormulaShelf();
  readonly #columns = new Map<string, Promise<SampleRun>>();

  /** `times` are whole microseconds since 1970 UTC, ascending, each once. */
  constructor(sources: AttributeSources, times: Float64Array) {
    this.#sources = sources;
    this.#times = times;
    const aliases = sources.tags.flatMap((tag) => tag.aliases.map((alias) => [alias, tag] as const));
    this.#tags = new Map([...aliases, ...sources.tags.map((tag) => [tag.path, tag] as const)]);
  }

  /** By the names that formulas of the asset have for them; a name that leads nowhere has no column. Faults: those of history. */
  async read(asset: Asset, names: Iterable<string>): Promise<Result<ReadonlyMap<string, SampleRun>>> {
    const columns = new Map<string, SampleRun>();
    try {
      for (const name of names) {
        const found = this.#sources.lookup.attribute(asset, name);
        if (found) columns.set(name, await this.#column(found, 0));
      }
    } catch (error) {
      if (error instanceof UnreadableHistory) return failure(error.fault.code, error.fault.detail);
      throw error;
    }
    return success(columns);
  }

  #column(found: FoundAttribute, links: number): Promise<SampleRun> {
    const key = `${found.asset.id}\n${found.attribute.name}`;
    let column = this.#columns.get(key);
    if (!column) {
      column = this.#compute(found, links);
      this.#columns.set(key, column);
    }
    return column;
  }

  async #compute({ asset, attribute }: FoundAttribute, links: number): Promise<SampleRun> {
    const { source, unit } = attribute;
    if (links > MOST_LINKS) return this.#without(STATUS.BadConfigurationError);
    switch (source.kind) {
      case 'tag':
        return this.#ofTag(source.path, unit);
      case 'constant':
        return this.#ofConstant(source.value);
      case 'formula':
        return this.#ofFormula(asset, source.text, unit, links);
      case 'reference': {
        const other = this.#sources.lookup.asset(source.asset);
        const target = other?.attributes.get(source.attribute);
        if (!other || !target) return this.#without(STATUS.BadConfigurationError);
        return this.#column({ asset: other, attribute: target }, links + 1);
      }
      case 'unbound':
        return this.#without(STATUS.BadConfigurationError);
    }
  }

  async #ofTag(path: string, unit: string): Promise<SampleRun> {
    const tag = this.#tags.get(path);
    if (!tag) return this.#without(STATUS.BadNodeIdUnknown);
    const inUnit = unit === '' || tag.unit === '' || tag.type !== 'number' ? undefined : unit;
    const answered = await this.#sources.queries.at({ tag, times: this.#times, unit: inUnit });
    if (!answered.ok) throw new UnreadableHistory(answered.fault);
    return answered.value.values;
  }

  #ofConstant(value: SampleValue): SampleRun {
    if (value === null) return this.#without(STATUS.BadNoData);
    if (typeof value !== 'string') return constantColumn(this.#times, Number(value));
    const column = { ...constantColumn(this.#times, 0), strings: [value] };
    column.kinds.fill(ValueKind.string);
    return column;
  }

  async #ofFormula(asset: Asset, text: string, unit: string, links: number): Promise<SampleRun> {
    const { tags } = this.#shelf.parsed(text);
    const inputs = tags.map((name) => this.#sources.lookup.attribute(asset, name));
    const units = inputs.map((input) => input?.attribute.unit ?? '');
    const checked = this.#shelf.checked(text, units, unit);
    if (!checked.ok) return this.#without(STATUS.BadConfigurationError);
    const columns = await Promise.all(
      inputs.map((input) => (input ? this.#column(input, links + 1) : this.#without(STATUS.BadConfigurationError))),
    );
    const windows = checked.value.windows.map((window) => windowColumn(columns[window.tag], this.#times, window));
    return evaluateExpression(checked.value, columns, this.#times, { windows });
  }

  #without(status: number): SampleRun {
    const column = { ...blankRun(this.#times.length), times: this.#times };
    column.statuses.fill(status);
    return column;
  }
}

/** Leads out of nested formulas to the one who asked. It never leaves this file. */
class UnreadableHistory extends Error {
  readonly fault: Fault;

  constructor(fault: Fault) {
    super(fault.detail);
    this.fault = fault;
  }
}
