/**
 * NAB v1.1, standard profile: every file by its own past alone, value by value; one threshold for all files. As NAB does for
 * every detector it lists, the threshold is the best one over all files. Beside it each folder of files at the threshold that
 * is best for the others, which says how well a threshold carries over to what it has not seen.
 */

import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { NoveltyOfSignal } from '@tidegate/health/detect/novelty.ts';
import { alarmRows } from '@tidegate/health/threshold/alarmRows.ts';

const TARGETS = { nabStandardScore: { min: 78 } } as const;
const FALSE_ALARM_WEIGHT = 0.11;
/** An alarm stands for so large a part of the rows before it. */
const REST_SHARE = 0.04;

interface NabFile {
  readonly folder: string;
  readonly scores: Float64Array;
  /** First and last row of each window in which an alarm is right. */
  readonly windows: readonly (readonly [number, number])[];
  readonly probationRows: number;
}

export async function runNab(dataDirectory: string, say: (line: string) => void) {
  const directory = join(dataDirectory, 'nab');
  const windows = JSON.parse(await readFile(join(directory, 'windows.json'), 'utf8')) as Record<
    string,
    [string, string][]
  >;
  const files: NabFile[] = [];
  for (const name of (await readdir(join(directory, 'data'), { recursive: true })).sort()) {
    if (name.endsWith('.csv'))
      files.push(await scoreFile(join(directory, 'data', name), windows[name.replaceAll('\\', '/')]));
  }
  const threshold = bestThreshold(files);
  const score = normalisedScore([{ files, threshold }]);
  const folders = [...new Set(files.map(({ folder }) => folder))];
  const parts = folders.map((folder) => ({
    files: files.filter((file) => file.folder === folder),
    threshold: bestThreshold(files.filter((file) => file.folder !== folder)),
  }));
  const carriedOver = normalisedScore(parts);
  say(
    `nab: ${score.toFixed(1)} at threshold ${threshold.toFixed(2)}; ${carriedOver.toFixed(1)} at thresholds of other folders`,
  );
  const figures = {
    nabStandardScore: score,
    nabThreshold: threshold,
    nabScoreAtThresholdOfOtherFolders: carriedOver,
    nabFiles: files.length,
  };
  return { figures, targets: TARGETS };
}

async function scoreFile(path: string, windows: readonly [string, string][]): Promise<NabFile> {
  const lines = (await readFile(path, 'utf8')).trim().split(/\r?\n/).slice(1);
  const times = lines.map((line) => line.slice(0, 19));
  const signal = new NoveltyOfSignal();
  const scores = Float64Array.from(lines, (line) => signal.push(Number(line.slice(line.indexOf(',') + 1))));
  return {
    folder: basename(dirname(path)),
    scores,
    windows: windows.map(([from, to]) => [
      times.findIndex((time) => time >= from.slice(0, 19)),
      times.findLastIndex((time) => time <= to.slice(0, 19)),
    ]),
    probationRows: Math.floor(Math.min(0.15 * lines.length, 750)),
  };
}

/** Two hundred thresholds from the rarest twelfth of all scores. */
function thresholdsTried(files: readonly NabFile[]): number[] {
  const scores = files.flatMap(({ scores, probationRows }) => [
    ...scores.subarray(probationRows).filter(Number.isFinite),
  ]);
  scores.sort((a, b) => b - a);
  return Array.from({ length: 200 }, (_, i) => scores[Math.floor((scores.length / 12) * (i / 200) ** 3)]);
}

function bestThreshold(files: readonly NabFile[]): number {
  let best = { threshold: Number.NaN, score: Number.NEGATIVE_INFINITY };
  for (const threshold of thresholdsTried(files)) {
    const score = normalisedScore([{ files, threshold }]);
    if (score > best.score) best = { threshold, score };
  }
  return best.threshold;
}

/** 0 is no alarm at all, 100 an alarm at the start of every window and no other (Lavin and Ahmad 2015). */
function normalisedScore(parts: readonly { readonly files: readonly NabFile[]; readonly threshold: number }[]): number {
  let score = 0;
  let windowCount = 0;
  for (const { files, threshold } of parts) {
    for (const file of files) {
      score += rawScore(file, alarmRows(file.scores, threshold, REST_SHARE, file.probationRows));
      windowCount += file.windows.length;
    }
  }
  return (100 * (score + windowCount)) / (2 * windowCount);
}

function rawScore({ windows }: NabFile, alarms: readonly number[]): number {
  const found = new Set<number>();
  let score = 0;
  for (const row of alarms) {
    const inside = windows.findIndex(([from, to]) => row >= from && row <= to);
    if (inside < 0) {
      score += FALSE_ALARM_WEIGHT * falseAlarmScore(windows, row);
    } else if (!found.has(inside)) {
      const [from, to] = windows[inside];
      score += sigmoid(-(to - row + 1) / (to - from + 1)) / sigmoid(-1);
      found.add(inside);
    }
  }
  return score - (windows.length - found.size);
}

/** A little late costs less than out of nowhere. */
function falseAlarmScore(windows: NabFile['windows'], row: number): number {
  const before = windows.findLast(([, to]) => to < row);
  return before === undefined ? -1 : sigmoid((row - before[1]) / (before[1] - before[0]));
}

function sigmoid(position: number): number {
  return position > 3 ? -1 : 2 / (1 + Math.exp(5 * position)) - 1;
}
