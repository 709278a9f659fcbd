/** Numbers of equipment health as JSON, which knows neither infinity nor what is not a number. */

import type { LifeLeft } from '@tidegate/health/profile/assessment.ts';
import type { HealthLife } from '../../contract/healthParts.ts';

export function numberJson(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

export function columnJson(values: ArrayLike<number>): (number | null)[] {
  return Array.from(values, numberJson);
}

export function lifeJson({
  life,
  noLife,
}: {
  readonly life: LifeLeft | undefined;
  readonly noLife: string | undefined;
}): {
  readonly life: HealthLife | null;
  readonly noLife: string | null;
} {
  if (!life) return { life: null, noLife: noLife ?? null };
  const { medianDays, lowDays, highDays } = life;
  const days = { medianDays: numberJson(medianDays), lowDays: numberJson(lowDays), highDays: numberJson(highDays) };
  return { life: days, noLife: null };
}
