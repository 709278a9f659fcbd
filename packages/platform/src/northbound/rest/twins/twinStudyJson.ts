/** Studies of twins as the interface tells them. */

import { parseDurationMs } from '@tidegate/core/clock/duration.ts';
import type { SampleRun } from '../../../historian/archive/sampleRun.ts';
import type { Diagnosis } from '../../../model/twins/diagnosis/diagnosis.ts';
import type { FitReport } from '../../../model/twins/fit/fitReport.ts';
import { isNumber } from '../../../model/twins/replay/twinHistory.ts';
import type { TwinTemplate } from '../../../model/twins/twinTemplate.ts';
import type { AttributeChange } from '../../../model/twins/whatif/attributeChange.ts';
import type { WhatIfRun, WhatIfSeries } from '../../../model/twins/whatif/whatIf.ts';
import type { TwinDiagnosis, TwinFits, WhatIf, WhatIfBody } from '../../contract/twinStudy.ts';

export function fitJson(path: string, { fit, parameters, residuals }: FitReport): TwinFits['fits'][number] {
  return {
    ...{ asset: path, refused: null, warnings: [...fit.warnings] },
    parameters: parameters.map(({ before, ...parameter }) => ({ ...parameter, before: before ?? null })),
    residuals: residuals.map(({ persistence: _, sigmaBefore, heldOutSigma, explained, ...residual }) => ({
      ...residual,
      ...{ sigmaBefore: sigmaBefore ?? null, heldOutSigma: heldOutSigma ?? null, explained: explained ?? null },
    })),
  };
}

export function refusedFitJson(path: string, refused: string): TwinFits['fits'][number] {
  return { asset: path, refused, parameters: [], residuals: [], warnings: [] };
}

export function changesOf(changes: WhatIfBody['changes']): ReadonlyMap<string, AttributeChange> {
  return new Map(Object.entries(changes).map(([name, change]) => [name, changeOf(change)]));
}

function changeOf(change: WhatIfBody['changes'][string]): AttributeChange {
  if ('set' in change) return { kind: 'set', value: change.set };
  if ('add' in change) return { kind: 'add', value: change.add };
  if ('scale' in change) return { kind: 'scale', factor: change.scale };
  return { kind: 'ramp', value: change.ramp, overS: parseDurationMs(change.over)! / 1_000 };
}

export function whatIfJson(path: string, intervalUs: number, { modes }: TwinTemplate, run: WhatIfRun): WhatIf {
  return {
    ...{ asset: path, intervalUs, times: [...run.times], recorded: run.recorded, assumptions: [...run.assumptions] },
    modes: Array.from(run.modes, (mode) => modes[mode]?.name ?? null),
    series: run.series.map(seriesJson),
  };
}

function seriesJson({ attribute, unit, expected, band, unchanged, actual, comparison }: WhatIfSeries) {
  return {
    ...{ attribute, unit, expected: columnJson(expected), unchanged: columnJson(unchanged) },
    low: columnJson(expected, (value, row) => value - band[row]),
    high: columnJson(expected, (value, row) => value + band[row]),
    actual: actual ? columnJson(actual) : [],
    comparison: comparison ? { ...comparison } : null,
  };
}

/** Bad rows are null, and so is what is no number that JSON can write. */
function columnJson(run: SampleRun, of: (value: number, row: number) => number = (value) => value): (number | null)[] {
  return Array.from(run.values, (value, row) => {
    const told = isNumber(run, row) ? of(value, row) : Number.NaN;
    return Number.isFinite(told) ? told : null;
  });
}

export function diagnosisJson(path: string, { verdict, text, causes, residuals }: Diagnosis): TwinDiagnosis {
  return {
    ...{ asset: path, verdict, text, residuals: [...residuals] },
    causes: causes.map(({ parts, ...cause }) => ({
      ...cause,
      parts: parts.map(({ reference, ...part }) => ({ ...part, reference: reference ?? null })),
    })),
  };
}
