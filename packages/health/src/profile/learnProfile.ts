/** Learns what is normal for one equipment from rows of its features, and says how sure that is. */

import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { carriesBudget } from '../threshold/carriesBudget.ts';
import { changedUnit } from './changedUnit.ts';
import { EquipmentProfile } from './equipmentProfile.ts';
import type { FeatureNormal } from './featureNormal.ts';
import type { LearnedProfile } from './learnedProfile.ts';
import { type LevelSlots, learnFeatureNormal } from './learnFeatureNormal.ts';
import { learningNotes } from './learningNotes.ts';
import { type FeatureRowsLike, type LearningRows, learningRows } from './learningRows.ts';
import { learnRowNormals } from './learnRowNormals.ts';
import { learnRowScores } from './learnRowScores.ts';
import { fittedClock, type LevelClock, levelClock } from './levelClock.ts';
import { learnOutsideScores } from './outsideScores.ts';
import type { ProfileSpec } from './profileSpec.ts';
import { reachNote } from './reachNote.ts';
import { learnRowSeasons, withoutSeasons } from './rowSeasons.ts';
import { slotTable } from './slotTable.ts';
import { strayRows } from './strayRows.ts';

/** Of the budget, so much goes to strange rows, and the rest to drifts. */
const SHARE_OF_SCORE = 0.5;
/** Rows further apart than so many intervals are no neighbours. */
const NEIGHBOURS = 1.5;

/**
 * Rows of sound equipment: the better they show all that it does, the less is told for nothing. `outside` is what a model from
 * elsewhere says of each of them, higher is stranger: such scores then take the place of those that are learned here, and
 * drifts, modes and contributions stay. `health.bad-data` where spec or rows do not fit each other, or a feature changed its
 * unit within them; `health.too-little` where they carry no profile.
 */
export function learnProfile(
  table: FeatureRowsLike,
  spec: ProfileSpec,
  outside?: Float64Array,
): Result<LearnedProfile> {
  const all = learningRows(table, spec);
  if (!all.ok) return all;
  const left = withoutStrays(table, all.value, spec);
  if (!left.ok) return left;
  const learning = left.value;
  const { times, kept, leftOut, columns } = learning;
  const spanUs = times[times.length - 1] - times[0] + spec.intervalUs;
  const daily = levelClock(spec.intervalUs, spanUs);
  const read = slotTable(daily, times, columns);
  const clock = fittedClock(daily, read.slots);
  const units = kept.map((i) => spec.features[i].unit);
  const changed = changedUnit(read, clock, units);
  if (changed) return failure('health.bad-data', `'${spec.features[kept[changed.column]].name}' ${changed.says}`);
  const budget = { alarms: spec.budget.alarms * SHARE_OF_SCORE, rows: spec.budget.perUs / spec.intervalUs };
  const rowsPerPeriod = Math.round(clock.periodUs / spec.intervalUs);
  const seasons = learnRowSeasons(learning, spec.intervalUs);
  const rows = { ...learning, columns: withoutSeasons(seasons, learning, spec.intervalUs) };
  const scores = learnRowScores(linedRows(rows, spec), spec.detectors, budget, rowsPerPeriod);
  if (!scores.ok) return scores;
  const given = outside && Float64Array.from(rows.places, (row) => outside[row]);
  const others = given && learnOutsideScores(given, budget, rowsPerPeriod);
  if (others && !others.ok) return others;
  const { threshold, alarm, usualPeak } = others?.value ?? scores.value;
  const names = kept.map((i) => spec.features[i].name);
  const whole = { alarms: spec.budget.alarms, rows: spec.budget.perUs / spec.intervalUs };
  const ground = carriesBudget({ names, columns: rows.columns }, whole);
  if (!ground.ok) return ground;
  const { detector, lacks } = scores.value;
  const rowNormals = learnRowNormals(rows, spec, detector, clock, ground.value.carries);
  const normals = learnNormals({ read, judged: slotTable(clock, times, rows.columns) }, clock, kept, spec);
  const report = {
    rows: times.length,
    start: times[0],
    end: times[times.length - 1],
    leftOut,
    modes: detector.modes.length,
    threshold,
    thresholdInterval: alarm.interval,
    leastDrifts: spec.features.map((feature, i) => leastDrift(normals[kept.indexOf(i)], feature.negligible)),
    notes: learningNotes({ spec, rows, spanUs, seasons, lacks, normals, alarm, threshold, ground: ground.value }),
  };
  const learned = { detector, rowNormals, outside: others?.value.tail, usualPeak, clock, normals };
  const parts = { spec, report, kept, seasons, ...learned };
  const note = outside ? undefined : reachNote(new EquipmentProfile(parts), learning);
  const notes = note === undefined ? report.notes : [note, ...report.notes];
  return success(new EquipmentProfile({ ...parts, report: { ...report, notes } }));
}

/**
 * The budget of drifts is shared by all features, and by all levels of the time that it is for. What itself goes to a limit explains no
 * other: where a bearing wears, the sound one beside it would seem to get better.
 */
function learnNormals(
  slots: LevelSlots,
  clock: LevelClock,
  kept: readonly number[],
  { features, budget }: ProfileSpec,
): (FeatureNormal | undefined)[] {
  const alarms = budget.alarms * (1 - SHARE_OF_SCORE);
  const levels = budget.perUs / clock.periodUs;
  const chance = Math.min(0.1, alarms / (kept.length * levels));
  const explaining = kept.flatMap((at, column) => (features[at].limit === undefined ? [column] : []));
  return kept.map((_, feature) => learnFeatureNormal(slots, feature, explaining, clock, chance));
}

function leastDrift(normal: FeatureNormal | undefined, negligible: number): number {
  return normal === undefined
    ? Number.POSITIVE_INFINITY
    : Math.max(normal.reach * normal.spread, normal.nearest, negligible);
}

/** Without rows that are no operation, and with the features that change in the others. */
function withoutStrays(table: FeatureRowsLike, rows: LearningRows, spec: ProfileSpec): Result<LearningRows> {
  const lined = linedRows(rows, spec);
  const strays = new Set(strayRows(lined).map((place) => rows.places[lined.places[place]]));
  if (strays.size === 0) return success(rows);
  const quality = table.quality.map((share, row) => (strays.has(row) ? 0 : share));
  const left = learningRows({ ...table, quality }, spec);
  return left.ok
    ? success({ ...left.value, passedOver: left.value.passedOver - strays.size, strays: strays.size })
    : left;
}

/** A row of NaN stands for each gap, so that what is learned of rows in line is not learned across it. */
function linedRows({ kept, times, columns }: LearningRows, spec: ProfileSpec) {
  const places: number[] = [];
  for (let row = 0; row < times.length; row++) {
    if (row > 0 && times[row] - times[row - 1] > NEIGHBOURS * spec.intervalUs) places.push(-1);
    places.push(row);
  }
  return {
    places,
    names: kept.map((i) => spec.features[i].name),
    columns: columns.map((column) => Float64Array.from(places, (row) => (row < 0 ? Number.NaN : column[row]))),
  };
}
