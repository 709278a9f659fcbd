/** Cases as they are asked for: the list by rank, and one of them whole. */

import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import type { z } from 'zod';
import { byUrgency, type RankedCase } from '../../../monitor/health/cases/byUrgency.ts';
import type { HealthCase as KeptCase } from '../../../monitor/health/cases/healthCase.ts';
import type { HealthCaseDetail, HealthCaseList, HealthCaseListQuery } from '../../contract/healthCase.ts';
import { answer, type Outcome } from '../outcome.ts';
import { caseDetail, caseSummary } from './caseJson.ts';
import type { HealthDoor } from './healthDoor.ts';
import { assetFilter, lookUpWatch } from './watchLookup.ts';

export function listCases(
  door: HealthDoor,
  { show, state, asset, watch, limit }: z.output<typeof HealthCaseListQuery>,
  now: Timestamp,
): Outcome<HealthCaseList> {
  const isOfAsset = assetFilter(asset);
  if (!isOfAsset.ok) return isOfAsset;
  const asked = watch === undefined ? undefined : lookUpWatch(door.watches, watch);
  if (asked && !asked.ok) return asked;
  const all = door.cases.list({});
  if (!all.ok) return { ...all, extras: {} };
  const ranks = ranksOf(all.value, now);
  const matching = all.value.filter(
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
    counts: {
      open: all.value.filter((kept) => kept.state === 'open').length,
      ordered: all.value.filter((kept) => kept.state === 'ordered').length,
      snoozed: all.value.filter((kept) => isShown(kept, 'snoozed', now)).length,
      closed: all.value.filter((kept) => kept.state === 'closed').length,
    },
  });
}

export function readCase(door: HealthDoor, number: number, now: Timestamp): Outcome<HealthCaseDetail> {
  const kept = door.cases.get(number);
  if (!kept.ok) return { ...kept, extras: {} };
  const pending = door.cases.list({ states: ['open', 'ordered'] });
  if (!pending.ok) return { ...pending, extras: {} };
  const history = door.cases.history(number);
  if (!history.ok) return { ...history, extras: {} };
  const photos = door.cases.photos(number);
  if (!photos.ok) return { ...photos, extras: {} };
  const surroundings = {
    ...{ watchName: nameOf(door, kept.value), ranked: ranksOf(pending.value, now).get(number) },
    ...{ history: history.value, photos: photos.value, ports: door.orders.names },
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
