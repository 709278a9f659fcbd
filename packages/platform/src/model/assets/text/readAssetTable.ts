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
  const free = freeColumns(text);
  const place = { file, line: 1, column: 1 };
  for (const { kind, name } of free) {
    const defect = nameDefect(name);
    if (defect !== undefined) defects.add(place, `the column "${kind}:${name}": the name ${defect}`);
  }
  const shape = {
    ...FIXED,
    ...Object.fromEntries(RELATION_COLUMNS.map(({ column }) => [column, z.string().optional()])),
    ...Object.fromEntries(free.map(({ column }) => [column, z.string().optional()])),
  };
  const table = parseTable(file, text, z.object(shape));
  defects.addAll(table.defects);
  const usable = free.filter(({ name }) => nameDefect(name) === undefined);
  return table.rows.flatMap((row) => {
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

/** The columns of the header that name an attribute or an entry of the nameplate. */
function freeColumns(text: string): FreeColumn[] {
  const header = text.split('\n').find((line) => line.trim() !== '' && !line.startsWith('#')) ?? '';
  const found: FreeColumn[] = [];
  for (const field of header.replace('\ufeff', '').split(/[,;\t]/)) {
    const column = field.trim().replace(/^"(.*)"$/, '$1');
    const match = FREE_COLUMN.exec(column);
    if (match && found.every((other) => other.column !== column)) {
      found.push({ column, kind: match[1].toLowerCase(), name: match[2] });
    }
  }
  return found;
}
