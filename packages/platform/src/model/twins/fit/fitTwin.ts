/** The parameters of a twin, fitted to history: what they are, how sure that is, and whether the history can carry it at all. */

import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import type { AssetId } from '../../assets/assetModel.ts';
import { readsOf } from '../replay/readsOf.ts';
import { attributesOf, type ParameterValues, type TwinHistory } from '../replay/twinHistory.ts';
import type { TwinExpected, TwinTemplate } from '../twinTemplate.ts';
import { type ComparedRows, comparedRows } from './comparedRows.ts';
import { FitFindings, type FittedGroup } from './fitFindings.ts';
import type { FitReport, ReportedResidual } from './fitReport.ts';
import { differences, type Equation, jointFit, limitedTo } from './jointFit.ts';
import { learnedFit, learnedRows } from './learnedFit.ts';
import { plainSigma, robustSigma } from './robustScale.ts';

export interface FitQuestion {
  readonly template: TwinTemplate;
  readonly asset: AssetId | undefined;
  /** At the moments that are to be compared, and before them what time windows look back over. */
  readonly history: TwinHistory;
  /** `start <= time < end` of what is compared, in microseconds. */
  readonly start: Timestamp;
  readonly end: Timestamp;
  /** What the parameters are for the asset until now. */
  readonly parameters: ParameterValues;
  /** Narrows the modes in which the template expects something. */
  readonly modes?: ReadonlySet<string> | undefined;
  /** Whether moments that are far off count less (Huber). */
  readonly robust: boolean;
  readonly now: Timestamp;
  readonly by: string;
}

/** The part of the history that is fitted first, to be tried on the rest. */
const SEEN_PART = 2 / 3;
const FEWEST_ROWS = 30;
const FEWEST_ROWS_PER_PARAMETER = 10;

/** Fault: `twin.fit-refused` with the reason, where history cannot carry a fit. */
export function fitTwin(question: FitQuestion): Result<FitReport> {
  const { template, history, parameters } = question;
  const compared = withinTime(comparedRows(template, history, parameters, question.modes), question);
  const findings = new FitFindings(question);
  const shared = sharedNames(template);
  const isShared = (expected: TwinExpected) =>
    !expected.terms && readsOf(template, expected).some((name) => shared.has(name));
  const together = [...template.expected.values()].filter(isShared);
  if (together.length > 0) {
    const refused = fitTogether(question, together, compared, findings);
    if (refused) return refuse(refused);
  }
  for (const expected of template.expected.values()) {
    if (isShared(expected)) continue;
    const refused = expected.terms
      ? fitLearned(question, expected, compared, findings)
      : judgeFixed(question, expected, compared, findings);
    if (refused) return refuse(refused);
  }
  if (findings.isEmpty) {
    const missing = [...attributesOf(template)].filter((name) => !history.attributes.has(name));
    return refuse(
      missing.length > 0
        ? `nothing can be compared: ${missing.join(', ')} cannot be read`
        : 'the twin has nothing that could be fitted: no parameter has `fitted: true`, and nothing is learned',
    );
  }
  return success(findings.report());
}

function fitTogether(
  question: FitQuestion,
  together: readonly TwinExpected[],
  compared: ReadonlyMap<string, ComparedRows>,
  findings: FitFindings,
): string | undefined {
  const { template, history, parameters, robust } = question;
  const equations = together
    .map(({ attribute }): Equation => ({ attribute, rows: compared.get(attribute)!.rows }))
    .filter(({ rows }) => rows.length >= FEWEST_ROWS);
  const reached = new Set(equations.flatMap(({ attribute }) => readsOf(template, template.expected.get(attribute)!)));
  const names = [...sharedNames(template)].filter((name) => reached.has(name));
  const unknowns = sharedNames(template).size;
  const tooFew = tooFewRows(together, compared, unknowns);
  if (tooFew) return tooFew;
  const fit = jointFit(template, history, parameters, names, equations, robust);
  const flat = names.filter((_, at) => fit.covariance[at * (names.length + 1)] === 0 && !fit.atBound.includes(at));
  if (flat.length > 0) return `${flat.join(' and ')} has no influence on what was compared`;
  const split = equations.map((equation) => splitRows(equation));
  const first = jointFit(
    template,
    history,
    parameters,
    names,
    split.map(([seen]) => seen),
    robust,
  );
  const seenValues = new Map(parameters);
  for (const [at, name] of names.entries()) seenValues.set(name, first.parameters[at]);
  const unseen = split.map(([, rest]) => rest);
  const heldOut = differences(limitedTo(template, equations), history, seenValues, unseen);
  const before = differences(limitedTo(template, equations), history, parameters, equations);
  const group: FittedGroup = { ...fit, values: fit.parameters, ridge: 0 };
  const residuals = equations.map(({ attribute, rows }, at) =>
    residualOf(question, attribute, rows, compared, {
      fitted: fit.differences.get(attribute)!,
      heldOut: heldOut[at],
      before: before[at],
      unknowns: names.length / equations.length,
    }),
  );
  return findings.add(group, residuals, equations[0].rows);
}

function fitLearned(
  question: FitQuestion,
  expected: TwinExpected,
  compared: ReadonlyMap<string, ComparedRows>,
  findings: FitFindings,
): string | undefined {
  const { template, history, parameters, robust } = question;
  const actualRows = compared.get(expected.attribute)!;
  const { rows, columns } = learnedRows(template, expected, history, parameters, actualRows.rows);
  const usable = new Map([[expected.attribute, { ...actualRows, rows }]]);
  const tooFew = tooFewRows([expected], usable, columns.length);
  if (tooFew) return tooFew;
  const still = expected.terms!.filter(({ formula }, at) => formula.expression.tags.length > 0 && !varies(columns[at]));
  if (still.length > 0) {
    const inputs = new Set(still.flatMap(({ formula }) => formula.expression.tags));
    return `${expected.attribute} cannot be learned: ${[...inputs].join(' and ')} did not change`;
  }
  const fit = learnedFit(expected, history, rows, columns, robust);
  const seenCount = Math.floor(rows.length * SEEN_PART);
  const seen = columns.map((column) => column.subarray(0, seenCount));
  const first = learnedFit(expected, history, rows.subarray(0, seenCount), seen, robust);
  const actual = history.attributes.get(expected.attribute)!.values;
  const heldOut = Float64Array.from(rows.subarray(seenCount), (row, at) =>
    columns.reduce((rest, column, term) => rest - first.coefficients[term] * column[seenCount + at], actual[row]),
  );
  const residual = residualOf(question, expected.attribute, rows, compared, {
    ...{ fitted: fit.residuals, heldOut, before: undefined, unknowns: columns.length },
  });
  const group = { ...fit, values: fit.coefficients, atBound: [], converged: true };
  return findings.add(group, [residual], rows);
}

/** Nothing of it is fitted; how wide its residual is, history says all the same. */
function judgeFixed(
  question: FitQuestion,
  { attribute }: TwinExpected,
  compared: ReadonlyMap<string, ComparedRows>,
  findings: FitFindings,
): undefined {
  const { template, history, parameters } = question;
  const { rows } = compared.get(attribute)!;
  if (rows.length < FEWEST_ROWS) return;
  const equation = { attribute, rows };
  const [fitted] = differences(limitedTo(template, [equation]), history, parameters, [equation]);
  const parts = { fitted, heldOut: undefined, before: fitted, unknowns: 0 };
  findings.addResidual(residualOf(question, attribute, rows, compared, parts), rows);
}

interface ResidualParts {
  readonly fitted: Float64Array;
  readonly heldOut: Float64Array | undefined;
  readonly before: Float64Array | undefined;
  readonly unknowns: number;
}

function residualOf(
  { template, history, robust }: FitQuestion,
  attribute: string,
  rows: Uint32Array,
  compared: ReadonlyMap<string, ComparedRows>,
  { fitted, heldOut, before, unknowns }: ResidualParts,
): ReportedResidual {
  const spread = (each: Float64Array, lost = 0) => (robust ? robustSigma(each) : plainSigma(each, each.length - lost));
  const { otherMode, notGood, rows: known } = compared.get(attribute)!;
  const actual = Float64Array.from(rows, (row) => history.attributes.get(attribute)!.values[row]);
  const mean = actual.reduce((sum, value) => sum + value, 0) / actual.length;
  const variance =
    plainSigma(
      actual.map((value) => value - mean),
      actual.length,
    ) ** 2;
  return {
    attribute,
    unit: template.expected.get(attribute)!.formula.unit,
    sigma: spread(fitted, unknowns),
    sigmaBefore: before?.every(Number.isFinite) ? spread(before) : undefined,
    heldOutSigma: heldOut?.length && heldOut.every(Number.isFinite) ? spread(heldOut) : undefined,
    explained: variance > 0 ? 1 - plainSigma(fitted, fitted.length) ** 2 / variance : undefined,
    ...{ count: rows.length, otherMode, notGood: notGood + known.length - rows.length },
    persistence: persistenceOf(fitted),
  };
}

/** Correlation of each residual with the next. */
function persistenceOf(residuals: Float64Array): number {
  let [product, squares] = [0, 0];
  for (let row = 0; row < residuals.length; row++) {
    squares += residuals[row] ** 2;
    if (row > 0) product += residuals[row] * residuals[row - 1];
  }
  return squares > 0 ? product / squares : 0;
}

/** Parameters of formulas that a fit may change: those that are no coefficients of what is learned. */
function sharedNames({ parameters, expected }: TwinTemplate): ReadonlySet<string> {
  const learned = new Set(
    [...expected.values()].flatMap(({ terms = [] }) => terms.map(({ coefficient }) => coefficient)),
  );
  return new Set([...parameters].filter(([name, { fitted }]) => fitted && !learned.has(name)).map(([name]) => name));
}

function withinTime(compared: ReadonlyMap<string, ComparedRows>, { history, start, end }: FitQuestion) {
  const isWithin = (row: number) => history.times[row] >= start && history.times[row] < end;
  return new Map([...compared].map(([name, each]) => [name, { ...each, rows: each.rows.filter(isWithin) }] as const));
}

function splitRows({ attribute, rows }: Equation): readonly [Equation, Equation] {
  const at = Math.floor(rows.length * SEEN_PART);
  return [
    { attribute, rows: rows.subarray(0, at) },
    { attribute, rows: rows.subarray(at) },
  ];
}

function tooFewRows(
  expected: readonly TwinExpected[],
  compared: ReadonlyMap<string, ComparedRows>,
  unknowns: number,
): string | undefined {
  const all = expected.map(({ attribute }) => compared.get(attribute)!);
  const count = Math.max(...all.map(({ rows }) => rows.length));
  const needed = Math.max(FEWEST_ROWS, FEWEST_ROWS_PER_PARAMETER * unknowns);
  if (count >= needed) return undefined;
  const [otherMode, notGood] = [all.map((each) => each.otherMode), all.map((each) => each.notGood)].map((counts) =>
    Math.max(...counts),
  );
  const what = expected.map(({ attribute }) => attribute).join(', ');
  return (
    `only ${count} moments can be compared for ${what}, and ${needed} are needed for ${unknowns} parameters ` +
    `(${otherMode} in other modes, ${notGood} without good values)`
  );
}

function varies(column: Float64Array): boolean {
  return column.some((value) => value !== column[0]);
}

function refuse(reason: string): Result<never> {
  return failure('twin.fit-refused', `${reason[0].toUpperCase()}${reason.slice(1)}.`);
}
