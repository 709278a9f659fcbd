/**
 * A process that carries a historian through the benchmark and tells its figures to the one that started it. It ends by
 * being killed, with a log that is full of what no file holds yet.
 *
 *     node tidegateRun.ts DIRECTORY VALUES TAGS YEAR_VALUES REPETITIONS      without repetitions no questions are asked
 */

import { join } from 'node:path';
import { BlockFile, writeBlocks } from './blockFile.ts';
import { askQuestions, noteDoubtful } from './peerRun.ts';
import { PLANT_START_US, plantHistory, yearOfOneTag } from './plantHistory.ts';
import { type EncodedBlock, HOT_BYTES, must, TidegatePeer } from './tidegatePeer.ts';

export interface TidegateFigures {
  /** Million values a second until durable: sustained, and while queries run without a pause. */
  readonly ingest: number;
  readonly ingestWithQueries: number;
  /** Queries that were answered meanwhile, a second. */
  readonly queriesPerSecond: number;
  readonly peakMegabytes: number;
  readonly settleSeconds: number;
  readonly bytesPerValue: number;
  readonly segments: number;
  /** Absent where none were to be asked. */
  readonly questions?: Awaited<ReturnType<typeof askQuestions>> | undefined;
  readonly latestMs: number;
  /** Samples that are in the log alone when the process is killed. */
  readonly logged: number;
}

/** Of the values, this part is taken up while queries run, and as many as memory holds at the end. */
const WITH_QUERIES = 0.1;
const HOT_SAMPLE_BYTES = 25;
/** With very many tags more is held, so that a chunk gets more than a sample or two. */
const HOT_BYTES_A_TAG = 512;
const RSS_INTERVAL_MS = 50;

const [directory, ...numbers] = process.argv.slice(2);
const [values, tagCount, yearValues, repetitions] = numbers.map(Number);
const hotBytes = Math.max(HOT_BYTES, tagCount * HOT_BYTES_A_TAG);
const peer = await TidegatePeer.start(join(directory, 'data'), { hotBytes });
await peer.defineTags(tagCount + 1);

let lastTimeUs = 0;
const doubtful = new Set<number>();
const history = plantHistory({ tagCount, limit: values });
const logged = Math.min(Math.floor((hotBytes * 0.9) / HOT_SAMPLE_BYTES), Math.floor(values / 10));
const withQueries = Math.floor(values * WITH_QUERIES);
const sustained = values - withQueries - logged;
const blocks = join(directory, 'blocks');
writeBlocks(blocks, encoded(values - logged));
const file = new BlockFile(blocks);

let peakBytes = 0;
const watch = setInterval(() => {
  peakBytes = Math.max(peakBytes, process.memoryUsage.rss());
}, RSS_INTERVAL_MS);
const ingest = sustained / (await peer.append(file.take(sustained))) / 1e6;
clearInterval(watch);

const settleSeconds = await peer.settle();
const { segmentBytes, segments } = peer.historian.statistics();
const queried = await ingestWithQueries();
await peer.settle();
await peer.ingest([...yearOfOneTag(tagCount, yearValues)]);
await peer.settle();
const fed = { lastTimeUs, doubtful };
const questions = repetitions > 0 ? await askQuestions(peer, { tagCount, repetitions }, fed) : undefined;
const latestMs = await fastestLatest();
await peer.append(encoded(logged));
file.close();
const figures: TidegateFigures = {
  ...{ ingest, ...queried, peakMegabytes: peakBytes / 1e6, settleSeconds, segments, questions, latestMs },
  bytesPerValue: segmentBytes / sustained,
  logged: peer.historian.statistics().hotSamples,
};
process.send?.(figures);
// What is left is to be killed.
setInterval(() => {}, 1e6);

/** The next blocks of the plant's history, until they hold `samples` or more. */
function* encoded(samples: number): Generator<EncodedBlock> {
  for (let taken = 0; taken < samples; ) {
    const { value: block } = history.next();
    if (!block) return;
    taken += block.count;
    noteDoubtful(block, doubtful);
    for (let row = 0; row < block.count; row++) lastTimeUs = Math.max(lastTimeUs, block.times[row]);
    yield peer.encode(block);
  }
}

/** The latest samples of all tags, the fastest of a few times. */
async function fastestLatest(): Promise<number> {
  let fastest = Number.POSITIVE_INFINITY;
  for (let time = 0; time < 10; time++) {
    const begin = performance.now();
    await peer.latest(tagCount);
    fastest = Math.min(fastest, performance.now() - begin);
  }
  return fastest;
}

/** One query after the other, each of another tag, for as long as values are taken up. */
async function ingestWithQueries() {
  let [isTaking, queries] = [true, 0];
  const taking = peer.append(file.take(withQueries)).finally(() => {
    isTaking = false;
  });
  const day = { fromUs: PLANT_START_US, toUs: PLANT_START_US + 86_400e6 };
  for (let tag = 0; isTaking; tag = (tag + 7919) % tagCount) {
    await peer.raw(tag, day);
    await peer.minuteAverages([tag], day);
    queries += 2;
  }
  const seconds = await taking;
  must(await peer.historian.seal());
  return { ingestWithQueries: withQueries / seconds / 1e6, queriesPerSecond: queries / seconds };
}
