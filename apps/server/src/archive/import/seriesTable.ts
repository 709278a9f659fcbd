/** Makes samples of the rows of a table, and learns from them which series there are and what their values are. */

import type { SampleValue } from '@tidegate/core/sample/sample.ts';
import { type TagType, tagPathDefect } from '@tidegate/core/sample/tag.ts';
import type { ImportedTag } from '../control/controlMessage.ts';
import type { Cell, ImportSource } from './importSource.ts';
import { readBoolean, readNumber, readStatus, readTime } from './sampleCell.ts';

/** What holds for every row of a file that does not say it itself. */
export interface SeriesDefaults {
  readonly path?: string | undefined;
  readonly type?: TagType | undefined;
  readonly unit?: string | undefined;
  readonly stepped?: boolean | undefined;
}

/** One sample, in memory that is used again. */
export interface TableSample {
  /** Place among the series. */
  series: number;
  time: number;
  value: SampleValue;
  status: number;
}

interface LearnedSeries {
  readonly path: string;
  type: TagType | undefined;
  /** Whether the file, or the one who imports it, says what the type is. */
  isTypeStated: boolean;
  unit: string | undefined;
  stepped: boolean;
  /** Whether its numbers can be booleans. */
  isBinary: boolean;
  samples: number;
}

const ROLES = ['path', 'tag', 'time', 'value', 'text', 'status', 'type', 'unit', 'stepped'] as const;
type Role = (typeof ROLES)[number];
/** What other programs call the columns. */
const OTHER_NAMES: Readonly<Record<string, Role>> = { timestamp: 'time', quality: 'status' };
const TYPES: readonly string[] = ['number', 'boolean', 'string'] satisfies TagType[];

export class SeriesTable {
  readonly #columns = new Map<Role, number>();
  readonly #defaults: SeriesDefaults;
  readonly #hasDecimalCommas: boolean;
  readonly #series: LearnedSeries[] = [];
  readonly #byPath = new Map<string, number>();
  readonly sample: TableSample = { series: 0, time: 0, value: null, status: 0 };
  /** Columns of which nothing is made. */
  readonly ignored: readonly string[];

  constructor({ columns, hasDecimalCommas }: ImportSource, defaults: SeriesDefaults) {
    this.#defaults = defaults;
    this.#hasDecimalCommas = hasDecimalCommas;
    for (const [at, name] of columns.entries()) {
      const plain = name.trim().toLowerCase();
      const role = ROLES.find((one) => one === plain) ?? OTHER_NAMES[plain];
      if (role && !this.#columns.has(role)) this.#columns.set(role, at);
    }
    const used = new Set(this.#columns.values());
    this.ignored = columns.filter((name, at) => !used.has(at) && name !== '');
  }

  /** Why no sample can be made of the table, as a sentence. */
  get defect(): string | undefined {
    const has = (role: Role) => this.#columns.has(role);
    if (!has('time') || !(has('value') || has('text'))) {
      return 'The first line must name the columns, among them time and value: time,value,status.';
    }
    if (has('path') || has('tag') || this.#defaults.path !== undefined) return undefined;
    return 'Whose samples these are is not said: add a column path, or name the tag with --tag.';
  }

  /** What has been learned, in the order in which the series first came. */
  get series(): readonly (ImportedTag & { readonly samples: number })[] {
    return this.#series.map(({ path, type = 'number', unit = '', stepped, samples }) => {
      return { path, type, unit, stepped, samples, description: '' };
    });
  }

  /** Fills `sample` from a row, or gives in half a sentence what is wrong with it. */
  read(row: readonly Cell[]): string | undefined {
    const { sample } = this;
    const time = readTime(this.#cell(row, 'time'));
    if (time === undefined) {
      const shown = show(this.#cell(row, 'time'));
      return `${shown} is no time: write 2026-01-31T12:00:00Z, or microseconds since 1970 UTC`;
    }
    const status = readStatus(this.#cell(row, 'status'));
    if (status === undefined)
      return `${show(this.#cell(row, 'status'))} is no OPC UA status: write Good, 0x80000000 or 0`;
    const at = this.#seriesOf(row);
    if (typeof at === 'string') return at;
    const value = this.#value(row, this.#series[at]);
    if (typeof value === 'object' && value !== null) return value.defect;
    this.#series[at].samples++;
    sample.series = at;
    sample.time = time;
    sample.value = value;
    sample.status = status;
    return undefined;
  }

  /** Forgets how many samples there were, and keeps what they are: the rows come again. */
  countAnew(): void {
    for (const series of this.#series) series.samples = 0;
  }

  /**
   * Takes the type of the tag that is there already, where the values can be of it; otherwise why they cannot be.
   */
  adopt(path: string, type: TagType): string | undefined {
    const series = this.#series[this.#byPath.get(path) ?? -1];
    if (!series || (series.type ?? 'number') === type) return undefined;
    const isText = type === 'string' && !this.#columns.has('text');
    const isAdoptable = series.type === undefined || (type === 'boolean' && series.isBinary) || isText;
    if (series.isTypeStated || !isAdoptable)
      return `${path} is a tag of the type ${type}, and these are of ${series.type}`;
    series.type = type;
    return undefined;
  }

  /** The place of the row's series, which is made where this is its first row; otherwise what is wrong. */
  #seriesOf(row: readonly Cell[]): number | string {
    const path = String(this.#cell(row, 'path') ?? this.#cell(row, 'tag') ?? this.#defaults.path ?? '');
    let at = this.#byPath.get(path);
    if (at === undefined) {
      const defect = tagPathDefect(path);
      if (defect !== undefined) return `the path ${show(path)} ${defect}`;
      at = this.#series.push(this.#blankSeries(path)) - 1;
      this.#byPath.set(path, at);
    }
    return this.#learn(row, this.#series[at]) ?? at;
  }

  #blankSeries(path: string): LearnedSeries {
    const { type, unit, stepped = false } = this.#defaults;
    return { path, type, isTypeStated: type !== undefined, unit, stepped, isBinary: true, samples: 0 };
  }

  /** Takes what the row says of its series; what is wrong with it where an earlier one said something else. */
  #learn(row: readonly Cell[], series: LearnedSeries): string | undefined {
    const { path } = series;
    const [type, unit, stepped] = [this.#cell(row, 'type'), this.#cell(row, 'unit'), this.#cell(row, 'stepped')];
    if (type !== null) {
      if (!TYPES.includes(String(type))) return `${show(type)} is no type: write number, boolean or string`;
      series.type ??= type as TagType;
      series.isTypeStated = true;
      if (series.type !== type) return `the type of ${path} was ${series.type} before`;
    }
    if (unit !== null) {
      series.unit ??= String(unit);
      if (series.unit !== String(unit)) return `the unit of ${path} was ${series.unit} before`;
    }
    if (stepped !== null) {
      const holds = readBoolean(stepped);
      if (holds === undefined) return `${show(stepped)} does not say whether values hold: write true or false`;
      series.stepped = holds;
    }
    return undefined;
  }

  /** The value, which is of the type of its series, as its first value has decided; otherwise what is wrong. */
  #value(row: readonly Cell[], series: LearnedSeries): SampleValue | { readonly defect: string } {
    const cell = this.#cell(row, 'value');
    const text = this.#cell(row, 'text');
    if (cell === null && text === null) return null;
    if (cell !== null && text !== null) return { defect: 'a value and a text stand in one row' };
    series.type ??= text !== null ? 'string' : typeOf(cell, this.#hasDecimalCommas);
    if (series.type === 'string') return this.#text(cell, text);
    if (text !== null)
      return { defect: `${show(text)} is a text, and ${series.path} has values of the type ${series.type}` };
    return series.type === 'boolean' ? booleanValue(cell, series) : this.#number(cell, series);
  }

  #text(cell: Cell, text: Cell): SampleValue | { readonly defect: string } {
    if (text !== null) return String(text);
    if (this.#columns.has('text')) return { defect: `${show(cell)} stands among texts: put it into the column text` };
    return String(cell);
  }

  #number(cell: Cell, series: LearnedSeries): number | { readonly defect: string } {
    const number = readNumber(cell, this.#hasDecimalCommas);
    if (number === undefined) return { defect: `${show(cell)} is no number` };
    series.isBinary &&= number === 0 || number === 1;
    return number;
  }

  #cell(row: readonly Cell[], role: Role): Cell {
    const at = this.#columns.get(role);
    return at === undefined ? null : (row[at] ?? null);
  }
}

/** What the first value of a series says of the others. */
function typeOf(cell: Cell, hasDecimalCommas: boolean): TagType {
  if (readNumber(cell, hasDecimalCommas) !== undefined) return 'number';
  return readBoolean(cell) === undefined ? 'string' : 'boolean';
}

function booleanValue(cell: Cell, { path }: LearnedSeries): number | { readonly defect: string } {
  const truth = readBoolean(cell);
  return truth === undefined ? { defect: `${show(cell)} is not true or false, as ${path} is` } : Number(truth);
}

function show(cell: Cell): string {
  return cell === null ? 'nothing' : JSON.stringify(cell);
}
