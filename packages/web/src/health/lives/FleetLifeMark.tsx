/** What an asset has left by the lives of others, as of now. */

import type { FleetEstimate } from '@tidegate/platform/northbound/contract/healthLives.ts';
import { LifeMark } from '../LifeMark.tsx';
import { lifeFrom } from '../lifeLeft.ts';

const MS_PER_DAY = 86_400e3;

interface FleetLifeMarkProps {
  readonly estimate: FleetEstimate;
  readonly nowMs: number;
}

export function FleetLifeMark({ estimate: { life, noLife, at, horizonDays }, nowMs }: FleetLifeMarkProps) {
  const goneDays = Math.max(0, nowMs - at / 1_000) / MS_PER_DAY;
  const left = life && lifeFrom(life, at, nowMs * 1_000);
  return <LifeMark life={left} noLife={noLife} horizonDays={horizonDays - goneDays} />;
}
