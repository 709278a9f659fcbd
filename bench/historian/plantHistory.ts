/** The history that the benchmark of the historian is fed with, as blocks in the order in which samples arrive. */

import { MAX_BLOCK_SAMPLES, type SampleBlock, ValueKind } from '@tidegate/core/block/sampleBlock.ts';
import { STATUS } from '@tidegate/core/sample/statusCode.ts';
import { HEARTBEAT_SCANS, Plant, type ReportColumns, SCAN_SPREAD_US } from './plant.ts';

/** Monday 2025-01-06 00:00 UTC. */
export const PLANT_START_US = Date.UTC(2025, 0, 6) * 1_000;
export const YEAR_US = 365 * 86_400e6;
/** The year of one tag ends where the plant begins. */
export const YEAR_START_US = PLANT_START_US - YEAR_US;
const YEAR_VALUES = 6_000_000;

export interface PlantHistoryOptions {
  readonly tagCount?: number;
  /** Number of samples. */
  readonly limit: number;
  readonly seed?: number;
  /** The last block may have fewer. */
  readonly blockSamples?: number;
}

/** With this many tags a scan takes a second; with others as much more or less as keeps the total rate. */
const TAGS_PER_SECOND = 10_000;
/** Of its year's scans the tag reports this share: a property of the seed, measured over the 32 million scans. */
const YEAR_SEED = 11;
const YEAR_SHARE_REPORTED = 0.1885;

/** About 1,200 values a second of plant time: 100 million of them are a day. */
export function plantHistory(options: PlantHistoryOptions): Generator<SampleBlock> {
  const { tagCount = 10_000, limit, seed = 1, blockSamples = MAX_BLOCK_SAMPLES } = options;
  const plant = new Plant(tagCount, PLANT_START_US, scanUs(tagCount), seed);
  return blocksOf(plant, tagCount, limit, blockSamples);
}

/** Within so long every tag has said something. */
export function heartbeatUs(tagCount: number): number {
  return (HEARTBEAT_SCANS + 1) * scanUs(tagCount) + SCAN_SPREAD_US;
}

function scanUs(tagCount: number): number {
  return (1e6 * tagCount) / TAGS_PER_SECOND;
}

/** The samples, all good, of one analog over the year before the plant's start, under the number `tag`; fewer are scanned more slowly. */
export function* yearOfOneTag(
  tag: number,
  limit = YEAR_VALUES,
  blockSamples = MAX_BLOCK_SAMPLES,
): Generator<SampleBlock> {
  const plant = new Plant(1, YEAR_START_US, (YEAR_US * YEAR_SHARE_REPORTED) / limit, YEAR_SEED);
  for (const block of blocksOf(plant, 1, limit, blockSamples)) {
    block.tags.fill(tag);
    block.statuses.fill(STATUS.Good);
    yield block;
  }
}

function* blocksOf(plant: Plant, tagCount: number, limit: number, blockSamples: number): Generator<SampleBlock> {
  const reports = roomFor(blockSamples + tagCount);
  let [left, held] = [limit, 0];
  while (left > 0) {
    const wanted = Math.min(blockSamples, left);
    while (held < wanted) held = plant.scan(reports, held);
    let taken = 0;
    for (; held - taken >= blockSamples && left >= blockSamples; taken += blockSamples, left -= blockSamples) {
      yield copyBlock(reports, taken, taken + blockSamples);
    }
    if (taken === 0) {
      yield copyBlock(reports, 0, wanted);
      return;
    }
    for (const column of Object.values(reports)) column.copyWithin(0, taken, held);
    held -= taken;
  }
}

function roomFor(count: number): ReportColumns {
  return {
    tags: new Uint32Array(count),
    times: new Float64Array(count),
    values: new Float64Array(count),
    statuses: new Uint32Array(count),
  };
}

function copyBlock(reports: ReportColumns, from: number, to: number): SampleBlock {
  return {
    count: to - from,
    tags: reports.tags.slice(from, to),
    times: reports.times.slice(from, to),
    values: reports.values.slice(from, to),
    kinds: new Uint8Array(to - from).fill(ValueKind.number),
    statuses: reports.statuses.slice(from, to),
    strings: [],
  };
}
