/** A process that edits without end, and says so after each edit that was answered; its tests kill it. */

import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { MetadataDatabase } from '../../../ingest/metadataDatabase.ts';
import { EditLog } from '../editLog.ts';
import { runOf } from './runRows.ts';

/** Samples of each edit. */
export const ROWS = 50;

if (import.meta.main) {
  const database = MetadataDatabase.open(process.argv[2]);
  if (!database.ok) throw new Error(database.fault.detail);
  let now = database.value.lastRecordedAt();
  if (now < 0) now = 0;
  const log = new EditLog({
    database: database.value,
    stamp: () => ++now as Timestamp,
    readBase: async function* () {},
  });
  for (;;) {
    const samples = runOf(Array.from({ length: ROWS }, (_, row) => [row, now, 0]));
    const outcome = await log.apply({ tag: 0, by: 'mara', reason: 'test', kind: 'update', samples });
    if (!outcome.ok) throw new Error(outcome.fault.detail);
    process.stdout.write(`${outcome.value.edit?.id}\n`);
  }
}
