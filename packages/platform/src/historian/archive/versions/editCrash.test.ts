/** What a killed process had answered is there as a whole; what it had not is there as a whole or not at all. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { MetadataDatabase } from '../../ingest/metadataDatabase.ts';
import { EditReader } from './editReader.ts';
import { ROWS } from './testbed/editingProcess.ts';

const PROCESS = fileURLToPath(new URL('testbed/editingProcess.ts', import.meta.url));

/** Kills the process when it has answered `answers` edits, or a little later; resolves with the last it answered. */
async function editAndKill(path: string, answers: number): Promise<number> {
  const editing = spawn(process.execPath, [PROCESS, path], { stdio: ['ignore', 'pipe', 'inherit'] });
  let [last, count] = [0, 0];
  for await (const line of createInterface(editing.stdout)) {
    last = Number(line);
    if (++count === answers) editing.kill('SIGKILL');
  }
  if (editing.exitCode === null && editing.signalCode === null) await once(editing, 'exit');
  expect(editing.signalCode).toBe('SIGKILL');
  return last;
}

test('edits survive SIGKILL', { timeout: 30_000 }, async () => {
  const directory = mkdtempSync(join(tmpdir(), 'edit-crash-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const path = join(directory, 'metadata.sqlite');
  for (const answers of [1, 7, 20, 3]) {
    const last = await editAndKill(path, answers);
    const database = MetadataDatabase.open(path);
    if (!database.ok) throw new Error(database.fault.detail);
    const read = new EditReader(database.value).read(0, 0, ROWS);
    database.value.close();
    if (!read.ok) throw new Error(read.fault.detail);
    const { edits, sampleEdits } = read.value;
    expect(edits.map(({ id }) => id)).toEqual(Array.from(edits, (_, index) => index + 1));
    expect(edits.length).toBeGreaterThanOrEqual(last);
    const rows = new Uint32Array(edits.length);
    for (const edit of sampleEdits) rows[edit]++;
    expect(new Set(rows)).toEqual(new Set([ROWS]));
  }
});
