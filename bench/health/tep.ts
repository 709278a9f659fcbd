/**
 * Tennessee Eastman: learnt from the normal run of 500 rows alone; the threshold is the 99th percentile of the other normal
 * run, as its README says; detection is the share of rows 161 to 960 above it. Beside it the threshold of our own budget,
 * which has not seen the other run.
 */

import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { LearnedDetector } from '@tidegate/health/detect/detector.ts';
import { learnNamedEnsemble } from '@tidegate/health/detect/namedEnsemble.ts';
import { learnPrincipalComponents } from '@tidegate/health/detect/principalComponents.ts';
import type { SignalTable } from '@tidegate/health/detect/signalTable.ts';
import { rowThreshold } from '@tidegate/health/threshold/alarmThreshold.ts';
import { readSignalFile } from './signalFile.ts';

const FAULT_STARTS_AT_ROW = 160;
const TARGETS = { tepMeanDetection: { min: 0.68 }, tepFalseAlarmShare: { max: 0.021 } } as const;

export async function runTep(dataDirectory: string, say: (line: string) => void) {
  const directory = join(dataDirectory, 'tep');
  const normal = await readSignalFile(join(directory, 'd00_train_normal.csv.gz'), ',');
  const otherNormal = await readSignalFile(join(directory, 'd00_te_normal.csv.gz'), ',');
  const files = (await readdir(directory)).filter((name) => /^d\d+_te\.csv\.gz$/.test(name)).sort();
  const faults: SignalTable[] = [];
  for (const file of files) faults.push(await readSignalFile(join(directory, file), ','));
  const startedMs = performance.now();
  const learned = learnNamedEnsemble(normal);
  if (!learned.ok) throw new Error(learned.fault.detail);
  const learnSeconds = (performance.now() - startedMs) / 1000;
  const { ensemble, normalScores } = learned.value;
  const scores = ensemble.score(otherNormal.columns);
  const threshold = scores.slice().sort()[Math.floor(scores.length * 0.99)];
  const detections = faults.map((fault) => shareAbove(ensemble, fault, FAULT_STARTS_AT_ROW, threshold));
  for (const [i, file] of files.entries()) say(`tep ${file.slice(0, 3)}: ${detections[i].toFixed(3)} detected`);
  const own = rowThreshold(normalScores, 0.01);
  const ownThreshold = own.ok ? own.value : Number.NaN;
  const figures = {
    tepMeanDetection: mean(detections),
    tepFalseAlarmShare: shareAbove(ensemble, otherNormal, 0, threshold),
    tepOwnThresholdDetection: mean(
      faults.map((fault) => shareAbove(ensemble, fault, FAULT_STARTS_AT_ROW, ownThreshold)),
    ),
    tepOwnThresholdFalseAlarmShare: shareAbove(ensemble, otherNormal, 0, ownThreshold),
    tepPlainComponentsDetection: plainComponents(normal, otherNormal, faults),
    tepLearnSeconds: learnSeconds,
  };
  return { figures, targets: TARGETS };
}

/** What principal components of single rows reach under the same protocol, for comparison. */
function plainComponents(normal: SignalTable, otherNormal: SignalTable, faults: readonly SignalTable[]): number {
  const detector = learnPrincipalComponents(normal);
  if (!detector.ok) throw new Error(detector.fault.detail);
  const scores = detector.value.score(otherNormal.columns).sort();
  const threshold = scores[Math.floor(scores.length * 0.99)];
  return mean(faults.map((fault) => shareAbove(detector.value, fault, FAULT_STARTS_AT_ROW, threshold)));
}

function shareAbove(detector: LearnedDetector, table: SignalTable, fromRow: number, threshold: number): number {
  const scores = detector.score(table.columns).subarray(fromRow);
  return scores.filter((score) => score > threshold).length / scores.length;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
