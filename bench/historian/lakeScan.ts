/** Publishes the days of a benchmark's archive and scans them in SQL. */

import { join } from 'node:path';
import { systemClock } from '@tidegate/core/clock/clock.ts';
import type { StoredTag } from '@tidegate/platform/historian/ingest/storedTag.ts';
import { SqlEngine } from '@tidegate/platform/historian/lake/engine/sqlEngine.ts';
import { dayOf } from '@tidegate/platform/historian/lake/lakeFiles.ts';
import { readManifest } from '@tidegate/platform/historian/lake/lakeManifest.ts';
import { LakeUpkeep } from '@tidegate/platform/historian/lake/lakeUpkeep.ts';
import { LakePublisher } from '@tidegate/platform/historian/lake/publish/lakePublisher.ts';
import { tagsTable } from '@tidegate/platform/northbound/sql/plantTables.ts';
import { PLANT_START_US } from './plantHistory.ts';
import { must, TidegatePeer } from './tidegatePeer.ts';

/** The days of the plant; those of the one tag with a year are small files, as no plant has them. */
const FIRST_DAY = dayOf(PLANT_START_US);
const STATEMENT = `SELECT count(*), avg(value), min(value), max(value) FROM samples WHERE day >= '${FIRST_DAY}'`;
const SCANS = 5;

/** Figures of the archive in `directory`/data: how fast it was published, how large the files are, how fast they are scanned. */
export async function scanLake(directory: string, say: (line: string) => void): Promise<Record<string, number>> {
  const peer = await TidegatePeer.start(join(directory, 'data'));
  const lake = join(directory, 'lake');
  const upkeep = new LakeUpkeep({
    directory: lake,
    history: peer.historian,
    publisher: new LakePublisher({ directory: lake }),
    clock: systemClock,
    events: ({ kind, source, detail }) => kind === 'lake.failed' && say(`  ${source}: ${detail}`),
    delayMs: 0,
  });
  must(await peer.historian.seal());
  const begin = performance.now();
  must(await upkeep.publish());
  const seconds = (performance.now() - begin) / 1_000;
  await upkeep.close();
  await peer.stop();
  const { days } = must(await readManifest(lake));
  const published = days.reduce((sum, day) => sum + day.rows, 0);
  const plantDays = days.filter(({ day }) => day >= FIRST_DAY);
  const rows = plantDays.reduce((sum, day) => sum + day.rows, 0);
  const bytes = plantDays.reduce((sum, { files }) => sum + files.reduce((all, file) => all + file.bytes, 0), 0);
  const scanSeconds = await fastestScan(lake, join(directory, 'spill'), peer.historian.tags());
  return {
    lakePublished: published / seconds / 1e6,
    lakeBytesPerValue: bytes / rows,
    sqlScan: rows / scanSeconds / 1e6,
  };
}

/** The fastest of a few: the first one reads the files from the disk. */
async function fastestScan(lake: string, spill: string, tags: readonly StoredTag[]): Promise<number> {
  const tables = [tagsTable({ revision: () => 0, rows: () => tags })];
  const engine = new SqlEngine({ lake, spill, tables, functions: [], definitions: [] });
  let fastest = Number.POSITIVE_INFINITY;
  for (let scan = 0; scan < SCANS; scan++) {
    const begin = performance.now();
    for await (const batch of must(await engine.query(STATEMENT)).batches()) must(batch);
    fastest = Math.min(fastest, (performance.now() - begin) / 1_000);
  }
  await engine.close();
  return fastest;
}
