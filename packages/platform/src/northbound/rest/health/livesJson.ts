/** Lives of fleets as the interface gives them. */

import { US_PER_DAY } from '@tidegate/core/clock/timestamp.ts';
import type { AssetId } from '../../../model/assets/assetModel.ts';
import type { FleetLifeEstimate, LifeCourse } from '../../../monitor/health/lives/fleetLifeEstimate.ts';
import type { FleetLifeVersion } from '../../../monitor/health/lives/fleetLifeModel.ts';
import type { FleetLifeStanding } from '../../../monitor/health/lives/fleetLifeStanding.ts';
import type { LifeUnit } from '../../../monitor/health/lives/lifeUnit.ts';
import type {
  Fleet,
  FleetCard,
  FleetCourses,
  FleetDetail,
  FleetEstimate,
  FleetModel,
  FleetUnit,
} from '../../contract/healthLives.ts';
import type { HealthAsset } from '../../contract/healthParts.ts';
import { columnJson, lifeJson, numberJson } from './healthNumbers.ts';

export function fleetJson({
  life,
  units,
  model,
  isOutdated,
  isLearning,
  refused,
  renewedAt,
}: FleetLifeStanding): Fleet {
  const { name, type, description, failure, cycleUs, horizonUs, members } = life;
  return {
    ...{ name, type, description, failure, cycleDays: cycleUs / US_PER_DAY, horizonDays: horizonUs / US_PER_DAY },
    assets: members.length,
    counts: {
      failed: units.filter(({ ended }) => ended === 'failure').length,
      replaced: units.filter(({ ended }) => ended === 'replaced').length,
      running: units.filter(({ ended }) => ended === undefined).length,
    },
    model: model ? modelJson(model) : null,
    ...{ outdated: isOutdated, learning: isLearning },
    ...{ refused: refused?.detail ?? null, renewedAt: renewedAt ?? null },
  };
}

export function fleetDetail(standing: FleetLifeStanding, models: readonly FleetLifeVersion[], at: number): FleetDetail {
  const { life, units, model } = standing;
  return {
    ...fleetJson(standing),
    ...{ at, signals: [...life.signals], settings: [...life.settings] },
    members: life.members.map((member) => ({ asset: assetJson(member), watch: member.watch })),
    units: units.map(unitJson),
    card: model ? cardJson(model) : null,
    models: models.map(modelJson).sort((a, b) => b.number - a.number),
  };
}

export function estimateJson(estimate: FleetLifeEstimate, horizonUs: number): FleetEstimate {
  const { life, unit, at, ageDays, left, refused, model, method, coverage, quality, sentence } = estimate;
  return {
    ...{ lives: life, asset: assetJson(estimate), number: unit?.number ?? null, at, ageDays: ageDays ?? null },
    ...lifeJson({ life: left, noLife: refused?.detail }),
    horizonDays: horizonUs / US_PER_DAY,
    ...{ coverage, model, method, quality: numberJson(quality) },
    reasons: estimate.reasons.map((reason) => ({ ...reason })),
    similar: estimate.similar.map(({ number, leftDays, distance, ...of }) => {
      return { asset: assetJson(of), number, leftDays, distanceDays: distance };
    }),
    sentence,
  };
}

export function coursesJson(courses: readonly LifeCourse[]): FleetCourses['courses'] {
  return courses.map(({ number, ended, times, indexDays, ...of }) => ({
    ...{ asset: assetJson(of), number, ended: ended ?? null },
    ...{ times: [...times], indexDays: columnJson(indexDays) },
  }));
}

function assetJson({ asset, assetPath }: { readonly asset: AssetId; readonly assetPath: string }): HealthAsset {
  return { id: asset, path: assetPath };
}

function unitJson({ number, start, end, ended, case: of, ...unit }: LifeUnit): FleetUnit {
  return {
    ...{ asset: assetJson(unit), number, start: start ?? null, end: end ?? null },
    ...{ ended: ended ?? null, case: of ?? null },
  };
}

function modelJson({ number, learnedAt, by, card }: FleetLifeVersion): FleetModel {
  const { method, units, backtest } = card;
  const failures = units.filter(({ ended }) => ended === 'failure').length;
  return {
    ...{ number, learnedAt, by, method, lives: units.length, failures },
    backtest: backtest ? { ...backtest, errorDaysOfAges: backtest.errorDaysOfAges ?? null } : null,
  };
}

function cardJson(model: FleetLifeVersion): FleetCard {
  const { version, notes, start, end, knownAt, coverage, signals, settings, weibull, hazards, seed, units } =
    model.card;
  return {
    ...modelJson(model),
    ...{ version, notes: [...notes], start, end, knownAt, coverage, signals: [...signals], settings: [...settings] },
    ...{ weibull: weibull ? { ...weibull } : null, hazards: hazards.map((hazard) => ({ ...hazard })), seed },
    units: units.map(({ cycles, ...unit }) => ({ ...unitJson(unit), cycles })),
  };
}
