/** Lives of fleets as they are asked for: all of them, one with what was learned, what each asset has left, and how lives went. */

import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import type { z } from 'zod';
import type { FleetLifeEstimate } from '../../../monitor/health/lives/fleetLifeEstimate.ts';
import type { FleetLifeStanding } from '../../../monitor/health/lives/fleetLifeStanding.ts';
import type {
  FleetCourses,
  FleetDetail,
  FleetEstimate,
  FleetEstimateList,
  FleetList,
  FleetListQuery,
  FleetOperationBody,
} from '../../contract/healthLives.ts';
import { nearestNames } from '../nearestNames.ts';
import { answer, type Outcome, refusal } from '../outcome.ts';
import type { HealthDoor } from './healthDoor.ts';
import { coursesJson, estimateJson, fleetDetail, fleetJson } from './livesJson.ts';
import { assetFilter } from './watchLookup.ts';

export function listFleets(
  door: HealthDoor,
  { asset }: z.output<typeof FleetListQuery>,
  now: Timestamp,
): Outcome<FleetList> {
  const isAsked = assetFilter(asset);
  if (!isAsked.ok) return isAsked;
  const shown = door.lives.standings().filter(({ life }) => life.members.some(isAsked.value));
  return answer({ at: now, lives: shown.map(fleetJson) });
}

export function readFleet(door: HealthDoor, name: string, now: Timestamp): Outcome<FleetDetail> {
  const found = lookUp(door, name);
  if (!found.ok) return found;
  const models = door.lives.models(name);
  return models.ok ? answer(fleetDetail(found.value, models.value, now)) : { ...models, extras: {} };
}

export function listEstimates(door: HealthDoor, name: string, now: Timestamp): Outcome<FleetEstimateList> {
  const found = lookUp(door, name);
  if (!found.ok) return found;
  const estimates = door.lives.estimates(name);
  if (!estimates.ok) return { ...estimates, extras: {} };
  const { horizonUs } = found.value.life;
  const sorted = estimates.value.toSorted((a, b) => byUrgency(a, b) || (a.assetPath < b.assetPath ? -1 : 1));
  return answer({ at: now, estimates: sorted.map((estimate) => estimateJson(estimate, horizonUs)) });
}

/** What lives tell of the asset of a watch whose rows they go by. */
export function estimatesOf(door: HealthDoor, watch: string): FleetEstimate[] {
  return door.lives.standings().flatMap(({ life }) => {
    const member = life.members.find((one) => one.watch === watch);
    const estimates = member ? door.lives.estimatesOf(member.asset) : [];
    const own = estimates.filter((estimate) => estimate.life === life.name);
    return own.map((estimate) => estimateJson(estimate, life.horizonUs));
  });
}

export async function readCourses(door: HealthDoor, name: string, asset: string): Promise<Outcome<FleetCourses>> {
  const found = lookUp(door, name);
  if (!found.ok) return found;
  const { members } = found.value.life;
  const member = members.find((one) => one.asset === asset || one.assetPath === asset);
  if (!member) {
    const suggestions = nearestNames(asset, new Set(members.flatMap((one) => [one.assetPath, one.asset])));
    return refusal('asset.unknown', `The fleet of ${name} has no asset "${asset}".`, { suggestions });
  }
  const of = { lives: name, asset: { id: member.asset, path: member.assetPath } };
  const courses = await door.lives.courses(name, member.asset);
  if (courses.ok) {
    const { own, similar } = courses.value;
    return answer({ ...of, courses: coursesJson([own, ...similar]), none: null });
  }
  // That nothing shows of a life is an answer as well.
  const { code, detail } = courses.fault;
  return code === 'health.too-little' ? answer({ ...of, courses: [], none: detail }) : { ...courses, extras: {} };
}

/** Learning takes its time: what is refused at once is answered, and what comes of the rest the lives tell. */
export async function learnLives(
  door: HealthDoor,
  { lives: name, by }: z.output<typeof FleetOperationBody>,
  now: Timestamp,
): Promise<Outcome<FleetDetail>> {
  const found = lookUp(door, name);
  if (!found.ok) return found;
  const atOnce = await Promise.race([door.lives.learn(name, by), nextTurn()]);
  return atOnce && !atOnce.ok ? { ...atOnce, extras: {} } : readFleet(door, name, now);
}

function lookUp(door: HealthDoor, name: string): Outcome<FleetLifeStanding> {
  const found = door.lives.standing(name);
  if (found.ok) return answer(found.value);
  const suggestions = nearestNames(name, new Set(door.lives.standings().map(({ life }) => life.name)));
  const hint = suggestions.length > 0 ? ` The nearest is "${suggestions[0]}".` : '';
  return refusal('health.life-unknown', `The model of the plant has no lives "${name}".${hint}`, { suggestions });
}

/** What may end first, then what most likely does; what has no estimate comes last. */
function byUrgency({ left: a }: FleetLifeEstimate, { left: b }: FleetLifeEstimate): number {
  if (!a || !b) return Number(!a) - Number(!b);
  return a.lowDays - b.lowDays || a.medianDays - b.medianDays;
}
