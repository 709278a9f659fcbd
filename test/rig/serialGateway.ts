/**
 * A process that feeds numbered samples through a gateway's stages until it is killed.
 *
 * Every sample carries a serial number as its value: run * 10^9 + n, where the serials n of a lane are those that leave its
 * place among the lanes as the remainder. What the spools have made durable is then a prefix of the serials of each run and
 * lane, and what the archive holds can be compared with it serial by serial. Arguments: one JSON object,
 * `SerialGatewayOptions`. From the parent: `SerialOrder`.
 *
 * To the parent: `AcceptedMessage` whenever more serials of a lane are durable, `PassedMessage`, and `DrainedMessage` after
 * the order to drain has come and everything has been acknowledged.
 */

import { crc32 } from 'node:zlib';
import { checkBlock } from '@tidegate/core/block/decodeBlock.ts';
import { SampleBlockBuilder } from '@tidegate/core/block/sampleBlockBuilder.ts';
import { delay } from '@tidegate/core/clock/clock.ts';
import { LANES, type Lane, type PerLane, perLane } from '@tidegate/core/sample/lane.ts';
import { STATUS } from '@tidegate/core/sample/statusCode.ts';
import { type GatewayPipeline, orThrow, printEvent, startPipeline } from './gatewayPipeline.ts';
import { LateClock } from './lateClock.ts';
import {
  type AcceptedMessage,
  type DrainedMessage,
  type PassedMessage,
  RIG_RULES,
  RIG_TAGS,
  SERIALS_PER_RUN,
  type SerialGatewayOptions,
  type SerialOrder,
} from './serials.ts';

const BATCH_MS = 10;
/** Into how many batches the hours are cut that pass in one go. */
const BATCHES_OF_HOURS = 2_000;

class SerialFeeder {
  readonly #pipeline: GatewayPipeline;
  readonly #clock: LateClock;
  readonly #run: number;
  readonly #batch = new SampleBlockBuilder();
  readonly #acceptedBefore: PerLane<number>;
  /** Of each lane, in the order of `LANES`: how many samples it has been given, and what it is still owed. */
  readonly #fed = LANES.map(() => 0);
  readonly #owed = LANES.map(() => 0);
  samplesPerSecond: PerLane<number>;
  /** Samples of the hours that are to pass. */
  toPass: PerLane<number> | undefined;

  constructor(pipeline: GatewayPipeline, clock: LateClock, { run, samplesPerSecond }: SerialGatewayOptions) {
    this.#pipeline = pipeline;
    this.#clock = clock;
    this.#run = run;
    this.samplesPerSecond = samplesPerSecond;
    this.#acceptedBefore = perLane((lane) => pipeline.spools[lane].tally().accepted);
  }

  async run(signal: AbortSignal): Promise<void> {
    let fedAtMs = this.#clock.elapsedMs();
    while (!signal.aborted) {
      await delay(this.#clock, BATCH_MS, signal);
      if (this.toPass) {
        await this.#pass(this.toPass);
        fedAtMs = this.#clock.elapsedMs();
        continue;
      }
      const nowMs = this.#clock.elapsedMs();
      this.#feed(this.samplesPerSecond, (nowMs - fedAtMs) / 1_000);
      fedAtMs = nowMs;
      for (const lane of LANES) await this.#report(lane);
    }
  }

  /** The hours by which the clock is late pass, and bring so many samples, as fast as the spools take them. */
  async #pass(samples: PerLane<number>): Promise<void> {
    const { spools } = this.#pipeline;
    const behindUs = this.#clock.behindUs;
    for (let batch = 1; batch <= BATCHES_OF_HOURS; batch++) {
      this.#clock.behindUs = behindUs * (1 - batch / BATCHES_OF_HOURS);
      this.#feed(samples, 1 / BATCHES_OF_HOURS);
      if (batch % 10 === 0) for (const lane of LANES) await spools[lane].flush();
    }
    this.toPass = undefined;
    process.send?.({ kind: 'passed' } satisfies PassedMessage);
  }

  #feed(samples: PerLane<number>, share: number): void {
    const nowUs = this.#clock.now();
    this.#batch.clear();
    for (const [index, lane] of LANES.entries()) {
      this.#owed[index] += samples[lane] * share;
      const count = Math.floor(this.#owed[index]);
      this.#owed[index] -= count;
      for (let row = 0; row < count; row++) {
        const serial = this.#fed[index]++ * LANES.length + index;
        this.#batch.pushNumber(serial % RIG_TAGS, nowUs + row, this.#run * SERIALS_PER_RUN + serial, STATUS.Good);
      }
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
    process.send?.({ kind: 'accepted', run: this.#run, lane, serials } satisfies AcceptedMessage);
  }
}

async function main(options: SerialGatewayOptions): Promise<void> {
  const clock = new LateClock(options.hoursBehind ?? 0);
  const pipeline = await startPipeline({ ...options, clock, rules: RIG_RULES, events: printEvent });
  const feeder = new SerialFeeder(pipeline, clock, options);
  const draining = new AbortController();
  process.on('message', (order: SerialOrder) => {
    if (order.kind === 'feed') feeder.samplesPerSecond = order.samplesPerSecond;
    else if (order.kind === 'pass') feeder.toPass = order.samples;
    else draining.abort();
  });
  await feeder.run(draining.signal);

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
