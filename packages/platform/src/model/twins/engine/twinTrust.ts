/** How far a twin can be trusted at this moment, and why not further. */

import { ValueKind } from '@tidegate/core/block/sampleBlock.ts';
import { statusName } from '@tidegate/core/sample/statusCode.ts';
import { fitOf } from '../twinTemplate.ts';
import type { CellTable } from './cellTable.ts';
import type { TwinRows } from './planTwins.ts';
import type { ResidualStatistics } from './residualStatistics.ts';

export interface Trust {
  /** The product of the three parts, each from 0 to 1. */
  readonly score: number;
  /** The values that the model reads: 1 where all are good and fresh, a half for each that is uncertain, 0 for a bad or stale one. */
  readonly data: number;
  /** Residuals of late against the sigma of the fit: 1 up to 1.5 sigma, 0 from 6. A half where there is no sigma. */
  readonly model: number;
  /** Halves with each calibration age since the fit; a half where nothing was fitted. */
  readonly calibration: number;
  /** A sentence for each thing that takes from it, the worst part first; empty where nothing does. */
  readonly reasons: readonly string[];
}

/** Where residuals have to be explained, and where they have lost the machine. */
const SOUND_SIGMAS = 1.5;
const LOST_SIGMAS = 6;
/** Of a model that reads what it was not fitted on. */
const EXTRAPOLATED = 0.7;
const NOT_KNOWN = 0.5;
const MAX_REASONS = 10;
const UNCERTAIN = 0x40000000;
const BAD = 0x80000000;
const US_PER_S = 1_000_000;
const US_PER_DAY = 86_400_000_000;

interface Part {
  readonly score: number;
  readonly reasons: readonly string[];
}

/** Of the twin in row `row`; `statistics` stand in the order of `twins.expected`. */
export function twinTrust(
  twins: TwinRows,
  row: number,
  { table, statistics, now }: { table: CellTable; statistics: readonly ResidualStatistics[]; now: number },
): Trust {
  const data = dataPart(twins, row, table, now);
  const model = modelPart(twins, row, table, statistics);
  const calibration = calibrationPart(twins, row, now);
  const parts = [data, model, calibration].sort((a, b) => a.score - b.score);
  return {
    score: data.score * model.score * calibration.score,
    ...{ data: data.score, model: model.score, calibration: calibration.score },
    reasons: parts.flatMap(({ reasons }) => reasons).slice(0, MAX_REASONS),
  };
}

function dataPart({ reads, template, expected }: TwinRows, row: number, table: CellTable, now: number): Part {
  const reasons: string[] = [];
  const names = new Map(reads);
  for (const { template: one, actual } of expected) names.set(one.attribute, actual);
  let sum = 0;
  for (const [name, cells] of names) {
    const cell = cells[row];
    const [status, time] = [table.statuses[cell], table.times[cell]];
    const ageUs = now - time;
    if (cell === 0) reasons.push(`'${name}' is not there: the formulas that read it have no value.`);
    else if (status >= BAD || table.kinds[cell] === ValueKind.none)
      reasons.push(`'${name}' has no value: ${statusName(status)}.`);
    else if (ageUs > template.trust.staleAfterUs && Number.isFinite(ageUs)) {
      reasons.push(`'${name}' is stale: its last sample is ${Math.round(ageUs / US_PER_S)} s old.`);
    } else if (status >= UNCERTAIN) {
      reasons.push(`'${name}' is uncertain: ${statusName(status)}.`);
      sum += 0.5;
    } else sum++;
  }
  return { score: names.size === 0 ? 1 : sum / names.size, reasons };
}

function modelPart(
  { expected, template, assets, reads }: TwinRows,
  row: number,
  table: CellTable,
  statistics: readonly ResidualStatistics[],
): Part {
  const reasons: string[] = [];
  let sum = 0;
  for (const [at, { template: one, sigma }] of expected.entries()) {
    const rms = statistics[at].rootMeanSquare(row);
    if (Number.isNaN(sigma[row])) {
      reasons.push(
        `The residual of '${one.attribute}' cannot be judged: it has no sigma; run tidegate twin fit, or write one.`,
      );
      sum += NOT_KNOWN;
    } else if (rms === undefined) {
      reasons.push(`'${one.attribute}' has not been compared with what is expected yet.`);
      sum += NOT_KNOWN;
    } else {
      const score = Math.min(1, Math.max(0, (LOST_SIGMAS - rms) / (LOST_SIGMAS - SOUND_SIGMAS)));
      if (score < 1) reasons.push(offReason(one.attribute, rms, statistics[at].mean(row)!));
      sum += score;
    }
  }
  let score = expected.length === 0 ? 1 : sum / expected.length;
  for (const [name, { low, high }] of fitOf(template, assets[row])?.inputs ?? []) {
    const cell = reads.get(name)?.[row] ?? 0;
    const value = table.values[cell];
    if (table.kinds[cell] !== ValueKind.number || (value >= low && value <= high)) continue;
    reasons.push(
      `'${name}' is ${short(value)}, outside of the ${short(low)} to ${short(high)} that the model was fitted on.`,
    );
    score = Math.min(score, EXTRAPOLATED);
  }
  return { score, reasons };
}

function calibrationPart({ template, assets }: TwinRows, row: number, now: number): Part {
  const isFitted = [...template.parameters.values()].some(({ fitted }) => fitted);
  if (!isFitted) return { score: 1, reasons: [] };
  const fit = fitOf(template, assets[row]);
  if (!fit) return { score: NOT_KNOWN, reasons: ['Its parameters were never fitted to history.'] };
  const ageUs = Math.max(0, now - fit.fittedAt);
  const score = 2 ** -(ageUs / template.trust.calibrationAgeUs);
  const days = Math.round(ageUs / US_PER_DAY);
  return { score, reasons: score > 0.9 ? [] : [`It was fitted ${days} days ago.`] };
}

function offReason(attribute: string, rms: number, mean: number): string {
  const how = Math.abs(mean) > rms / 2 ? (mean > 0 ? 'above' : 'below') : 'around';
  return `'${attribute}' has been ${short(rms)} sigma ${how} what is expected: the machine has changed, or the model does not fit.`;
}

function short(value: number): string {
  return String(Number(value.toPrecision(3)));
}
