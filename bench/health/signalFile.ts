/** Tables of numbers as the public sets come: one line per row, a name per column, packed or not. */

import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import type { SignalTable } from '@tidegate/health/detect/signalTable.ts';

/** All columns as numbers; NaN where the text is none. */
export async function readSignalFile(path: string, separator: string): Promise<SignalTable> {
  const bytes = await readFile(path);
  const text = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  const [head, ...lines] = text.trim().split(/\r?\n/);
  const names = head.split(separator);
  const columns = names.map(() => new Float64Array(lines.length));
  for (const [row, line] of lines.entries()) {
    const cells = line.split(separator);
    for (let i = 0; i < names.length; i++) columns[i][row] = cells[i] ? Number(cells[i]) : Number.NaN;
  }
  return { names, columns };
}

/** The named columns, in this order. */
export function signalsNamed(table: SignalTable, names: readonly string[]): SignalTable {
  return { names, columns: names.map((name) => table.columns[table.names.indexOf(name)]) };
}
