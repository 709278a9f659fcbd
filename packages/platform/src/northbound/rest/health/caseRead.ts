/** Cases as they are asked for: the list by rank, and one of them whole. */

import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { success } from '@tidegate/core/fault/fault.ts';
import type { z } from 'zod';
import { byUrgency, type RankedCase } from '../../../monitor/health/cases/byUrgency.ts';
import type { HealthCase as KeptCase } from '../../../monitor/health/cases/healthCase.ts';
import type { HealthCaseDetail, HealthCaseList, HealthCaseListQuery } from '../../contract/healthCase.ts';
import { answer, type Outcome } from '../outcome.ts';
import { caseDetail, caseSummary } from './caseJson.ts';
import type { HealthDoor } from './healthDoor.ts';
import { estimatesOf } from './livesRead.ts';
import { assetFilter, lookUpWatch } from './watchLookup.ts';

/** What is ranked. */
const PENDING = ['open', 'ordered'] as const;

export function listCases(
  door: HealthDoor,
  { show, state, asset, watch, limit }: z.output<typeof HealthCaseListQuery>,
  now: Timestamp,
): Outcome<HealthCaseList> {
  const isOfAsset = assetFilter(asset);
  if (!isOfAsset.ok) return isOfAsset;
  const asked = watch === undefined ? undefined : lookUpWatch(door.watches, watch);
  if (asked && !asked.ok) return asked;
  const counts = door.cases.counts(now);
  if (!counts.ok) return { ...counts, extras: {} };
  const pending = show === 'closed' ? success([]) : door.cases.list({ states: PENDING });
  if (!pending.ok) return { ...pending, extras: {} };
  const withClosed = show === 'closed' || show === 'all';
  const closed = withClosed ? door.cases.list({ states: ['closed'], watch: asked?.value.id }) : success([]);
  if (!closed.ok) return { ...closed, extras: {} };
  const ranks = ranksOf(pending.value, now);
  const matching = [...pending.value, ...closed.value].filter(
    (kept) =>
      isShown(kept, show, now) &&
      (state ?? kept.state) === kept.state &&
      (asked?.value.id ?? kept.watch) === kept.watch &&
      isOfAsset.value(kept),
  );
  const placeOf = ({ number }: KeptCase) => ranks.get(number)?.rank ?? Number.MAX_SAFE_INTEGER;
  matching.sort((a, b) => placeOf(a) - placeOf(b) || b.number - a.number);
  return answer({
    at: now,
    revision: door.cases.revision,
    cases: matching.slice(0, limit).map((kept) => caseSummary(kept, nameOf(door, kept), ranks.get(kept.number))),
    total: matching.length,
    counts: { ...counts.value },
  });
}

export function readCase(door: HealthDoor, number: number, now: Timestamp): Outcome<HealthCaseDetail> {
  const kept = door.cases.get(number);
  if (!kept.ok) return { ...kept, extras: {} };
  const pending = door.cases.list({ states: PENDING });
  if (!pending.ok) return { ...pending, extras: {} };
  const history = door.cases.history(number);
  if (!history.ok) return { ...history, extras: {} };
  const photos = door.cases.photos(number);
  if (!photos.ok) return { ...photos, extras: {} };
  const surroundings = {
    ...{ watchName: nameOf(door, kept.value), ranked: ranksOf(pending.value, now).get(number) },
    ...{ history: history.value, photos: photos.value, ports: door.orders.names },
    fleet: estimatesOf(door, kept.value.watch),
  };
  return answer(caseDetail(kept.value, surroundings));
}

function ranksOf(cases: readonly KeptCase[], now: number): ReadonlyMap<number, RankedCase> {
  return new Map(byUrgency(cases, now).map((ranked) => [ranked.case.number, ranked]));
}

function isShown(
  { state, snoozedUntil }: KeptCase,
  show: z.output<typeof HealthCaseListQuery>['show'],
  now: number,
): boolean {
  if (show === 'all') return true;
  if (state === 'closed' || show === 'closed') return state === show;
  return (snoozedUntil !== undefined && snoozedUntil > now) === (show === 'snoozed');
}

/** A case outlives the watch that raised it. */
function nameOf({ watches }: HealthDoor, { watch, asset }: KeptCase): string {
  return watches.get(watch)?.name ?? watch.slice(asset.length + 1);
}
