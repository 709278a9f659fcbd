/**
 * NASA batteries: from a cycle on, the capacity at the end of the record and the cycle in which it first falls below 1.4 Ah, each
 * battery by its own past alone. The nominal capacity fades by 30 % at that limit (Saha and Goebel 2007).
 */

import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { learnTrendForecast } from '@tidegate/health/life/trendForecast.ts';
import { readSignalFile } from './signalFile.ts';

const LIMIT_AH = 1.4;
const COVERAGE = 0.9;
/** From these shares of a record on it is forecast. */
const ASKED_AT = [0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];

interface Answer {
  readonly errorAh: number;
  /** Of who says that all stays as it is. */
  readonly standingErrorAh: number;
  readonly widthAh: number;
  readonly isCovered: boolean;
  /** Of the cycle at the limit; NaN where the record does not reach it, or had before it was asked. */
  readonly endError: number;
  readonly isEndCovered: boolean | undefined;
}

export async function runBattery(dataDirectory: string, say: (line: string) => void) {
  const directory = join(dataDirectory, 'battery');
  const files = (await readdir(directory)).filter((name) => name.endsWith('_capacity.csv')).sort();
  const answers: Answer[] = [];
  for (const file of files) {
    const [cycles, capacities] = (await readSignalFile(join(directory, file), ',')).columns;
    for (const share of ASKED_AT) {
      const count = Math.round(share * cycles.length);
      const answer = ask(cycles, capacities, count, (line) => say(`  ${file.split('_')[0]} ${line}`));
      if (answer) answers.push(answer);
    }
  }
  const ends = answers.filter(({ isEndCovered }) => isEndCovered !== undefined);
  const endErrors = ends.map(({ endError }) => endError).filter(Number.isFinite);
  return {
    figures: {
      batteryAnswers: answers.length,
      batteryErrorAh: mean(answers.map(({ errorAh }) => errorAh)),
      batteryStandingErrorAh: mean(answers.map(({ standingErrorAh }) => standingErrorAh)),
      batteryCoverage90Percent: 100 * mean(answers.map(({ isCovered }) => (isCovered ? 1 : 0))),
      batteryWidthAh: median(answers.map(({ widthAh }) => widthAh)),
      batteryEndErrorCycles: median(endErrors),
      batteryEndCoverage90Percent: 100 * mean(ends.map(({ isEndCovered }) => (isEndCovered ? 1 : 0))),
    },
    targets: {},
  };
}

/** Nothing where the past carries no forecast. */
function ask(cycles: Float64Array, capacities: Float64Array, count: number, say: (line: string) => void) {
  const forecast = learnTrendForecast(cycles.subarray(0, count), capacities.subarray(0, count), COVERAGE);
  if (!forecast.ok) {
    say(`from ${cycles[count - 1]}: ${forecast.fault.detail}`);
    return undefined;
  }
  const now = cycles[count - 1];
  const last = cycles[cycles.length - 1] - now;
  const truth = capacities[capacities.length - 1];
  const { median: told, lower, upper } = forecast.value.at(last);
  const end = forecast.value.crossing(LIMIT_AH);
  say(
    `from ${now} to ${now + last}: ${truth.toFixed(3)} Ah, told ${told.toFixed(3)} (${lower.toFixed(3)} to ${upper.toFixed(3)}); ` +
      `at the limit in ${end.median.toFixed(0)} (${end.lower.toFixed(0)} to ${end.upper.toFixed(0)})`,
  );
  // The newest of what was given is below already: the end is no forecast any more.
  const isOver = forecast.value.line.level < LIMIT_AH;
  const reached = cycles.findIndex((_, row) => row >= count && capacities[row] < LIMIT_AH);
  const left = reached < 0 ? Number.NaN : cycles[reached] - now;
  return {
    errorAh: Math.abs(told - truth),
    standingErrorAh: Math.abs(capacities[count - 1] - truth),
    widthAh: upper - lower,
    isCovered: truth >= lower && truth <= upper,
    endError: isOver ? Number.NaN : Math.abs(end.median - left),
    // What is not reached within the record is reached later, if at all.
    isEndCovered: isOver ? undefined : Number.isNaN(left) ? end.upper > last : left >= end.lower && left <= end.upper,
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1];
}
