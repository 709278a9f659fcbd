/** Gathers what the fits of a twin found, judges it, and says what is wrong with it. */

import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import type { AssetId } from '../../assets/assetModel.ts';
import { readsOf } from '../replay/readsOf.ts';
import { isGoodNumber, type ParameterValues, type TwinHistory } from '../replay/twinHistory.ts';
import type { FittedCorrelation, FittedRange, TwinFit, TwinTemplate } from '../twinTemplate.ts';
import type { Collinearity } from './collinearity.ts';
import type { FitReport, ReportedParameter, ReportedResidual } from './fitReport.ts';
import { studentQuantile } from './probability.ts';

/** Parameters that were fitted together. */
export interface FittedGroup {
  readonly names: readonly string[];
  readonly values: Float64Array;
  readonly covariance: Float64Array;
  readonly freedom: number;
  readonly atBound: readonly number[];
  readonly collinearity: Collinearity;
  readonly ridge: number;
  readonly converged: boolean;
}

interface FindingsOf {
  readonly template: TwinTemplate;
  readonly asset: AssetId | undefined;
  readonly history: TwinHistory;
  readonly start: Timestamp;
  readonly end: Timestamp;
  readonly parameters: ParameterValues;
  readonly now: Timestamp;
  readonly by: string;
}

const CONFIDENCE = 0.95;
/** Formulas whose parameters cannot be told apart to so many digits are not fitted: what is found would be chance. */
const MOST_CONDITION = 1e6;
/** A residual on unseen history that is so much wider says that the model does not carry over. */
const MOST_HELD_OUT = 1.5;
/** Smaller correlations change no band by anything that is seen. */
const LEAST_CORRELATION = 1e-3;
const FEW_INDEPENDENT = 30;

export class FitFindings {
  readonly #of: FindingsOf;
  readonly #parameters: ReportedParameter[] = [];
  readonly #correlations: FittedCorrelation[] = [];
  readonly #residuals: ReportedResidual[] = [];
  readonly #inputs = new Map<string, FittedRange>();
  readonly #warnings: string[] = [];

  constructor(of: FindingsOf) {
    this.#of = of;
  }

  get isEmpty(): boolean {
    return this.#residuals.length === 0;
  }

  /** The reason where the group cannot be believed at all, and then it is not taken. */
  add(group: FittedGroup, residuals: readonly ReportedResidual[], rows: Uint32Array): string | undefined {
    const { names, collinearity, ridge, converged } = group;
    const together = collinearity.together.map((at) => names[at]).join(' and ');
    if (ridge === 0 && collinearity.condition > MOST_CONDITION) {
      return `${together} cannot be told apart from this history: ${this.#stillText(rows)}`;
    }
    if (ridge > 0) {
      this.#warnings.push(
        `The terms of ${together} can hardly be told apart (condition ${round(collinearity.condition)}): a ridge of ${round(ridge)} shares between them.`,
      );
    } else if (collinearity.together.length > 0) {
      this.#warnings.push(
        `${together} can hardly be told apart from this history (condition ${round(collinearity.condition)}).`,
      );
    }
    if (!converged)
      this.#warnings.push(`The fit of ${names.join(', ')} did not settle: its values are the best found.`);
    const persistence = Math.max(0, ...residuals.map((each) => each.persistence));
    this.#addParameters(group, persistence);
    for (const residual of residuals) this.addResidual(residual, rows);
    const independent = (rows.length * (1 - persistence)) / (1 + persistence);
    if (independent < FEW_INDEPENDENT) {
      this.#warnings.push(
        `The residuals of ${residuals.map(({ attribute }) => attribute).join(', ')} move slowly: the ${rows.length} moments say as much as ${Math.round(independent)} independent ones. A longer stretch of history says more.`,
      );
    }
    return undefined;
  }

  addResidual(residual: ReportedResidual, rows: Uint32Array): void {
    const { attribute, sigma, heldOutSigma, explained } = residual;
    this.#residuals.push(residual);
    this.#addInputs(rows);
    if (heldOutSigma !== undefined && heldOutSigma > MOST_HELD_OUT * sigma) {
      this.#warnings.push(
        `On the last third of the history, fitted to the rest, the residual of ${attribute} is ${round(heldOutSigma / sigma)} times as wide: the model does not carry over.`,
      );
    }
    if (explained !== undefined && explained < 0) {
      this.#warnings.push(`The model says less about ${attribute} than its mean does.`);
    }
  }

  report(): FitReport {
    const { asset, start, end, now, by } = this.#of;
    const fit: TwinFit = {
      ...{ asset, fittedAt: now, by, start, end },
      parameters: new Map(this.#parameters.map(({ name, value, uncertainty }) => [name, { value, uncertainty }])),
      correlations: this.#correlations,
      residuals: new Map(
        this.#residuals.map(({ attribute, sigma, heldOutSigma, explained, count }) => [
          attribute,
          { sigma, heldOutSigma, explained, count },
        ]),
      ),
      inputs: this.#inputs,
      warnings: this.#warnings,
    };
    return { fit, parameters: this.#parameters, residuals: this.#residuals, confidence: CONFIDENCE };
  }

  /** Where residuals persist, so many moments say less (Bayley and Hammersley 1946), and uncertainties are wider for it. */
  #addParameters({ names, values, covariance, freedom, atBound }: FittedGroup, persistence: number): void {
    const widening = Math.sqrt((1 + persistence) / (1 - persistence));
    const independent = Math.max(1, freedom / widening ** 2);
    const reach = studentQuantile(CONFIDENCE, independent);
    const plain = Array.from(names, (_, at) => Math.sqrt(covariance[at * (names.length + 1)]));
    const parameters = this.#of.template.parameters;
    for (const [at, name] of names.entries()) {
      const uncertainty = plain[at] * widening;
      const value = values[at];
      const isAtBound = atBound.includes(at);
      this.#parameters.push({
        ...{ name, unit: parameters.get(name)!.unit, before: this.#of.parameters.get(name), value, uncertainty },
        ...{ low: value - reach * uncertainty, high: value + reach * uncertainty, atBound: isAtBound },
      });
      if (isAtBound)
        this.#warnings.push(`${name} stays at ${value}, the bound of its range: history would have it beyond.`);
      for (let other = 0; other < at; other++) {
        const correlation = covariance[at * names.length + other] / (plain[at] * plain[other]);
        if (Math.abs(correlation) < LEAST_CORRELATION || !Number.isFinite(correlation)) continue;
        this.#correlations.push({ a: names[other], b: name, value: correlation });
      }
    }
  }

  #addInputs(rows: Uint32Array): void {
    const { template, history } = this.#of;
    const read = new Set(template.expected.values().flatMap((expected) => readsOf(template, expected)));
    for (const [name, column] of history.attributes) {
      if (template.expected.has(name) && !read.has(name)) continue;
      const known = this.#inputs.get(name);
      let [low, high] = [known?.low ?? Number.POSITIVE_INFINITY, known?.high ?? Number.NEGATIVE_INFINITY];
      for (const row of rows) {
        if (!isGoodNumber(column, row)) continue;
        low = Math.min(low, column.values[row]);
        high = Math.max(high, column.values[row]);
      }
      if (low <= high) this.#inputs.set(name, { low, high });
    }
  }

  /** The inputs that did not move, in words. */
  #stillText(rows: Uint32Array): string {
    const isStill = (name: string) => {
      const { values } = this.#of.history.attributes.get(name)!;
      return rows.every((row) => values[row] === values[rows[0]]);
    };
    const still = [...this.#of.history.attributes.keys()].filter(isStill);
    return still.length > 0
      ? `${still.join(', ')} did not change; choose a stretch in which the load did`
      : 'their effects are one and the same at these operating points';
  }
}

function round(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(3))) : 'without end';
}
