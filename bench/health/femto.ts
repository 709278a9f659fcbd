/**
 * FEMTO bearings run to failure (PHM 2012 challenge, the bearings that are given whole), each judged with what was learned of the
 * others or of its own first stretch alone. Onset: once a bearing has run in, twenty minutes of it are its normal; the first alarm
 * that lasts a minute, under a budget of one false alarm a day, is the onset. Life left: by similar failures among the other bearings, or
 * by the law of their lives where none is similar, asked at every tenth of the life from the middle on.
 */

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { seededRandom } from '@tidegate/health/boost/seededRandom.ts';
import { learnEnsemble } from '@tidegate/health/detect/ensemble.ts';
import { learnLimits } from '@tidegate/health/detect/limits.ts';
import { type SignalTable, tableSlice } from '@tidegate/health/detect/signalTable.ts';
import { fallingTrend } from '@tidegate/health/life/monotoneTrend.ts';
import { type PastFailure, similarLife } from '@tidegate/health/life/similarityLife.ts';
import { WeibullForecast } from '@tidegate/health/life/weibullForecast.ts';
import { waveShape } from '@tidegate/health/signal/waveShape.ts';
import { alarmThreshold } from '@tidegate/health/threshold/alarmThreshold.ts';
import { settledRow } from './settledRow.ts';
import { readSignalFile, signalsNamed } from './signalFile.ts';

/** A snapshot of a tenth of a second every ten seconds. */
const ROWS_PER_MINUTE = 6;
const SETTLING_ROWS = 5 * ROWS_PER_MINUTE;
const LEARN_ROWS = 20 * ROWS_PER_MINUTE;
const BUDGET = { alarms: 1, rows: 24 * 60 * ROWS_PER_MINUTE };
/** How strong and how impulsive both axes are: what ISO 13373-2 looks at first. */
const FEATURES = ['h_rms', 'h_kurt', 'v_rms', 'v_kurt'];
/** Shifts of two deviations of single rows are looked for. */
const CHART = { form: 'cusum', shift: 2 } as const;
/** An onset before this share of the life says nothing of a failure. */
const EARLY_SHARE = 0.05;
const ASKED_AT = [0.5, 0.6, 0.7, 0.8, 0.9];
const COVERAGE = 0.9;
const COMPARED_ROWS = 10 * ROWS_PER_MINUTE;
const SOUND_DAYS = 20;
const TARGETS = { femtoOnsetWorstShare: { max: 0.8 }, femtoFeatureWorstDifference: { max: 1e-4 } } as const;

interface Bearing {
  readonly name: string;
  /** Logarithms of the features, as they grow by factors. */
  readonly table: SignalTable;
  readonly rows: number;
  /** Of the row from which it is judged. */
  readonly judgedFrom: number;
  /** Rows; infinite where there was no alarm. */
  readonly onset: number;
  /** Of days as its normal stretch was, drawn anew from it: the share with a false alarm. */
  readonly falseDays: number;
}

export async function runFemto(dataDirectory: string, say: (line: string) => void) {
  const directory = join(dataDirectory, 'femto');
  const suffix = '.features.csv';
  const files = (await readdir(directory)).filter((name) => name.endsWith(suffix)).sort();
  const bearings: Bearing[] = [];
  for (const file of files) {
    const features = signalsNamed(await readSignalFile(join(directory, file), ','), FEATURES);
    const table = { names: FEATURES, columns: features.columns.map((column) => column.map(Math.log)) };
    const name = file.slice(0, -suffix.length);
    const judged = judge(name, table);
    if (judged.ok) bearings.push(judged.value);
    else say(`  ${name}: no onset, ${judged.fault.detail}`);
  }
  for (const { name, onset, judgedFrom, rows } of bearings) {
    say(
      `  ${name}: ${rows} rows, judged from ${percent(judgedFrom / rows)}, onset at ${percent(onset / rows)} of its life`,
    );
  }
  const shares = bearings.map(({ onset, rows }) => onset / rows);
  // A bearing without an onset is found when it has failed.
  const worst = bearings.length < files.length ? 1 : Math.min(1, Math.max(...shares));
  return {
    figures: {
      femtoBearings: files.length,
      femtoOnsetWorstShare: worst,
      femtoOnsetFirstShare: Math.min(...shares),
      femtoFalseDaysPercent: (100 * bearings.reduce((sum, { falseDays }) => sum + falseDays, 0)) / bearings.length,
      femtoOnsetTooEarly: shares.filter((share) => share < EARLY_SHARE).length,
      ...lifeFigures(bearings, say),
      femtoFeatureWorstDifference: await worstDifference(directory, files),
    },
    targets: TARGETS,
  };
}

function judge(name: string, table: SignalTable): Result<Bearing> {
  const rows = table.columns[0].length;
  const settled = settledRow(
    table.columns.filter((_, i) => FEATURES[i].endsWith('_rms')),
    SETTLING_ROWS,
  );
  if (!settled.ok) return settled;
  const judgedFrom = settled.value + LEARN_ROWS;
  if (judgedFrom >= rows) return failure('health.too-little', `it has run in at row ${settled.value} of ${rows}`);
  const learned = learnEnsemble(tableSlice(table, settled.value, judgedFrom), [(normal) => learnLimits(normal, CHART)]);
  if (!learned.ok) return learned;
  const threshold = alarmThreshold(learned.value.normalScores, BUDGET);
  if (!threshold.ok) return threshold;
  const onsetIn = (columns: readonly Float64Array[]) =>
    firstLasting(learned.value.ensemble.score(columns), threshold.value.threshold);
  const onset = judgedFrom + onsetIn(tableSlice(table, judgedFrom, rows).columns);
  const random = seededRandom(1);
  const normal = tableSlice(table, settled.value, judgedFrom).columns;
  const days = Array.from({ length: SOUND_DAYS }, () => onsetIn(soundDay(normal, random)));
  return success({ name, table, rows, judgedFrom, onset, falseDays: days.filter(Number.isFinite).length / SOUND_DAYS });
}

/** A day of minutes drawn from a stretch. */
function soundDay(normal: readonly Float64Array[], random: () => number): Float64Array[] {
  const day = normal.map(() => new Float64Array(BUDGET.rows));
  for (let row = 0; row < BUDGET.rows; row += ROWS_PER_MINUTE) {
    const from = Math.floor(random() * (LEARN_ROWS - ROWS_PER_MINUTE + 1));
    for (const [i, column] of day.entries()) column.set(normal[i].subarray(from, from + ROWS_PER_MINUTE), row);
  }
  return day;
}

/** The row that completes the first minute above a threshold. */
function firstLasting(scores: Float64Array, threshold: number): number {
  let above = 0;
  for (const [row, score] of scores.entries()) {
    above = score > threshold ? above + 1 : 0;
    if (above === ROWS_PER_MINUTE) return row;
  }
  return Number.POSITIVE_INFINITY;
}

/** Falls as the axis that has grown most, against its own normal, grows. */
function healthIndex({ table, judgedFrom }: Bearing, rows: number): Float64Array {
  const [horizontal, , vertical] = table.columns.map((column) => {
    const normal = column.slice(judgedFrom - LEARN_ROWS, judgedFrom).sort()[LEARN_ROWS >> 1];
    return column.map((value) => normal - value);
  });
  return Float64Array.from({ length: rows }, (_, row) => Math.min(horizontal[row], vertical[row]));
}

function lifeFigures(bearings: readonly Bearing[], say: (line: string) => void) {
  const [errors, scores]: [number[], number[]] = [[], []];
  let covered = 0;
  let bySimilarity = 0;
  for (const bearing of bearings) {
    const others = bearings.filter((other) => other !== bearing);
    const told: string[] = [];
    for (const share of ASKED_AT) {
      const age = Math.round(share * bearing.rows);
      const left = bearing.rows - age;
      const answer = age < bearing.judgedFrom ? undefined : lifeLeft(healthIndex(bearing, age), others);
      if (!answer) continue;
      const { median, lower, upper, isSimilar } = answer;
      const error = (100 * (left - median)) / left;
      errors.push(Math.abs(error));
      scores.push(challengeScore(error));
      if (left >= lower && left <= upper) covered++;
      if (isSimilar) bySimilarity++;
      told.push(`${left}: ${Math.round(median)} (${Math.round(lower)} to ${Math.round(upper)})${isSimilar ? '*' : ''}`);
    }
    say(`  ${bearing.name}, rows left: told; * by similarity: ${told.join(', ')}`);
  }
  if (errors.length === 0) return {};
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  return {
    femtoRulMeanErrorPercent: mean(errors),
    femtoRulMedianErrorPercent: [...errors].sort((a, b) => a - b)[errors.length >> 1],
    femtoRulScoreA: mean(scores),
    femtoRulCoverage90Percent: (100 * covered) / errors.length,
    femtoRulBySimilarityPercent: (100 * bySimilarity) / errors.length,
  };
}

/** Nothing where there are too few others. */
function lifeLeft(index: Float64Array, others: readonly Bearing[]) {
  const raw = others.map((other) => healthIndex(other, other.rows));
  const past: PastFailure[] = raw.map((values, unit) => ({ unit, index: fallingTrend(values) }));
  // How far single rows lie from what only falls is how far two stretches may be apart and still be alike.
  const noise = Math.sqrt(
    raw.reduce((sum, values, i) => sum + values.reduce((s, v, row) => s + (v - past[i].index[row]) ** 2, 0), 0) /
      raw.reduce((sum, values) => sum + values.length, 0),
  );
  const falling = fallingTrend(index);
  // All bearings look alike while they are sound: only one that has left its normal is similar to those that did.
  if (falling[falling.length - 1] < -3 * noise) {
    const similar = similarLife(falling, past, { window: COMPARED_ROWS, noise, coverage: COVERAGE });
    if (similar.ok) return { ...similar.value, isSimilar: true };
  }
  const law = WeibullForecast.of({
    ages: Float64Array.from(others, ({ rows }) => rows),
    failed: new Uint8Array(others.length).fill(1),
  });
  return law.ok ? { ...law.value.left(index.length, COVERAGE), isSimilar: false } : undefined;
}

/** Of the challenge: an error is the worse the later it says the end comes. */
function challengeScore(errorPercent: number): number {
  return Math.exp((-Math.LN2 * Math.abs(errorPercent)) / (errorPercent <= 0 ? 5 : 20));
}

/** Our features of the raw snapshots against the given ones, as a share of them. */
async function worstDifference(directory: string, files: readonly string[]): Promise<number> {
  let worst = 0;
  for (const file of files) {
    const name = file.replace('.features.csv', '');
    const packed = await readFile(join(directory, `${name}.raw.i32.gz`)).catch(() => undefined);
    if (!packed) continue;
    const given = await readSignalFile(join(directory, file), ',');
    const bytes = gunzipSync(packed);
    const milli = new Int32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
    const rows = given.columns[0].length;
    const count = milli.length / rows / 2;
    for (let row = 0; row < rows; row++) {
      for (const [channel, axis] of ['h', 'v'].entries()) {
        const samples = Float64Array.from({ length: count }, (_, i) => milli[(row * count + i) * 2 + channel] / 1e3);
        const { rms, peak, kurtosis, crest } = waveShape(samples);
        for (const [feature, value] of Object.entries({ rms, peak, kurt: kurtosis, crest })) {
          const theirs = given.columns[given.names.indexOf(`${axis}_${feature}`)][row];
          worst = Math.max(worst, Math.abs(value / theirs - 1));
        }
      }
    }
  }
  return worst;
}

function percent(share: number): string {
  return Number.isFinite(share) ? `${(100 * share).toFixed(1)} %` : 'none';
}
