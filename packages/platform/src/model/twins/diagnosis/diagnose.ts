/**
 * Tells a drifting sensor from a changing machine: each leaves a signature of its own in the residuals of a twin, and the one
 * that explains them best, with the fewest assumptions, is named.
 */

import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { comparedRows } from '../fit/comparedRows.ts';
import type { Equation } from '../fit/jointFit.ts';
import { fisherTail } from '../fit/probability.ts';
import type { ParameterValues, TwinHistory } from '../replay/twinHistory.ts';
import type { TwinFit, TwinTemplate } from '../twinTemplate.ts';
import { sigmaOf } from '../whatif/expectedBand.ts';
import type { DiagnosedCause, Diagnosis } from './diagnosis.ts';
import { diagnosisText } from './diagnosisText.ts';
import { bestExplanation, criterionOf, type Explanation, refined } from './explanation.ts';
import { type ResidualBins, residualBins } from './residualBins.ts';
import { type Suspect, suspectsOf } from './suspect.ts';

export interface DiagnosisQuestion {
  readonly template: TwinTemplate;
  /** Residuals are judged by its sigmas; without it by those of the template. */
  readonly fit: TwinFit | undefined;
  readonly parameters: ParameterValues;
  readonly history: TwinHistory;
  /** `start <= time < end` of what is judged, in microseconds. */
  readonly start: Timestamp;
  readonly end: Timestamp;
  /** The unit of each attribute that an instrument measures. */
  readonly measured: ReadonlyMap<string, string>;
}

const FEWEST_ROWS = 50;
/** Causes further down the list are out of the question. */
const MOST_REFINED = 8;
/** So unlikely must residuals be by chance, all causes and onsets that were tried taken together. */
const CHANCE = 0.01;
/** A difference of the criterion beyond it is very strong evidence (Kass and Raftery 1995, 3.2). */
const STRONG = 10;
const LEAST_EXPLAINED = 0.5;
/** What an explanation must take away at least, in mean squares of noise. */
const LEAST_EFFECT = 0.5;
/** So many times as much as noise is a mean square that wants an explanation. */
const UNUSUAL = 2;

/** Fault: `twin.fit-refused` where too little of the history can be compared. */
export function diagnose(question: DiagnosisQuestion): Result<Diagnosis> {
  const { template, fit, parameters, history, measured } = question;
  const equations = equationsOf(question);
  if (equations.length === 0) {
    const needed = `fewer than ${FEWEST_ROWS} moments can be compared, or no fit says how wide a residual may be`;
    return failure('twin.fit-refused', `Nothing can be said of the residuals: ${needed}.`);
  }
  const attributes = equations.map(({ attribute }) => attribute);
  const sigmas = new Map(attributes.map((attribute) => [attribute, sigmaOf(template, fit, attribute)]));
  const suspects = suspectsOf(template, parameters, measured, attributes, history.derived);
  const bins = residualBins(template, history, parameters, equations, sigmas, suspects);
  const singles = suspects.flatMap((_, at) => bestExplanation(bins, [at]) ?? []);
  const pairs = machinePairs(suspects).flatMap((pair) => bestExplanation(bins, pair) ?? []);
  const byCriterion = (a: Explanation, b: Explanation) => a.criterion - b.criterion;
  const likely = [...singles, ...pairs].sort(byCriterion).slice(0, MOST_REFINED);
  const ranked = likely.map((each) => refined(bins, each)).sort(byCriterion);
  const { verdict, chosen } = judge(bins, ranked, suspects);
  const causes = chosen.map((explanation) => causeOf(bins, explanation, suspects, parameters));
  return success({ verdict, causes, text: diagnosisText(verdict, causes), residuals: bins.summaries });
}

function judge(
  bins: ResidualBins,
  ranked: readonly Explanation[],
  suspects: readonly Suspect[],
): { verdict: Diagnosis['verdict']; chosen: readonly Explanation[] } {
  const [best] = ranked;
  // Residuals that no cause of the model explains may still be out of the ordinary.
  const isUnusual = bins.squares > UNUSUAL * bins.count;
  const unexplained = isUnusual ? 'unexplained' : 'sound';
  if (isByChance(bins, best, suspects.length ** 2) || isTooSmall(bins, best))
    return { verdict: unexplained, chosen: [] };
  // Two parameters that changed together are named only where neither alone, and no instrument, does nearly as well.
  const single = ranked.find((each) => each.suspects.length === 1);
  const first = best.suspects.length > 1 && single && single.criterion - best.criterion < STRONG ? single : best;
  if (explainedBy(bins, first) < LEAST_EXPLAINED) return { verdict: unexplained, chosen: isUnusual ? [first] : [] };
  const alike = ranked.filter(
    (each) =>
      each !== first && each.suspects.length === first.suspects.length && each.criterion - first.criterion < STRONG,
  );
  if (alike.length > 0) return { verdict: 'ambiguous', chosen: [first, ...alike] };
  return { verdict: suspects[first.suspects[0]].kind, chosen: [first] };
}

/** An F test of the explanation, corrected for all that were tried (Bonferroni). */
function isByChance(bins: ResidualBins, best: Explanation | undefined, tried: number): boolean {
  if (!best || criterionOf(bins, bins.squares, 0) <= best.criterion) return true;
  const below = Math.max(1, bins.count - best.choices);
  const ratio = (bins.squares - best.squares) / best.choices / (best.squares / below);
  return fisherTail(ratio, best.choices, below) * tried * 2 * bins.times.length > CHANCE;
}

/** What is certain and yet smaller than a residual is by itself from moment to moment is of no use to anybody. */
function isTooSmall(bins: ResidualBins, best: Explanation): boolean {
  return bins.squares - best.squares < LEAST_EFFECT * bins.count;
}

/** The share of what is beyond noise that an explanation takes away. */
function explainedBy(bins: ResidualBins, { squares, choices }: Explanation): number {
  const noise = Math.min(bins.count - choices, squares);
  return (bins.squares - squares) / Math.max(bins.squares - noise, Number.MIN_VALUE);
}

function causeOf(
  bins: ResidualBins,
  explanation: Explanation,
  suspects: readonly Suspect[],
  parameters: ParameterValues,
): DiagnosedCause {
  const { onset, from, earliest, latest, sizes, uncertainties } = explanation;
  const width = (bins.end - bins.start) / bins.times.length;
  const timeOf = (bin: number) => Math.round(bins.start + bin * width);
  const parts = explanation.suspects.map((suspect, at) => {
    const { kind, name, unit } = suspects[suspect];
    const reference = kind === 'machine' ? parameters.get(name) : undefined;
    return { name, unit, size: sizes[at], uncertainty: uncertainties[at], reference };
  });
  return {
    kind: suspects[explanation.suspects[0]].kind,
    parts,
    ...{ onset, since: timeOf(from), earliest: timeOf(earliest), latest: timeOf(latest + 1) },
    beganBefore: onset === 'step' && earliest === 0,
    explained: explainedBy(bins, explanation),
  };
}

function equationsOf({ template, fit, history, parameters, start, end }: DiagnosisQuestion): Equation[] {
  const isWithin = (row: number) => history.times[row] >= start && history.times[row] < end;
  return [...comparedRows(template, history, parameters, undefined)]
    .map(([attribute, { rows }]): Equation => ({ attribute, rows: rows.filter(isWithin) }))
    .filter(({ attribute, rows }) => rows.length >= FEWEST_ROWS && sigmaOf(template, fit, attribute) > 0);
}

function machinePairs(suspects: readonly Suspect[]): number[][] {
  const machine = suspects
    .keys()
    .filter((at) => suspects[at].kind === 'machine')
    .toArray();
  return machine.flatMap((a, at) => machine.slice(at + 1).map((b) => [a, b]));
}
