/** What a log of alarms says about the alarm system: its load, its floods, and the alarms that are no use. */

import type { AlarmHappening } from '@tidegate/core/alarm/alarmRecord.ts';
import type { JournalRecord } from '../journalRecord.ts';
import { type AlarmEpisode, episodesOf } from './alarmEpisode.ts';
import { type AlarmFlood, findFloods } from './alarmFlood.ts';
import { type AlarmRate, alarmRate, TEN_MINUTES_US } from './alarmRate.ts';
import { firstOfEach, floodSimilarity } from './floodSimilarity.ts';
import {
  type AlarmNuisance,
  type DuplicateAlarms,
  findDuplicates,
  findNuisance,
  NUISANCE_LIMITS,
  type NuisanceLimits,
} from './nuisance.ts';

export interface AnalysisOptions {
  /** `start <= time < end`, µs. */
  readonly start: number;
  readonly end: number;
  /** Among how many operators the alarms are shared; 1 where it is left out. */
  readonly operators?: number;
  readonly limits?: NuisanceLimits;
}

/** A flood, and the alarms of it in the order in which each first came, the first fifty. */
export interface FloodSummary extends Omit<AlarmFlood, 'sequence'> {
  readonly activations: number;
  readonly first: readonly Pick<AlarmEpisode, 'key' | 'activated'>[];
}

export interface AlikeFlood {
  readonly flood: FloodSummary;
  /** As `floodSimilarity`. */
  readonly similarity: number;
  /** What people did during it and in the ten minutes after. */
  readonly done: readonly JournalRecord[];
}

export interface AnalysedFlood {
  readonly flood: FloodSummary;
  /** Earlier floods like it, the most alike first. */
  readonly alike: readonly AlikeFlood[];
}

export interface AlarmAnalysis {
  readonly activations: number;
  readonly rate: AlarmRate;
  readonly floods: readonly AnalysedFlood[];
  /** Share of the period that was spent in floods, from 0 to 1. */
  readonly shareInFlood: number;
  /** One entry an alarm, the worst actor first. */
  readonly alarms: readonly AlarmNuisance[];
  /** Share of all activations that the ten worst make. */
  readonly shareOfTopTen: number;
  readonly duplicates: readonly DuplicateAlarms[];
}

const ALIKE_FROM = 0.5;
const MOST_ALIKE = 3;
const MOST_IN_SEQUENCE = 50;
/** Each flood is compared with so many before it at most. */
const MAX_COMPARED = 200;
const BY_PEOPLE: ReadonlySet<AlarmHappening> = new Set([
  'acknowledged',
  'reset',
  'shelved',
  'unshelved',
  'out-of-service',
  'in-service',
]);

/** `records` are in the order of time; those before `start` are there for what was active then, and for earlier floods. */
export function analyseAlarms(records: readonly JournalRecord[], options: AnalysisOptions): AlarmAnalysis {
  const { start, end, operators = 1, limits = NUISANCE_LIMITS } = options;
  const announced = episodesOf(records).filter(({ activated, priority }) => activated < end && priority !== 'journal');
  const within = announced.filter(({ activated }) => activated >= start).map((episode) => endedBy(episode, end));
  const floods = findFloods(announced);
  const asked = floods.flatMap((flood, at) =>
    flood.end < start
      ? []
      : [{ flood: summaryOf(flood), alike: alikeOf(flood, floods.slice(Math.max(0, at - MAX_COMPARED), at), records) }],
  );
  const inFlood = asked.reduce((sum, { flood }) => sum + flood.end - Math.max(start, flood.start), 0);
  const alarms = findNuisance(within, end, limits);
  return {
    activations: within.length,
    rate: alarmRate(within, start, end, operators),
    floods: asked,
    shareInFlood: inFlood / Math.max(1, end - start),
    alarms,
    shareOfTopTen: alarms.slice(0, 10).reduce((sum, { share }) => sum + share, 0),
    duplicates: findDuplicates(within, limits),
  };
}

/** What came after the end of the period was not known in it. */
function endedBy(episode: AlarmEpisode, end: number): AlarmEpisode {
  const { returned, acknowledged } = episode;
  const known = (time: number | undefined) => (time !== undefined && time < end ? time : undefined);
  return { ...episode, returned: known(returned), acknowledged: known(acknowledged) };
}

function alikeOf(flood: AlarmFlood, earlier: readonly AlarmFlood[], records: readonly JournalRecord[]): AlikeFlood[] {
  return earlier
    .map((other) => ({ flood: other, similarity: floodSimilarity(flood, other) }))
    .filter(({ similarity }) => similarity >= ALIKE_FROM)
    .sort((a, b) => b.similarity - a.similarity)
    .slice(0, MOST_ALIKE)
    .map(({ flood: other, similarity }) => ({ flood: summaryOf(other), similarity, done: doneDuring(other, records) }));
}

function summaryOf({ sequence, ...flood }: AlarmFlood): FloodSummary {
  const first = firstOfEach(sequence).slice(0, MOST_IN_SEQUENCE);
  return {
    ...{ ...flood, activations: sequence.length },
    first: first.map(({ key, activated }) => ({ key, activated })),
  };
}

function doneDuring({ start, end }: AlarmFlood, records: readonly JournalRecord[]): JournalRecord[] {
  return records.filter(
    ({ time, happening, by }) =>
      time >= start && time < end + TEN_MINUTES_US && BY_PEOPLE.has(happening) && by !== undefined,
  );
}
