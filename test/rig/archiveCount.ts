/** What an archive holds of the numbered samples of serial gateways, counted serial by serial. */

import { systemClock } from '@tidegate/core/clock/clock.ts';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { LANES, type Lane } from '@tidegate/core/sample/lane.ts';
import type { StreamLedger } from '@tidegate/platform/historian/ingest/streamLedger.ts';
import { Historian } from '@tidegate/platform/historian/query/historian.ts';
import { orThrow } from './gatewayPipeline.ts';
import { SERIALS_PER_RUN } from './serials.ts';

export interface ArchiveCount {
  readonly samples: number;
  /** Serials that are there more than once. */
  readonly repeated: number;
  /** For each run and lane, `run/lane`: how many serials are there, and how many of those before the last are not. */
  readonly runs: ReadonlyMap<string, { readonly held: number; readonly missing: number }>;
  readonly ledgers: readonly StreamLedger[];
}

/** How a run and lane is called in a count. */
export function keyOf(run: number, lane: Lane): string {
  return `${run}/${lane}`;
}

/** Counts what lies in the data directory of a server that does not run. */
export async function readArchive(directory: string): Promise<ArchiveCount> {
  const historian = orThrow(await Historian.open({ directory, clock: systemClock, events: () => undefined }));
  try {
    return await countSerials(historian);
  } finally {
    await historian.close();
  }
}

export async function countSerials(historian: Historian): Promise<ArchiveCount> {
  const places = new Map<string, Uint8Array>();
  let samples = 0;
  let repeated = 0;
  for (const { index, lane } of historian.tags()) {
    const { values } = await historian.raw(index, 0 as Timestamp, Number.MAX_SAFE_INTEGER as Timestamp, 1e9);
    samples += values.length;
    for (const value of values) {
      const run = Math.floor(Number(value) / SERIALS_PER_RUN);
      const place = Math.floor((Number(value) % SERIALS_PER_RUN) / LANES.length);
      const seen = withRoom(places.get(keyOf(run, lane)), place);
      places.set(keyOf(run, lane), seen);
      if (seen[place]++ > 0) repeated++;
    }
  }
  const runs = new Map([...places].map(([key, seen]) => [key, heldAndMissing(seen)]));
  return { samples, repeated, runs, ledgers: historian.ledgers() };
}

function withRoom(seen: Uint8Array | undefined, place: number): Uint8Array {
  if (seen && place < seen.length) return seen;
  const grown = new Uint8Array(Math.max(place + 1, (seen?.length ?? 512) * 2));
  if (seen) grown.set(seen);
  return grown;
}

function heldAndMissing(seen: Uint8Array): { held: number; missing: number } {
  const held = seen.reduce((sum, times) => sum + (times > 0 ? 1 : 0), 0);
  const last = seen.findLastIndex((times) => times > 0);
  return { held, missing: last + 1 - held };
}
