/** A short name for everything that makes the numbers of a watch: a model learned under another name does not fit. */

import { createHash } from 'node:crypto';
import type { VibrationQuestion } from '@tidegate/health/signal/vibrationMeasure.ts';
import type { AttributeExpression } from '../../../model/twins/history/attributeExpression.ts';
import type { FeatureDefinition } from './healthWatch.ts';

/** Raised when rows come out otherwise though no definition has changed. */
const METHOD = 1;
const DIGITS = 12;

/** What is read, as it comes from tags: formulas of attributes, constants and what was fitted of a twin are in it. */
export type ReadFormula = Pick<AttributeExpression, 'expression' | 'maps'>;

export interface VersionedNumbers {
  readonly intervalUs: number;
  readonly condition: ReadFormula | undefined;
  /** Rows have their columns in this order. */
  readonly features: readonly (Pick<FeatureDefinition, 'name' | 'measure' | 'unit'> & {
    readonly of: ReadFormula;
    readonly vibration: (VibrationQuestion & { readonly shaft: ReadFormula | undefined }) | undefined;
  })[];
}

export function featureVersion({ intervalUs, condition, features }: VersionedNumbers): string {
  const said = [
    METHOD,
    intervalUs,
    condition ? formulaText(condition) : null,
    features.map(({ name, measure, unit, of, vibration }) => [
      ...[name, measure, unit, formulaText(of)],
      ...(vibration ? [vibrationText(vibration)] : []),
    ]),
  ];
  return createHash('sha256').update(JSON.stringify(said)).digest('hex').slice(0, DIGITS);
}

function vibrationText({
  band,
  bearing,
  order,
  shaft,
}: VibrationQuestion & { shaft: ReadFormula | undefined }): unknown {
  const geometry = bearing && [bearing.rollers, bearing.rollerDiameter, bearing.pitchDiameter, bearing.contactDegrees];
  return [band && [band.lowHz, band.highHz], geometry, order, shaft && formulaText(shaft)];
}

/** Which tag it is does not count: a sensor is replaced, and what is normal stays. */
function formulaText({ expression, maps }: ReadFormula): unknown {
  const { root, windows } = expression;
  const curves = [...(maps ?? [])].map(([name, { x, y, z, outside }]) => {
    return [name, [...x.values], [...(y?.values ?? [])], [...z.values], outside];
  });
  return [root, windows, curves];
}
