/** Brings the tags of all devices together, from tag lists and from the YAML file, each with the place it was written at. */

import { dirname, isAbsolute, join } from 'node:path';
import type { ConfigDocument } from '@tidegate/config/configDocument.ts';
import { type Defect, makeDefect } from '@tidegate/config/defect.ts';
import { loadTable, type Table } from '@tidegate/config/table.ts';
import { type TagEntry, type TagField, tagRowSchema } from './tagSchema.ts';

/** A tag of a device and where it was written. */
export interface PlacedTag {
  /** Index of its device in the YAML file. */
  readonly device: number;
  readonly entry: TagEntry;
  defect(field: TagField, message: string, hint?: string): Defect;
}

/** A device as far as it could be understood. */
interface TagSource {
  readonly tags?: readonly (string | TagEntry)[] | undefined;
}

/** Reads the tag lists that the devices name, all of them, whatever is wrong with some. */
export async function readTagLists(
  document: ConfigDocument,
  devices: readonly (TagSource | undefined)[],
): Promise<{ readonly tags: PlacedTag[]; readonly defects: Defect[] }> {
  const found = await Promise.all(
    devices.flatMap((source, device) =>
      (source?.tags ?? []).map((entry, index) =>
        typeof entry === 'string'
          ? readTagList(besideFile(document.file, entry), device)
          : { tags: [inlineTag(document, entry, device, index)], defects: [] },
      ),
    ),
  );
  return { tags: found.flatMap(({ tags }) => tags), defects: found.flatMap(({ defects }) => defects) };
}

/** A path that is written in `file`, as seen from where this program runs. */
export function besideFile(file: string, path: string): string {
  return isAbsolute(path) ? path : join(dirname(file), path);
}

async function readTagList(file: string, device: number) {
  const table = await loadTable(file, tagRowSchema);
  return { tags: tagsOf(table, device), defects: [...table.defects] };
}

function tagsOf({ file, rows }: Table<TagEntry>, device: number): PlacedTag[] {
  return rows.map((row) => ({
    device,
    entry: row.value,
    defect: (field, message, hint) => makeDefect('config.invalid', file, row.place(field), message, hint),
  }));
}

function inlineTag(document: ConfigDocument, entry: TagEntry, device: number, index: number): PlacedTag {
  return {
    device,
    entry,
    defect: (field, message, hint) => document.defect(['devices', device, 'tags', index, field], message, hint),
  };
}
