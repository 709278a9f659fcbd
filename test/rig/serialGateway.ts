/**
 * A process that feeds numbered samples through a gateway's stages until it is killed.
 *
 * Every sample carries a serial number as its value: run * 10^9 + n for the n-th sample of this life of the process. What
 * the spools have made durable is then a prefix of the serials of each run and lane, and what the archive holds can be
 * compared with it serial by serial. Arguments: one JSON object, `SerialGatewayOptions`.
 *
 * To the parent: `{ kind: 'accepted', run, lane, serials }` whenever more serials of a lane are durable, and
 * `{ kind: 'drained', tallies }` after `{ kind: 'drain' }` has come and everything has been acknowledged.
 */

import { crc32 } from 'node:zlib';
import { checkBlock } from '@tidegate/core/block/decodeBlock.ts';
import { SampleBlockBuilder } from '@tidegate/core/block/sampleBlockBuilder.ts';
import { type Clock, delay, systemClock } from '@tidegate/core/clock/clock.ts';
import { LANES, type Lane, perLane } from '@tidegate/core/sample/lane.ts';
import { STATUS } from '@tidegate/core/sample/statusCode.ts';
import { type GatewayPipeline, orThrow, printEvent, startPipeline } from './gatewayPipeline.ts';
import {
  type AcceptedMessage,
  type DrainedMessage,
  RIG_RULES,
  RIG_TAGS,
  SERIALS_PER_RUN,
  type SerialGatewayOptions,
} from './serials.ts';

const BATCH_MS = 10;
/** A connection over which nothing comes back is given up sooner than in a plant, so that a test sees it happen often. */
const ACK_TIMEOUT_MS = 1_500;

class SerialFeeder {
  readonly #pipeline: GatewayPipeline;
  readonly #options: SerialGatewayOptions;
  readonly #batch = new SampleBlockBuilder();
  readonly #acceptedBefore: Readonly<Record<Lane, number>>;
  #serial = 0;

  constructor(pipeline: GatewayPipeline, options: SerialGatewayOptions) {
    this.#pipeline = pipeline;
    this.#options = options;
    this.#acceptedBefore = perLane((lane) => pipeline.spools[lane].tally().accepted);
  }

  async run(clock: Clock, signal: AbortSignal): Promise<void> {
    const perBatch = Math.round((this.#options.samplesPerSecond * BATCH_MS) / 1_000);
    while (!signal.aborted) {
      this.#feed(perBatch, clock.now());
      await delay(clock, BATCH_MS, signal);
      for (const lane of LANES) await this.#report(lane);
    }
  }

  #feed(count: number, nowUs: number): void {
    this.#batch.clear();
    for (let index = 0; index < count; index++, this.#serial++) {
      const serial = this.#options.run * SERIALS_PER_RUN + this.#serial;
      this.#batch.pushNumber(this.#serial % RIG_TAGS, nowUs + index, serial, STATUS.Good);
    }
    this.#pipeline.conditioner.write(this.#batch);
  }

  /** The newest durable block says how much of the lane is durable; once it is acknowledged it may be gone. */
  async #report(lane: Lane): Promise<void> {
    const spool = this.#pipeline.spools[lane];
    const head = spool.head();
    if (!head) return;
    const [newest] = await spool.read({ epoch: head.epoch, sequence: head.sequence - 1 }, 1);
    if (!newest) return;
    const serials = orThrow(checkBlock(newest.bytes, crc32)).tally.accepted - this.#acceptedBefore[lane];
    process.send?.({ kind: 'accepted', run: this.#options.run, lane, serials } satisfies AcceptedMessage);
  }
}

async function main(options: SerialGatewayOptions): Promise<void> {
  const pipeline = await startPipeline({
    ...options,
    rules: RIG_RULES,
    events: printEvent,
    ackTimeoutMs: ACK_TIMEOUT_MS,
  });
  const draining = new AbortController();
  process.on('message', () => draining.abort());
  await new SerialFeeder(pipeline, options).run(systemClock, draining.signal);

  const { spools, forwarders } = pipeline;
  for (const lane of LANES) await spools[lane].flush();
  await Promise.all(forwarders.map((forwarder) => forwarder.drained()));
  const tallies = perLane((lane) => spools[lane].tally());
  process.send?.({ kind: 'drained', tallies } satisfies DrainedMessage);
  for (const forwarder of forwarders) await forwarder.stop();
  for (const lane of LANES) await spools[lane].close();
  process.disconnect?.();
}

await main(JSON.parse(process.argv[2]));
