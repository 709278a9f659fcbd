/**
 * Reads assets in bulk from a CSV table: a row is an asset, with the columns path, type, id, description and level, and then
 * as many as wanted of `set:ATTRIBUTE` (a value), `tag:ATTRIBUTE` (the path of a tag), `formula:ATTRIBUTE`,
 * `nameplate:ENTRY`, and the kinds of relations, whose fields name other assets separated by blanks.
 */

import { parseTable } from '@tidegate/config/table.ts';
import { z } from 'zod';
import { ASSET_LEVELS, RELATION_KINDS } from '../assetModel.ts';
import type { ModelDefects } from './modelDefects.ts';
import type { AssetDraft, AttributeDraft, RelationDraft, SourceDraft } from './modelDraft.ts';
import { assetPathDefect, nameDefect } from './nameDefect.ts';

const FIXED = {
  path: z.string(),
  type: z.string().optional(),
  id: z.string().max(300).optional(),
  description: z.string().optional(),
  level: z.enum(ASSET_LEVELS).optional(),
};
const FREE_COLUMN = /^\s*(set|tag|formula|nameplate)\s*:\s*(.+?)\s*$/i;
/** A number as spreadsheets write it without grouping; what it is meant for decides the type of the attribute. */
const NUMBER = /^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$/;
const RELATION_COLUMNS = RELATION_KINDS.map((kind) => ({
  kind,
  column: kind.replace(/-(.)/, (_, l) => l.toUpperCase()),
}));

/** The fields of a row by column. */
interface Fields extends Readonly<Record<string, string | undefined>> {
  readonly path: string;
  readonly id?: string;
  readonly type?: string;
  readonly level?: string;
  readonly description?: string;
}

interface FreeColumn {
  readonly column: string;
  readonly kind: string;
  readonly name: string;
}

export function readAssetTable(file: string, text: string, defects: ModelDefects): AssetDraft[] {
  const { text: table, free } = readHeader(text.replace(/^\ufeff/, ''));
  const usable = free.filter(({ kind, name }, index) => {
    const isTwice = free.findIndex((other) => other.kind === kind && other.name === name) < index;
    const defect = isTwice ? 'stands twice' : nameDefect(name);
    if (defect !== undefined) defects.add({ file, line: 1, column: 1 }, `the column "${kind}:${name}" ${defect}`);
    return defect === undefined;
  });
  const shape = {
    ...FIXED,
    ...Object.fromEntries(RELATION_COLUMNS.map(({ column }) => [column, z.string().optional()])),
    ...Object.fromEntries(free.map(({ column }) => [column, z.string().optional()])),
  };
  const { rows, defects: found } = parseTable(file, table, z.object(shape));
  defects.addAll(found);
  return rows.flatMap((row) => {
    const fields = row.value as unknown as Fields;
    const at = (column: string) => ({ file, ...row.place(column) });
    const { path } = fields;
    const defect = assetPathDefect(path);
    if (defect !== undefined) {
      defects.add(at('path'), `the path "${path}" ${defect}`);
      return [];
    }
    return [draftOf(fields, usable, at)];
  });
}

function draftOf(fields: Fields, free: readonly FreeColumn[], at: (column: string) => AssetDraft['place']): AssetDraft {
  const attributes: AttributeDraft[] = [];
  const nameplate = new Map<string, string>();
  for (const { column, kind, name } of free) {
    const said = fields[column];
    if (said === undefined) continue;
    if (kind === 'nameplate') nameplate.set(name, said);
    else attributes.push({ name, place: at(column), source: sourceOf(kind, said) });
  }
  const relations: RelationDraft[] = RELATION_COLUMNS.flatMap(({ kind, column }) =>
    (fields[column] ?? '')
      .split(/\s+/)
      .filter((to) => to !== '')
      .map((to) => ({ kind, to, place: at(column) })),
  );
  return {
    path: fields.path,
    id: fields.id,
    type: fields.type,
    level: fields.level as AssetDraft['level'],
    description: fields.description,
    ...{ attributes, nameplate, relations, place: at('path') },
  };
}

function sourceOf(kind: string, said: string): SourceDraft {
  if (kind === 'tag') return { kind: 'tag', pattern: said };
  if (kind === 'formula') return { kind: 'formula', text: said };
  return { kind: 'constant', value: NUMBER.test(said) ? Number(said) : said };
}

interface Header {
  /** The table with plain names in place of those of the free columns, which may hold anything. */
  readonly text: string;
  readonly free: readonly FreeColumn[];
}

/** Finds the free columns in the first line that says something, as `parseTable` does. */
function readHeader(text: string): Header {
  const lines = text.split('\n');
  const at = lines.findIndex((line) => line !== '' && !line.startsWith('#'));
  if (at < 0) return { text, free: [] };
  const separator = separatorOf(lines[at]);
  const free: FreeColumn[] = [];
  const fields = cutFields(lines[at], separator).map((field, index) => {
    const match = FREE_COLUMN.exec(field.trim().replace(/^"(.*)"$/, (_, inner: string) => inner.replaceAll('""', '"')));
    if (!match) return field;
    free.push({ column: `free${index}`, kind: match[1].toLowerCase(), name: match[2] });
    return `free${index}`;
  });
  lines[at] = fields.join(separator);
  return { text: lines.join('\n'), free };
}

function separatorOf(line: string): string {
  const bare = line.replace(/"[^"]*"/g, '');
  const count = (separator: string) => bare.split(separator).length;
  return [',', ';', '\t'].reduce((best, next) => (count(next) > count(best) ? next : best));
}

/** A separator between quotes separates nothing. */
function cutFields(line: string, separator: string): string[] {
  const fields = [''];
  let isQuoted = false;
  for (const character of line) {
    if (character === '"') isQuoted = !isQuoted;
    if (character === separator && !isQuoted) fields.push('');
    else fields[fields.length - 1] += character;
  }
  return fields;
}
