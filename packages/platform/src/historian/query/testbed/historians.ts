/** Historians over directories of their own, for tests; both are gone when the test is over. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ManualClock } from '@tidegate/core/clock/manualClock.ts';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import type { Result } from '@tidegate/core/fault/fault.ts';
import type { BlockSink } from '@tidegate/core/port/blockSink.ts';
import type { PlantEvent } from '@tidegate/core/port/eventSink.ts';
import type { SampleValue } from '@tidegate/core/sample/sample.ts';
import { type SampleRun, valueAt } from '../../archive/sampleRun.ts';
import { Historian, type HistorianOptions } from '../historian.ts';
import type { SealedBlock } from './gatewayStream.ts';

export const EARLIEST = Number.MIN_SAFE_INTEGER as Timestamp;
export const LATEST = Number.MAX_SAFE_INTEGER as Timestamp;
export const NO_LIMIT = 1e9;

/** `onTestFinished` is vitest's. */
export function historiansOf(onTestFinished: (cleanUp: () => Promise<void>) => void) {
  return {
    async makeDirectory(): Promise<string> {
      const directory = await mkdtemp(join(tmpdir(), 'tidegate-historian-'));
      onTestFinished(() => rm(directory, { recursive: true, force: true }));
      return directory;
    },

    /** Opens the historian of `directory`; what it reports is added to `events`. */
    async openHistorian(
      directory: string,
      options: Partial<HistorianOptions> = {},
      events: PlantEvent[] = [],
    ): Promise<Historian> {
      const clock = new ManualClock(1_000_000 as Timestamp);
      const sink = (event: PlantEvent) => events.push(event);
      const historian = mustSucceed(await Historian.open({ directory, clock, events: sink, ...options }));
      onTestFinished(() => historian.close());
      return historian;
    },
  };
}

export function mustSucceed<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.fault.code}: ${result.fault.detail}`);
  return result.value;
}

export async function appendAll(sink: BlockSink, blocks: readonly SealedBlock[]): Promise<void> {
  for (const result of await Promise.all(blocks.map(({ header, bytes }) => sink.append(header, bytes)))) {
    mustSucceed(result);
  }
}

export function rowsOf(run: SampleRun): [time: number, value: SampleValue, status: number][] {
  return Array.from(run.times, (time, at) => [time, valueAt(run, at), run.statuses[at]]);
}
