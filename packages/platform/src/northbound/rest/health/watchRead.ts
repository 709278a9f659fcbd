/** Watches as they are asked for: all of them, and one with what was learned. */

import { type Timestamp, US_PER_DAY } from '@tidegate/core/clock/timestamp.ts';
import { type Result, success } from '@tidegate/core/fault/fault.ts';
import type { z } from 'zod';
import { excludedPeriods } from '../../../monitor/health/cases/labels.ts';
import type { HealthWatch } from '../../../monitor/health/definition/healthWatch.ts';
import type { HealthWatchDetail, HealthWatchList, HealthWatchListQuery } from '../../contract/healthWatch.ts';
import { answer, type Outcome } from '../outcome.ts';
import type { HealthDoor } from './healthDoor.ts';
import { estimatesOf } from './livesRead.ts';
import { type WatchSurroundings, watchDetail, watchSummary } from './watchJson.ts';
import { assetFilter, longName, lookUpWatch } from './watchLookup.ts';

const EXCLUDED_US = 365 * US_PER_DAY;

export function listWatches(
  door: HealthDoor,
  { state, asset }: z.output<typeof HealthWatchListQuery>,
  now: Timestamp,
): Outcome<HealthWatchList> {
  const isAsked = assetFilter(asset);
  if (!isAsked.ok) return isAsked;
  const around = surroundings(door);
  if (!around.ok) return { ...around, extras: {} };
  const watches = [...door.watches.values()].sort((a, b) => (longName(a) < longName(b) ? -1 : 1));
  const all = watches.map((watch) => ({ watch, summary: watchSummary(watch, around.value(watch)) }));
  const count = (kind: string) => all.filter(({ summary }) => summary.state === kind).length;
  const shown = all.filter(({ watch, summary }) => isAsked.value(watch) && (state ?? summary.state) === summary.state);
  return answer({
    at: now,
    watches: shown.map(({ summary }) => summary),
    counts: {
      ...{ learning: count('learning'), scoring: count('scoring'), blind: count('blind') },
      alarming: all.filter(({ summary }) => summary.strange || summary.drifting).length,
      all: all.length,
    },
  });
}

export function readWatch(door: HealthDoor, name: string, now: Timestamp): Outcome<HealthWatchDetail> {
  const found = lookUpWatch(door.watches, name);
  if (!found.ok) return found;
  const { id } = found.value;
  const around = surroundings(door, id);
  if (!around.ok) return { ...around, extras: {} };
  const cases = door.cases.list({ watch: id });
  if (!cases.ok) return { ...cases, extras: {} };
  const comparisons = door.scorer.comparisons(id);
  const background = {
    comparisons: comparisons.ok ? comparisons.value : [],
    modelHealth: door.scorer.modelHealth(id),
    learning: door.trainer.learning(id),
    excluded: excludedPeriods(cases.value, id, now - EXCLUDED_US, now),
    fleet: estimatesOf(door, id),
  };
  return answer(watchDetail(found.value, around.value(found.value), background));
}

/** What is known of each watch; models and cases are read once for all of them. */
function surroundings(door: HealthDoor, only?: string): Result<(watch: HealthWatch) => WatchSurroundings> {
  const models = door.models.list(only);
  if (!models.ok) return models;
  const cases = door.cases.list({ states: ['open', 'ordered'], watch: only });
  if (!cases.ok) return cases;
  const active = new Map(models.value.flatMap((model) => (model.state === 'active' ? [[model.watch, model]] : [])));
  const openCases = new Map(cases.value.map(({ watch, number }) => [watch, number]));
  return success(({ id }) => ({
    ...{ scoring: door.scorer.standing(id), active: active.get(id), openCase: openCases.get(id) },
  }));
}
