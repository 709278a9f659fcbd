/**
 * 10,000 tags at one row a second: a thousand equipments of ten signals, each with an ensemble of its own, judged row by row on
 * one core. Beside it what the same scores cost where each row is judged anew from the rows that its memory reaches back to.
 */

import type { LearnedDetector } from '@tidegate/health/detect/detector.ts';
import { detectorFromJson } from '@tidegate/health/detect/detectorFromJson.ts';
import { learnNamedEnsemble } from '@tidegate/health/detect/namedEnsemble.ts';
import type { SignalTable } from '@tidegate/health/detect/signalTable.ts';
import { seededRandom } from '../../packages/health/src/boost/seededRandom.ts';
import type { SetOutcome } from './setOutcome.ts';

const EQUIPMENTS = 1000;
const SIGNALS = 10;
/** Models that are learned; each equipment has its own copy of one, so that memory and caches are as loaded as with a thousand. */
const KINDS = 10;
const NORMAL_ROWS = 500;
const SECONDS = 2400;
/** Before this nothing is measured: the code is being compiled. */
const WARM_SECONDS = 200;
/** The lags of the ensemble (nine) and the row itself. */
const ROWS_JUDGED_ANEW = 10;
const EQUIPMENTS_JUDGED_ANEW = 50;
const SECONDS_JUDGED_ANEW = 40;
const TARGETS = { streamingCorePercent: { max: 50 }, streamingMemoryGrowthMb: { max: 5 } } as const;

export async function runStreaming(_data: string, say: (line: string) => void): Promise<SetOutcome> {
  const kinds = Array.from({ length: KINDS }, (_, kind) => normalTable(kind + 1));
  const documents = kinds.map((table) => JSON.stringify(learned(table).toJson()));
  const detectors = Array.from({ length: EQUIPMENTS }, (_, i) => readBack(documents[i % KINDS]));
  const rows = kinds.map(rowsOf);
  const streamed = streamAll(detectors, rows);
  const anew = judgeAllAnew(detectors, kinds);
  say(
    `streaming: ${streamed.corePercent.toFixed(1)} % of a core for ${EQUIPMENTS * SIGNALS} tags, ` +
      `${anew.toFixed(1)} % where each row is judged anew; memory ${streamed.growthMb.toFixed(2)} MB more after ${SECONDS} rows`,
  );
  const figures = {
    streamingCorePercent: streamed.corePercent,
    streamingMemoryGrowthMb: streamed.growthMb,
    streamingTags: EQUIPMENTS * SIGNALS,
    streamingJudgedAnewCorePercent: anew,
  };
  return { figures, targets: TARGETS };
}

/** Ten signals that follow three loads and have noise of their own. */
function normalTable(seed: number): SignalTable {
  const random = seededRandom(seed);
  const draw = () => random() + random() + random() + random() - 2;
  const loads = new Float64Array(3);
  const columns = Array.from({ length: SIGNALS }, () => new Float64Array(NORMAL_ROWS));
  for (let row = 0; row < NORMAL_ROWS; row++) {
    for (let load = 0; load < loads.length; load++) loads[load] = 0.8 * loads[load] + draw();
    for (let i = 0; i < SIGNALS; i++) columns[i][row] = 20 + i + loads[i % loads.length] + 0.3 * draw();
  }
  return { names: columns.map((_, i) => `signal ${i}`), columns };
}

function learned(table: SignalTable): LearnedDetector {
  const named = learnNamedEnsemble(table);
  if (!named.ok) throw new Error(named.fault.detail);
  return named.value.ensemble;
}

function readBack(document: string): LearnedDetector {
  const detector = detectorFromJson(JSON.parse(document));
  if (!detector.ok) throw new Error(detector.fault.detail);
  return detector.value;
}

function rowsOf({ columns }: SignalTable): Float64Array[] {
  return Array.from(columns[0], (_, row) => Float64Array.from(columns, (column) => column[row]));
}

/** Processor time and heap: the least heap in the last third of the rows over the least in the third before. */
function streamAll(detectors: readonly LearnedDetector[], rows: readonly Float64Array[][]) {
  const streams = detectors.map((detector) => detector.stream());
  const third = (SECONDS - WARM_SECONDS) / 3;
  const leastHeap = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  let started = process.cpuUsage();
  let unscored = 0;
  for (let second = 0; second < SECONDS; second++) {
    if (second === WARM_SECONDS) started = process.cpuUsage();
    for (let i = 0; i < streams.length; i++) {
      if (Number.isNaN(streams[i].push(rows[i % KINDS][(second + i) % NORMAL_ROWS]))) unscored++;
    }
    if (second < WARM_SECONDS) continue;
    const part = Math.floor((second - WARM_SECONDS) / third);
    leastHeap[part] = Math.min(leastHeap[part], process.memoryUsage().heapUsed);
  }
  const corePercent = corePercentSince(started, SECONDS - WARM_SECONDS);
  if (unscored >= ROWS_JUDGED_ANEW * streams.length) throw new Error(`${unscored} rows had no score.`);
  return { corePercent, growthMb: Math.max(0, leastHeap[2] - leastHeap[1]) / 1e6 };
}

/** The batch form over the last ten rows for every new one, in a part of the equipments and scaled up. */
function judgeAllAnew(detectors: readonly LearnedDetector[], kinds: readonly SignalTable[]): number {
  const started = process.cpuUsage();
  for (let second = 0; second < SECONDS_JUDGED_ANEW; second++) {
    for (let i = 0; i < EQUIPMENTS_JUDGED_ANEW; i++) {
      const { columns } = kinds[i % KINDS];
      detectors[i].score(columns.map((column) => column.subarray(second, second + ROWS_JUDGED_ANEW)));
    }
  }
  return (corePercentSince(started, SECONDS_JUDGED_ANEW) * EQUIPMENTS) / EQUIPMENTS_JUDGED_ANEW;
}

function corePercentSince(started: NodeJS.CpuUsage, seconds: number): number {
  const { user, system } = process.cpuUsage(started);
  return (100 * (user + system)) / 1e6 / seconds;
}
