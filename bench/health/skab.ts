/**
 * SKAB: each file learns from its own first 400 rows, sets its threshold from the same rows by a budget of one row in a
 * thousand, and is judged on the rest; counts are pooled over the files. No label is looked at before the counting.
 */

import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { learnNamedEnsemble } from '@tidegate/health/detect/namedEnsemble.ts';
import { type SignalTable, tableSlice, varyingSignals } from '@tidegate/health/detect/signalTable.ts';
import { rowThreshold } from '@tidegate/health/threshold/alarmThreshold.ts';
import { readSignalFile, signalsNamed } from './signalFile.ts';

const TRAINING_ROWS = 400;
const BUDGETS = [0.001, 0.002, 0.005, 0.01];
const TARGETS = { skabF1: { min: 0.8 }, skabFalseAlarmPercent: { max: 13 }, skabMissedPercent: { max: 25 } } as const;

interface Scored {
  readonly scores: Float64Array;
  readonly labels: Float64Array;
  readonly thresholds: readonly number[];
}

export async function runSkab(dataDirectory: string, say: (line: string) => void) {
  const directory = join(dataDirectory, 'skab');
  const files = (await readdir(directory)).filter(
    (name) => /\.csv(\.gz)?$/.test(name) && !name.startsWith('anomaly-free'),
  );
  const scored: Scored[] = [];
  for (const file of files.sort()) scored.push(scoreFile(await readSignalFile(join(directory, file), ';')));
  const counts = BUDGETS.map((_, budget) => pooled(scored, budget));
  for (const [i, count] of counts.entries()) {
    const { f1, falseAlarmPercent, missedPercent } = count;
    say(
      `skab budget ${BUDGETS[i]}: F1 ${f1.toFixed(3)}, false ${falseAlarmPercent.toFixed(1)} %, missed ${missedPercent.toFixed(1)} %`,
    );
  }
  const figures = {
    skabF1: counts[0].f1,
    skabFalseAlarmPercent: counts[0].falseAlarmPercent,
    skabMissedPercent: counts[0].missedPercent,
    skabFiles: files.length,
  };
  return { figures, targets: TARGETS };
}

function scoreFile(file: SignalTable): Scored {
  const signals = signalsNamed(
    file,
    file.names.filter((name) => !['datetime', 'anomaly', 'changepoint'].includes(name)),
  );
  const { table: training } = varyingSignals(tableSlice(signals, 0, TRAINING_ROWS));
  const learned = learnNamedEnsemble(training);
  if (!learned.ok) throw new Error(learned.fault.detail);
  const thresholds = BUDGETS.map((share) => {
    const threshold = rowThreshold(learned.value.normalScores, share);
    if (!threshold.ok) throw new Error(threshold.fault.detail);
    return threshold.value;
  });
  const scores = learned.value.ensemble.score(signalsNamed(signals, training.names).columns);
  const labels = file.columns[file.names.indexOf('anomaly')];
  return { scores: scores.subarray(TRAINING_ROWS), labels: labels.subarray(TRAINING_ROWS), thresholds };
}

function pooled(files: readonly Scored[], budget: number) {
  let found = 0;
  let missed = 0;
  let falseAlarms = 0;
  let quiet = 0;
  for (const { scores, labels, thresholds } of files) {
    for (let row = 0; row < scores.length; row++) {
      const alarm = scores[row] > thresholds[budget];
      if (labels[row] === 1) alarm ? found++ : missed++;
      else alarm ? falseAlarms++ : quiet++;
    }
  }
  return {
    f1: (2 * found) / (2 * found + falseAlarms + missed),
    falseAlarmPercent: (100 * falseAlarms) / (falseAlarms + quiet),
    missedPercent: (100 * missed) / (found + missed),
  };
}
