/** Feeds a historian with the history of a plant and measures its answers, the same for every peer. */

import type { SampleBlock } from '@tidegate/core/block/sampleBlock.ts';
import { STATUS } from '@tidegate/core/sample/statusCode.ts';
import type { HistorianPeer, TimeRange } from './historianPeer.ts';
import { signalKind } from './plant.ts';
import { heartbeatUs, PLANT_START_US, plantHistory, YEAR_START_US, YEAR_US, yearOfOneTag } from './plantHistory.ts';
import { RandomDraws } from './randomDraws.ts';

export interface PeerRunOptions {
  readonly values: number;
  readonly tagCount: number;
  /** Samples of the one tag that has a whole year; its number follows those of the plant. */
  readonly yearValues: number;
  readonly repetitions: number;
}

/** What came back: it has to be the same from every peer. */
interface AnswerDigest {
  readonly rows: number;
  readonly sum: number;
}

interface Question {
  /** The one in the middle of all repetitions, until the last byte was read and is in columns. */
  readonly p50Ms: number;
  readonly digest: AnswerDigest;
}

export const QUESTIONS = ['rawDay', 'yearAtPixels', 'minuteAverages', 'latest', 'fullScan'] as const;
type QuestionName = (typeof QUESTIONS)[number];

export interface PeerFigures {
  readonly name: string;
  readonly version: string;
  readonly manner: string;
  /** Million values a second until acknowledged. */
  readonly ingest: number;
  readonly settleSeconds: number;
  readonly bytesPerValue: number;
  readonly questions: Readonly<Record<QuestionName, Question>>;
  /** From its start to its end. */
  readonly totalSeconds: number;
}

const PIXELS = 1_000;
/** A scan of everything takes long, and differs little from the next. */
const FULL_SCANS = 3;
const AVERAGED_TAGS = 50;
const PLANT_DAY: TimeRange = { fromUs: PLANT_START_US, toUs: PLANT_START_US + 86_400e6 };
const ONE_YEAR: TimeRange = { fromUs: YEAR_START_US, toUs: YEAR_START_US + YEAR_US };
/** Values that are brought into the peer's form before the clock runs. */
const ROUND_VALUES = 1_000_000;
const QUESTION_SEED = 7;

export async function runPeer(peer: HistorianPeer, options: PeerRunOptions): Promise<PeerFigures> {
  const begin = performance.now();
  const { tagCount, values, yearValues } = options;
  const plant = await feed(peer, plantHistory({ tagCount, limit: values }));
  const settleSeconds = await peer.settle();
  const bytes = await peer.diskBytes();
  await feed(peer, yearOfOneTag(tagCount, yearValues));
  await peer.settle();
  const questions = await askQuestions(peer, options, plant);
  return {
    ...{ name: peer.name, version: peer.version, manner: peer.manner },
    ...{ ingest: values / plant.seconds / 1e6, settleSeconds, bytesPerValue: bytes / values, questions },
    totalSeconds: (performance.now() - begin) / 1_000,
  };
}

/** What a history holds that the questions depend on. */
export interface FedHistory {
  readonly lastTimeUs: number;
  /** Tags with samples that are not good: a historian that knows of status leaves them out of averages, and others do not. */
  readonly doubtful: ReadonlySet<number>;
}

/** Each of the questions as often as `options` say, of a peer that holds a plant's history and one tag's year. */
export async function askQuestions(
  peer: HistorianPeer,
  { tagCount, repetitions }: Pick<PeerRunOptions, 'tagCount' | 'repetitions'>,
  { lastTimeUs, doubtful }: FedHistory,
): Promise<PeerFigures['questions']> {
  const analogs = new AnalogTags(tagCount, doubtful);
  const last = { fromUs: lastTimeUs - heartbeatUs(tagCount), toUs: lastTimeUs + 1_000 };
  const ask = (question: () => Promise<AnswerDigest>, times = repetitions) => measure(times, question);
  return {
    rawDay: await ask(async () => digest((await peer.raw(analogs.next(), PLANT_DAY)).values)),
    yearAtPixels: await ask(async () => {
      const { starts, first, last, min, max } = await peer.pixels(tagCount, ONE_YEAR, PIXELS);
      const places = starts.map((start) => (start - ONE_YEAR.fromUs) / YEAR_US);
      return digest(places, first, last, min, max);
    }),
    minuteAverages: await ask(async () => {
      const tags = Array.from({ length: AVERAGED_TAGS }, () => analogs.next());
      return digest((await peer.minuteAverages(tags, PLANT_DAY)).values);
    }),
    latest: await ask(async () => {
      const { times, values } = await peer.latest(tagCount, last);
      const ages = times.map((time) => (lastTimeUs - time) / 1e6);
      return digest(ages, values);
    }),
    fullScan: await ask(async () => {
      const { count, min, max } = await peer.fullScan(PLANT_DAY);
      return { rows: count, sum: min + max };
    }, FULL_SCANS),
  };
}

interface Fed extends FedHistory {
  readonly seconds: number;
}

async function feed(peer: HistorianPeer, history: Iterable<SampleBlock>): Promise<Fed> {
  let [seconds, lastTimeUs, held] = [0, 0, 0];
  let round: SampleBlock[] = [];
  const doubtful = new Set<number>();
  for (const block of history) {
    noteDoubtful(block, doubtful);
    round.push(block);
    held += block.count;
    lastTimeUs = block.times.subarray(0, block.count).reduce((last, time) => Math.max(last, time), lastTimeUs);
    if (held < ROUND_VALUES) continue;
    seconds += await peer.ingest(round);
    [round, held] = [[], 0];
  }
  if (held > 0) seconds += await peer.ingest(round);
  return { seconds, lastTimeUs, doubtful };
}

/** Adds the tags of samples that are not good. */
export function noteDoubtful({ count, tags, statuses }: SampleBlock, doubtful: Set<number>): void {
  for (let row = 0; row < count; row++) if (statuses[row] !== STATUS.Good) doubtful.add(tags[row]);
}

/** The same tags in the same order for every peer. */
class AnalogTags {
  readonly #random = new RandomDraws(QUESTION_SEED);
  readonly #tagCount: number;
  readonly #doubtful: ReadonlySet<number>;

  constructor(tagCount: number, doubtful: ReadonlySet<number>) {
    this.#tagCount = tagCount;
    this.#doubtful = doubtful;
  }

  next(): number {
    for (;;) {
      const tag = Math.floor(this.#random.uniform() * this.#tagCount);
      if (signalKind(tag) === 'analog' && !this.#doubtful.has(tag)) return tag;
    }
  }
}

/** One question ahead that does not count. */
async function measure(repetitions: number, question: () => Promise<AnswerDigest>): Promise<Question> {
  await question();
  const times: number[] = [];
  let [rows, sum] = [0, 0];
  for (let repetition = 0; repetition < repetitions; repetition++) {
    const begin = performance.now();
    const answer = await question();
    times.push(performance.now() - begin);
    rows += answer.rows;
    sum += answer.sum;
  }
  times.sort((a, b) => a - b);
  return { p50Ms: times[times.length >> 1], digest: { rows, sum } };
}

function digest(...columns: readonly Float64Array[]): AnswerDigest {
  const sum = columns.reduce((all, column) => column.reduce((total, value) => total + value, all), 0);
  return { rows: columns[0].length, sum };
}
