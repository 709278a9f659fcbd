/**
 * The gateway of the throughput runs: feeds as many values as the spools take, until all of them are acknowledged. Where it
 * only drains, the server is warm and the values are in the spools, durably, before the clock starts.
 *
 * Arguments: one JSON object, `FloodOptions`. To the parent: `{ kind: 'ready' }`; then, after `{ kind: 'go' }` has come,
 * `{ kind: 'done', seconds, refused }`, where the time runs from the first value given to conditioning, or from the first
 * attempt to connect, to the last block acknowledged.
 */

import { once } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import type { SampleBlock } from '@tidegate/core/block/sampleBlock.ts';
import { LANES } from '@tidegate/core/sample/lane.ts';
import type { TagRule } from '@tidegate/edge/conditioning/tagRule.ts';
import { type IdlePipeline, openPipeline, printEvent } from '../../test/rig/gatewayPipeline.ts';
import { OneRun } from './oneRun.ts';
import { PlantValues, signalKind } from './plantValues.ts';

export interface FloodOptions {
  readonly gateway: string;
  readonly directory: string;
  readonly serverPort: number;
  readonly certificates: string;
  readonly tags: number;
  readonly values: number;
  /** In which lanes the tags are: one in ten operational, or all analytical, so that one connection carries everything. */
  readonly lanes: 'both' | 'analytical';
  /** What is timed: conditioning, spool and boundary together, or the boundary alone. */
  readonly part: 'whole' | 'drain';
}

export interface FloodResult {
  readonly kind: 'done';
  readonly seconds: number;
  readonly refused: number;
}

const BATCH_SAMPLES = 4_000;
/** Values made before the clock starts; they are fed again and again, each time later. */
const PREPARED_SCANS = 100;
const SCAN_MS = 1_000;
/** Enough for the server to write its first segment. */
const WARM_UP_VALUES = 2_500_000;
const SPOOL_BYTES = 4 * 1024 * 1024 * 1024;

/** Analogs are scaled from raw counts and checked against a range, as in a plant. */
function ruleOf(number: number, lanes: FloodOptions['lanes']): TagRule {
  const lane = lanes === 'both' && number % 10 === 0 ? 'operational' : 'analytical';
  if (signalKind(number) !== 'analog') return { number, lane };
  return { number, lane, scale: 100 / 16_383, offset: 0, low: 0, high: 100 };
}

function prepare({ tags }: FloodOptions): SampleBlock[] {
  const plant = new PlantValues(tags, SCAN_MS);
  const startUs = Date.now() * 1_000;
  const batches = Math.ceil((tags * PREPARED_SCANS) / BATCH_SAMPLES);
  return Array.from({ length: batches }, () => plant.batch(BATCH_SAMPLES, startUs));
}

async function feed(pipeline: IdlePipeline, batches: readonly SampleBlock[], values: number): Promise<void> {
  const { conditioner, spools } = pipeline;
  const laterUs = PREPARED_SCANS * SCAN_MS * 1_000;
  let fed = 0;
  while (fed < values) {
    for (const batch of batches) {
      while (LANES.some((lane) => spools[lane].room < batch.count)) await setImmediate();
      conditioner.write(batch);
      fed += batch.count;
      if (fed >= values) return;
      for (let index = 0; index < batch.count; index++) batch.times[index] += laterUs;
    }
  }
}

/** Sends values until every part of the server has done its work before, and disconnects. */
async function warmUp(pipeline: IdlePipeline, batches: readonly SampleBlock[]): Promise<void> {
  const forwarders = pipeline.forward();
  await feed(pipeline, batches, WARM_UP_VALUES);
  for (const lane of LANES) await pipeline.spools[lane].flush();
  await Promise.all(forwarders.map((forwarder) => forwarder.drained()));
  await Promise.all(forwarders.map((forwarder) => forwarder.stop()));
}

async function main(options: FloodOptions): Promise<void> {
  const rules = Array.from({ length: options.tags }, (_, number) => ruleOf(number, options.lanes));
  const batches = prepare(options);
  const pipeline = await openPipeline({ ...options, rules, events: printEvent, spoolBytes: SPOOL_BYTES });
  const feedAll = async () => {
    await feed(pipeline, batches, options.values);
    for (const lane of LANES) await pipeline.spools[lane].flush();
  };
  if (options.part === 'drain') {
    await warmUp(pipeline, batches);
    await feedAll();
  }
  process.send?.({ kind: 'ready' });
  await once(process, 'message');

  const begin = performance.now();
  const forwarders = options.part === 'whole' ? pipeline.forward() : pipeline.forward((spool) => new OneRun(spool));
  if (options.part === 'whole') await feedAll();
  await Promise.all(forwarders.map((forwarder) => forwarder.drained()));
  const seconds = (performance.now() - begin) / 1_000;

  const refused = LANES.reduce((sum, lane) => sum + pipeline.spools[lane].tally().refused, 0);
  for (const forwarder of forwarders) await forwarder.stop();
  for (const lane of LANES) await pipeline.spools[lane].close();
  process.send?.({ kind: 'done', seconds, refused } satisfies FloodResult);
  process.disconnect?.();
}

await main(JSON.parse(process.argv[2]));
