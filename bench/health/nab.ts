/**
 * NAB v1.1, standard profile: every file by its own past alone, value by value; one threshold for all files. As NAB does for
 * every detector it lists, the threshold is the best one over all files. Beside it each file, and each folder of files, at the
 * threshold that is best for the others, which says how well a threshold carries over to what it has not seen.
 */

import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { NoveltyOfSignal } from '@tidegate/health/detect/noveltyOfSignal.ts';
import { DAY } from '@tidegate/health/detect/season.ts';
import { alarmRows } from '@tidegate/health/threshold/alarmRows.ts';

const TARGETS = { nabStandardScore: { min: 78 } } as const;
const FALSE_ALARM_WEIGHT = 0.11;

interface NabFile {
  readonly folder: string;
  readonly scores: Float64Array;
  /** First and last row of each window in which an alarm is right. */
  readonly windows: readonly (readonly [number, number])[];
  readonly probationRows: number;
}

interface JudgedFile extends NabFile {
  /** At each of the thresholds tried. */
  readonly rawScores: readonly number[];
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
  const thresholds = thresholdsTried(files);
  const judged = files.map((file) => judgeFile(file, thresholds));
  const best = bestOf(judged);
  const score = normalisedScore(judged, () => best);
  const otherFolders = scoreByOthers(judged, ({ folder }) => folder);
  const otherFiles = scoreByOthers(judged, ({ scores }) => scores);
  say(
    `nab: ${score.toFixed(1)} at threshold ${thresholds[best].toFixed(2)}; ${otherFolders.toFixed(1)} at thresholds of other ` +
      `folders, ${otherFiles.toFixed(1)} of other files`,
  );
  const figures = {
    nabStandardScore: score,
    nabThreshold: thresholds[best],
    nabScoreAtThresholdOfOtherFolders: otherFolders,
    nabScoreAtThresholdOfOtherFiles: otherFiles,
    nabFiles: files.length,
  };
  return { figures, targets: TARGETS };
}

async function scoreFile(path: string, windows: readonly [string, string][]): Promise<NabFile> {
  const lines = (await readFile(path, 'utf8')).trim().split(/\r?\n/).slice(1);
  const times = lines.map((line) => line.slice(0, 19));
  const signal = new NoveltyOfSignal(DAY);
  const scores = Float64Array.from(lines, (line, row) =>
    signal.push(Number(line.slice(line.indexOf(',') + 1)), Date.parse(`${times[row]}Z`) * 1000),
  );
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

/** Two hundred thresholds from the rarest sixth of all scores. */
function thresholdsTried(files: readonly NabFile[]): number[] {
  const scores = files.flatMap(({ scores, probationRows }) => [
    ...scores.subarray(probationRows).filter(Number.isFinite),
  ]);
  scores.sort((a, b) => b - a);
  return Array.from({ length: 200 }, (_, i) => scores[Math.floor((scores.length / 6) * (i / 200) ** 3)]);
}

function judgeFile(file: NabFile, thresholds: readonly number[]): JudgedFile {
  return {
    ...file,
    rawScores: thresholds.map((threshold) => rawScore(file, alarmRows(file.scores, threshold, file.probationRows))),
  };
}

/** Which of the thresholds is best for all these files. */
function bestOf(files: readonly JudgedFile[]): number {
  const sums = files[0].rawScores.map((_, at) => files.reduce((sum, { rawScores }) => sum + rawScores[at], 0));
  return sums.indexOf(Math.max(...sums));
}

/** Every file at the threshold that is best for the files that share no part with it. */
function scoreByOthers(files: readonly JudgedFile[], partOf: (file: JudgedFile) => unknown): number {
  const best = new Map<unknown, number>();
  for (const part of new Set(files.map(partOf))) best.set(part, bestOf(files.filter((file) => partOf(file) !== part)));
  return normalisedScore(files, (file) => best.get(partOf(file)) ?? 0);
}

/** 0 is no alarm at all, 100 an alarm at the start of every window and no other (Lavin and Ahmad 2015). */
function normalisedScore(files: readonly JudgedFile[], thresholdOf: (file: JudgedFile) => number): number {
  const score = files.reduce((sum, file) => sum + file.rawScores[thresholdOf(file)], 0);
  const windowCount = files.reduce((sum, { windows }) => sum + windows.length, 0);
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
