/** By which law cycles wear a part, as a person states it; every number of it is in the document of a model. */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { type CyclesToFailure, type SnCurve, snCurve } from './damage.ts';
import type { LoadCycle } from './rainflow.ts';
import { cyclesInField, type SolderTest, TIN_LEAD, TIN_SILVER_COPPER } from './solderFatigue.ts';

export type FatigueLaw =
  | {
      readonly kind: 'solder';
      readonly alloy: 'tin-lead' | 'tin-silver-copper';
      readonly test: SolderTest;
      readonly lifeScatter: number;
    }
  | { readonly kind: 's-n'; readonly curve: SnCurve; readonly lifeScatter: number };

const ALLOYS = { 'tin-lead': TIN_LEAD, 'tin-silver-copper': TIN_SILVER_COPPER } as const;
/** In Celsius. */
export const ABSOLUTE_ZERO_CEL = -273.15;

/** The damage of one cycle: 1 is the life, and no cycle does more. */
export type CycleDamage = (cycle: LoadCycle) => number;

/** In the unit of the signal: narrower cycles than a tenth of what the law was measured with do a hundredth of its damage or less. */
export function leastRangeOf(law: FatigueLaw): number {
  return (law.kind === 's-n' ? law.curve.kneeRange : law.test.swingK) / 10;
}

/** `health.bad-data` names the number of the law that cannot be. */
export function damageUnder(law: FatigueLaw): Result<CycleDamage> {
  const wrong = wrongNumber(law);
  if (wrong) return failure('health.bad-data', `The fatigue law cannot have ${wrong}.`);
  const cycles = cyclesUnder(law);
  return success((cycle) => Math.min(1, 1 / cycles(cycle)) * cycle.count);
}

function cyclesUnder(law: FatigueLaw): (cycle: LoadCycle) => ReturnType<CyclesToFailure> {
  if (law.kind === 's-n') return snCurve(law.curve);
  const alloy = ALLOYS[law.alloy];
  return (cycle) => cyclesInField(alloy, law.test, cycle);
}

function wrongNumber(law: FatigueLaw): string | undefined {
  const scatter = law.lifeScatter;
  if (!(scatter >= 0 && Number.isFinite(scatter))) return `a lifeScatter of ${scatter}`;
  if (law.kind === 's-n') {
    const { kneeRange, kneeCycles, slope, slopeBelow = slope, ultimate = 1 } = law.curve;
    // Below the knee a curve may be level, where nothing harms; everything else is finite.
    const below = slopeBelow === Number.POSITIVE_INFINITY ? slope : slopeBelow;
    return notPositive({ kneeRange, kneeCycles, slope, slopeBelow: below, ultimate });
  }
  if (!Object.hasOwn(ALLOYS, law.alloy)) return `an alloy of '${law.alloy}'`;
  const { swingK, cyclesPerDay, medianCycles, hotCel } = law.test;
  if (!(hotCel > ABSOLUTE_ZERO_CEL && Number.isFinite(hotCel))) return `a hotCel of ${hotCel}`;
  return notPositive({ swingK, cyclesPerDay, medianCycles });
}

function notPositive(numbers: Readonly<Record<string, number>>): string | undefined {
  const wrong = Object.entries(numbers).find(([, value]) => !(value > 0 && Number.isFinite(value)));
  return wrong && `a ${wrong[0]} of ${wrong[1]}`;
}
