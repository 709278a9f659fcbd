/**
 * C-MAPSS: turbofans run to failure, one operating condition (FD001, FD003) or six (FD002, FD004). One prediction a test
 * unit, at its last cycle, truth capped at 125. Two estimators: `window30` sees the last 30 cycles and no more, as
 * published figures do; `history` sees windows of up to 360 cycles and the age, as a historian can.
 */

import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Fleet } from '@tidegate/health/life/fleet.ts';
import { learnLife } from '@tidegate/health/life/learnLife.ts';
import type { LifeOptions } from '@tidegate/health/life/lifeOptions.ts';
import { bootstrapRmse, pairedBootstrap } from './pairedBootstrap.ts';

const CAP = 125;
const SETS = ['FD001', 'FD002', 'FD003', 'FD004'];
const TARGETS = {
  fd001Rmse: { max: 11.2 },
  fd002Rmse: { max: 13.0 },
  fd001CoveragePercent: { min: 88, max: 92 },
  fd002CoveragePercent: { min: 88, max: 92 },
  trainingSeconds: { max: 60 },
};

/** Root mean squares and errors of one estimator on one set. */
interface Judged {
  readonly rmse: number;
  readonly errors: Float64Array;
  readonly figures: Record<string, number>;
}

export async function runCmapss(dataDirectory: string, say: (line: string) => void) {
  const figures: Record<string, number> = {};
  let trainingSeconds = 0;
  for (const set of SETS) {
    if (!existsSync(path.join(dataDirectory, 'cmapss', `train_${set}.csv.gz`))) {
      say(`${set}: not there, left out`);
      continue;
    }
    const window30 = judge(dataDirectory, set, { windows: [15, 30] }, false, say);
    const history = judge(dataDirectory, set, {}, true, say);
    const apart = pairedBootstrap(history.errors, window30.errors);
    say(
      `${set}: history - window30 ${(history.rmse - window30.rmse).toFixed(2)} (95 %: ${apart.lower.toFixed(2)} to ${apart.upper.toFixed(2)})`,
    );
    const name = set.toLowerCase();
    for (const [figure, value] of Object.entries(history.figures)) figures[`${name}${figure}`] = value;
    for (const [figure, value] of Object.entries(window30.figures)) figures[`${name}Window30${figure}`] = value;
    trainingSeconds += history.figures['TrainingSeconds'];
  }
  figures['trainingSeconds'] = Number(trainingSeconds.toFixed(1));
  return { figures, targets: TARGETS };
}

function judge(
  directory: string,
  set: string,
  options: Partial<LifeOptions>,
  withAge: boolean,
  say: (line: string) => void,
): Judged {
  const training = readFleet(path.join(directory, 'cmapss', `train_${set}.csv.gz`), withAge);
  const test = readFleet(path.join(directory, 'cmapss', `test_${set}.csv.gz`), withAge);
  const started = performance.now();
  const learned = learnLife(training, options);
  const seconds = (performance.now() - started) / 1000;
  if (!learned.ok) throw new Error(learned.fault.detail);
  const told = learned.value.estimate(test);
  const single = learned.value.estimateSingly(test);
  if (!told.ok || !single.ok) throw new Error('the test fleet does not fit the training fleet');
  const truth = readFileSync(path.join(directory, 'cmapss', `RUL_${set}.txt`), 'utf8')
    .trim()
    .split('\n')
    .map(Number);
  const capped = Float64Array.from(truth, (life) => Math.min(CAP, life));
  const units = [...told.value.values()].map((estimate) => {
    if (!estimate.ok) throw new Error(estimate.fault.detail);
    return estimate.value;
  });
  const errors = Float64Array.from(units, ({ cycles }, i) => cycles - capped[i]);
  const uncapped = Float64Array.from(units, ({ cycles }, i) => cycles - truth[i]);
  const seeds = single.value.map((lives) => rms(lives.map((life, i) => life - capped[i])));
  const held = units.filter(({ lower, upper }, i) => lower <= capped[i] && capped[i] <= upper).length;
  const spread = bootstrapRmse(errors);
  const figures = {
    Rmse: round(rms(errors)),
    RmseLower: round(spread.lower),
    RmseUpper: round(spread.upper),
    RmseBestSeed: round(Math.min(...seeds)),
    RmseWorstSeed: round(Math.max(...seeds)),
    RmseUncapped: round(rms(uncapped)),
    Score: round(errors.reduce((sum, d) => sum + (d < 0 ? Math.exp(-d / 13) : Math.exp(d / 10)) - 1, 0)),
    CoveragePercent: round((100 * held) / units.length),
    MeanWidth: round(units.reduce((sum, { lower, upper }) => sum + upper - lower, 0) / units.length),
    TrainingSeconds: round(seconds),
  };
  say(`${set} ${withAge ? 'history' : 'window30'}: ${JSON.stringify(figures)} seeds ${seeds.map(round).join(' ')}`);
  return { rmse: rms(errors), errors, figures };
}

/** Columns: unit, cycle, three settings, 21 sensors. */
function readFleet(file: string, withAge: boolean): Fleet {
  const [head, ...lines] = gunzipSync(readFileSync(file)).toString('utf8').trim().split('\n');
  const names = head.trim().split(',');
  const columns = names.map(() => new Float64Array(lines.length));
  for (const [row, line] of lines.entries())
    for (const [column, cell] of line.split(',').entries()) columns[column][row] = Number(cell);
  return {
    units: Int32Array.from(columns[0]),
    settings: columns.slice(2, 5),
    signals: columns.slice(5),
    signalNames: names.slice(5),
    ...(withAge ? { ages: columns[1] } : {}),
  };
}

function rms(errors: Float64Array): number {
  return Math.sqrt(errors.reduce((sum, error) => sum + error * error, 0) / errors.length);
}

function round(value: number): number {
  return Number(value.toFixed(2));
}
