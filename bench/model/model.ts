/**
 * `npm run bench:model`: 10,000 twins with 20 attributes each (12 tags, 4 formulas, 2 expected values, 2 residuals) that are
 * updated every second, on one thread; from the moment a block is handed to the engine to when its residuals are published.
 * First the samples of a second come in 20 blocks, then all at once. Beside it a twin as an object, evaluated at each sample.
 *
 *     --json            the last line is one JSON object: figures, targets, met
 *     --seconds N       length of each run (20)
 *     --twins N         (10000)
 */

import { parseArgs } from 'node:util';
import { systemClock } from '@tidegate/core/clock/clock.ts';
import type { LiveBatch } from '@tidegate/platform/historian/query/historianReader.ts';
import { loadAssetModel } from '@tidegate/platform/model/assets/loadAssetModel.ts';
import { TwinEngine } from '@tidegate/platform/model/twins/engine/twinEngine.ts';
import { loadTwins } from '@tidegate/platform/model/twins/loadTwins.ts';
import { ObjectTwins } from './objectTwins.ts';
import { modelTexts, PlantFeed, samplesOf, TAGS_PER_TWIN } from './twinPlant.ts';

const TARGETS = {
  residualP99Ms: { max: 500 },
  burstResidualP99Ms: { max: 500 },
  cpuShare: { max: 0.5 },
} as const;
const BLOCKS_PER_SECOND = 20;
const MB = 1_048_576;

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    seconds: { type: 'string', default: '20' },
    twins: { type: 'string', default: '10000' },
  },
});
const say = (line: string) => process.stderr.write(`${line}\n`);
const round = (number: number) => Number(number.toPrecision(4));

const twinCount = Number(options.twins);
const seconds = Number(options.seconds);
const draw = drawsFrom(20_261_123);
globalThis.gc?.();
const before = process.memoryUsage().rss;
const loadingSince = performance.now();
const texts = modelTexts(twinCount);
const { model, defects } = await loadAssetModel(texts);
const twins = loadTwins(texts, model);
const feed = new PlantFeed(twinCount);
const engine = new TwinEngine(feed, systemClock);
const wrong = [...defects, ...twins.defects, ...engine.load(model, twins.twins)];
if (wrong.length > 0) throw new Error(wrong.map(({ message }) => message).join('\n'));
const loadMs = performance.now() - loadingSince;
const loadedMb = (process.memoryUsage().rss - before) / MB;
say(`${twinCount} twins, ${engine.statistics().formulas} formulas, loaded in ${Math.round(loadMs)} ms`);
engine.start();

const steady = await measure(BLOCKS_PER_SECOND);
say(`in ${BLOCKS_PER_SECOND} blocks a second: p99 ${round(steady.p99Ms)} ms, CPU ${round(steady.cpuShare * 100)} %`);
const burst = await measure(1);
say(`all at once: p99 ${round(burst.p99Ms)} ms, CPU ${round(burst.cpuShare * 100)} %`);
engine.stop();

const columnsMs = await fullSpeed(
  (batch) => engine.take(batch),
  () => engine.start(),
  () => engine.stop(),
);
const objects = new ObjectTwins(twinCount);
const objectsMs = await fullSpeed((batch) => objects.take(batch));
say(`a second of samples costs ${round(columnsMs)} ms in columns, ${round(objectsMs)} ms as objects at each sample`);

const figures = {
  ...{ twins: twinCount, attributes: 20, samplesPerSecond: twinCount * TAGS_PER_TWIN },
  ...{ residuals: steady.residuals, residualP50Ms: round(steady.p50Ms), residualP99Ms: round(steady.p99Ms) },
  residualWorstMs: round(steady.worstMs),
  burstResidualP99Ms: round(burst.p99Ms),
  ...{ cpuShare: round(steady.cpuShare), burstCpuShare: round(burst.cpuShare) },
  ...{ loadMs: round(loadMs), loadedMb: round(loadedMb), rssMb: round(process.memoryUsage().rss / MB) },
  ...{ columnsMsPerSecond: round(columnsMs), objectsMsPerSecond: round(objectsMs) },
};
const isMet = Object.entries(TARGETS).every(([name, { max }]) => Number(figures[name as keyof typeof TARGETS]) <= max);
say(isMet ? 'All targets are met.' : `Targets: ${JSON.stringify(TARGETS)}. Not all of them are met.`);
if (options.json) process.stdout.write(`${JSON.stringify({ figures, targets: TARGETS, met: isMet })}\n`);

/** Hands over the samples of each second in so many blocks; blocks of one second are made while the one before runs. */
async function measure(blocks: number) {
  const handedMs = new Float64Array(twinCount);
  const latencies: number[] = [];
  const unsubscribe = engine.subscribe(({ cells, directory }) => {
    const nowMs = performance.now();
    const residuals = directory.columns.filter(({ role }) => role === 'residual');
    for (const cell of cells) {
      for (const { start, assets } of residuals) {
        if (cell >= start && cell < start + assets.length) latencies.push(nowMs - handedMs[cell - start]);
      }
    }
  });
  const share = Math.ceil(twinCount / blocks);
  const rounds = Array.from({ length: 5 }, () => parts(blocks, share, 0));
  const cpu = process.cpuUsage();
  const startMs = performance.now();
  for (let second = 0; second < seconds; second++) {
    for (const [part, batch] of rounds[second % rounds.length].entries()) {
      await until(startMs + second * 1_000 + (part * 1_000) / blocks);
      batch.block.times.fill(systemClock.now(), 0, batch.block.count);
      const nowMs = performance.now();
      handedMs.fill(nowMs, part * share, (part + 1) * share);
      feed.publish(batch);
    }
  }
  await until(startMs + seconds * 1_000);
  const { user, system } = process.cpuUsage(cpu);
  unsubscribe();
  latencies.sort((a, b) => a - b);
  const quantile = (part: number) => latencies[Math.floor(part * (latencies.length - 1))];
  return {
    ...{ residuals: latencies.length, p50Ms: quantile(0.5), p99Ms: quantile(0.99), worstMs: quantile(1) },
    cpuShare: (user + system) / 1_000 / (performance.now() - startMs),
  };
}

/** CPU time of one second of samples, without a break between them. */
async function fullSpeed(take: (batch: LiveBatch) => void, start = () => {}, stop = () => {}): Promise<number> {
  const rounds = 10;
  const batches = Array.from({ length: rounds }, (_, at) => parts(1, twinCount, (systemClock.now() as number) + at));
  start();
  const cpu = process.cpuUsage();
  for (const [batch] of batches) {
    take(batch);
    await until(performance.now() + 60);
  }
  const { user, system } = process.cpuUsage(cpu);
  stop();
  return (user + system) / 1_000 / rounds;
}

function parts(blocks: number, share: number, time: number): LiveBatch[] {
  return Array.from({ length: blocks }, (_, part) =>
    samplesOf(part * share, Math.min(twinCount, (part + 1) * share), time, draw),
  );
}

function until(timeMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, timeMs - performance.now())));
}

/** Numbers from 0 to 1 by Marsaglia's xorshift (Journal of Statistical Software 8, 2003). */
function drawsFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
