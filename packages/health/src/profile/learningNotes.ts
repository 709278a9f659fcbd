/** What a person must know of a learning time before believing what was learned from it, in plain words. */

import type { AlarmThreshold } from '../threshold/alarmThreshold.ts';
import type { BudgetGround } from '../threshold/carriesBudget.ts';
import type { FeatureNormal } from './featureNormal.ts';
import type { LearningRows } from './learningRows.ts';
import type { ProfileSpec } from './profileSpec.ts';
import type { RowSeasons } from './rowSeasons.ts';

export interface Learned {
  readonly spec: ProfileSpec;
  readonly rows: LearningRows;
  readonly spanUs: number;
  readonly seasons: RowSeasons;
  /** A sentence for each detector that the rows do not carry. */
  readonly lacks: readonly string[];
  readonly normals: readonly (FeatureNormal | undefined)[];
  readonly alarm: AlarmThreshold;
  /** What came of the alarm's own threshold. */
  readonly threshold: number;
  readonly ground: BudgetGround;
}

const DAY_US = 86_400e6;
const YEAR_DAYS = 365;
/** Levels that wander tell as much as fewer independent ones; below this the doubt is large. */
const FEW_INDEPENDENT = 10;
const MANY_PASSED_OVER = 0.2;

export function learningNotes(learned: Learned): string[] {
  const { spec, rows, spanUs, normals, alarm, threshold, ground } = learned;
  const notes = [...learned.lacks];
  const days = spanUs / DAY_US;
  const names = rows.kept.map((i) => spec.features[i].name);
  const budgetDays = spec.budget.perUs / spec.budget.alarms / DAY_US;
  if (alarm.extrapolated) {
    notes.push(
      `The learning time of ${said(days)} days is short for one false alarm in ${said(budgetDays)} days: the threshold is extrapolated, and taken at its cautious end.${floorSays(alarm, threshold)}`,
    );
  }
  if (days < YEAR_DAYS) {
    notes.push(
      `${said(days)} days show no whole year: how far a season moves the features is not known, so that only larger drifts are told.`,
    );
  }
  notes.push(...seasonNotes(learned.seasons, names));
  const unwatched = names.filter((_, i) => normals[i] === undefined);
  if (unwatched.length > 0) notes.push(`The learning time is too short to tell a drift of ${unwatched.join(', ')}.`);
  for (const [i, normal] of normals.entries()) {
    if (normal && normal.independentLevels < FEW_INDEPENDENT) {
      notes.push(
        `${names[i]} wanders slowly of itself: its levels tell as much as ${said(normal.independentLevels)} independent ones, and only a drift of ${Math.max(normal.reach * normal.spread, normal.nearest).toPrecision(2)} ${spec.features[rows.kept[i]].unit} is told.`,
      );
    }
  }
  if (!ground.carries) {
    notes.push(
      `${ground.says.join(' ')} The budget is not promised: strange rows are told only half as far again from what is expected as the furthest that was learned.`,
    );
  }
  if (rows.strays > 0) {
    const count = rows.strays === 1 ? 'One row stands' : `${rows.strays} rows stand`;
    notes.push(
      `${count} far outside of all others, alone or once: not learned from, as no operation but wrong readings are so.`,
    );
  }
  const share = rows.passedOver / (rows.passedOver + rows.times.length);
  if (share > MANY_PASSED_OVER) {
    notes.push(
      `${Math.round(100 * share)} % of the rows were passed over: a feature was missing or the data were doubtful.`,
    );
  }
  return notes;
}

function seasonNotes(seasons: RowSeasons, names: readonly string[]): string[] {
  return names.flatMap((name, i) => {
    const season = seasons[i];
    if (!season) return [];
    const isWeek = new Set(season.courseOfDay).size > 1;
    return `${name} is judged by what is usual at the time of the day${isWeek ? ' and on the day of the week' : ''}.`;
  });
}

/** Why the threshold lies outside its own interval. */
function floorSays({ interval: [low, high] }: AlarmThreshold, threshold: number): string {
  if (!(threshold > high)) return '';
  const [from, to, taken] = [low, high, threshold].map((score) => score.toFixed(2));
  return ` What was learned would allow ${from} to ${to}; ${taken} is taken, the score of a row that is as rare as the budget: a quiet time may be luck.`;
}

function said(number: number): string {
  return number >= 10 ? number.toFixed(0) : number.toPrecision(2);
}
