/** The rows of late against those a model was learned from: whether it still knows what it judges. */

import { US_PER_DAY } from '@tidegate/core/clock/timestamp.ts';
import { z } from 'zod';
import { SEEN_WINDOW_US } from '../models/learnModel.ts';
import { binOf, type SeenFeature, type SeenRows, stabilityIndex } from '../models/seenRows.ts';

/** Of one feature, in the rows of late. */
export interface FeatureHealth {
  readonly name: string;
  /** Share of the values that lie below or above all that were learned from. */
  readonly outside: number;
  /** Share of the rows in which it has no value. */
  readonly missing: number;
  /** Population stability index, and what it would have to come to. */
  readonly shift: number;
  readonly shiftLimit: number;
}

export interface ModelHealth {
  /** Rows of late, and the days that they are taken from. */
  readonly rows: number;
  readonly days: number;
  readonly features: readonly FeatureHealth[];
  /** Share of the rows in which any feature is outside, and in operating modes that were not learned. */
  readonly outside: number;
  readonly unknownMode: number;
  /** Share of the rows without a score. */
  readonly unscored: number;
  /** What is no longer as it was, a sentence each; empty where the model still knows what it judges. */
  readonly says: readonly string[];
}

interface DayCounts {
  /** Whole days since 1970 UTC. */
  readonly day: number;
  rows: number;
  outside: number;
  unknownMode: number;
  unscored: number;
  /** By feature of the model: its bins, then values outside, then rows without a value. */
  readonly features: number[][];
}

const DAYS = SEEN_WINDOW_US / US_PER_DAY;
/** Of fewer rows nothing is said. */
const LEAST_ROWS = 100;
/** From such a share on it is said. */
const MUCH = 0.2;
const MUCH_UNSCORED = 0.5;
/** Rows are others above this stability index, see `stabilityIndex`, unless the learned ones differed from each other as much. */
const SHIFT = 0.25;
const SHIFT_BEYOND_USUAL = 1.5;

const DAY_COUNTS = z.object({
  ...{ day: z.number(), rows: z.number(), outside: z.number(), unknownMode: z.number(), unscored: z.number() },
  features: z.array(z.array(z.number())),
});

export class RecentRows {
  readonly #seen: SeenRows;
  /** Places of the features of the model in a row of the watch. */
  readonly #places: readonly number[];
  #days: DayCounts[] = [];

  /** `names` are those of a row, `state` what `state()` gave; one that does not fit is forgotten. */
  constructor(seen: SeenRows, names: readonly string[], state?: unknown) {
    this.#seen = seen;
    this.#places = seen.features.map(({ name }) => names.indexOf(name));
    const read = z.array(DAY_COUNTS).safeParse(state);
    if (read.success && read.data.every((day) => this.#fits(day))) this.#days = read.data;
  }

  push(time: number, row: Float64Array, mode: number, isScored: boolean): void {
    const counts = this.#countsOf(Math.floor((time - 1) / US_PER_DAY));
    let isOutside = false;
    for (const [at, feature] of this.#seen.features.entries()) {
      const value = row[this.#places[at]];
      const bins = feature.edges.length + 1;
      if (!Number.isFinite(value)) {
        counts.features[at][bins + 1]++;
        continue;
      }
      counts.features[at][binOf(feature.edges, value)]++;
      if (value >= feature.least && value <= feature.most) continue;
      counts.features[at][bins]++;
      isOutside = true;
    }
    counts.rows++;
    if (isOutside) counts.outside++;
    if (!isScored) counts.unscored++;
    else if (mode < 0) counts.unknownMode++;
  }

  health(): ModelHealth {
    const rows = this.#sum((day) => day.rows);
    const share = (of: (day: DayCounts) => number) => (rows > 0 ? this.#sum(of) / rows : 0);
    const features = this.#seen.features.map((feature, at) => this.#featureHealth(feature, at, rows));
    const health = {
      ...{ rows, days: DAYS, features },
      outside: share((day) => day.outside),
      unknownMode: share((day) => day.unknownMode),
      unscored: share((day) => day.unscored),
    };
    return { ...health, says: rows < LEAST_ROWS ? [] : sentences(health) };
  }

  /** As JSON. */
  state(): unknown {
    return this.#days;
  }

  #featureHealth({ name, edges, shares, usualShift }: SeenFeature, at: number, rows: number): FeatureHealth {
    const bins = edges.length + 1;
    const counts = Array.from({ length: bins + 2 }, (_, bin) => this.#sum(({ features }) => features[at][bin]));
    const values = rows - counts[bins + 1];
    return {
      name,
      outside: values > 0 ? counts[bins] / values : 0,
      missing: rows > 0 ? counts[bins + 1] / rows : 0,
      shift: stabilityIndex(shares, counts.slice(0, bins)),
      shiftLimit: Math.max(SHIFT, SHIFT_BEYOND_USUAL * usualShift),
    };
  }

  #countsOf(day: number): DayCounts {
    const last = this.#days.at(-1);
    if (last && last.day >= day) return last;
    const features = this.#seen.features.map(({ edges }) => new Array<number>(edges.length + 3).fill(0));
    const counts = { day, rows: 0, outside: 0, unknownMode: 0, unscored: 0, features };
    this.#days = [...this.#days.filter((one) => one.day > day - DAYS), counts];
    return counts;
  }

  #fits({ features }: DayCounts): boolean {
    const seen = this.#seen.features;
    return features.length === seen.length && features.every((bins, at) => bins.length === seen[at].edges.length + 3);
  }

  #sum(of: (day: DayCounts) => number): number {
    return this.#days.reduce((sum, day) => sum + of(day), 0);
  }
}

function sentences({ days, features, outside, unknownMode, unscored }: Omit<ModelHealth, 'says'>): readonly string[] {
  const said: string[] = [];
  const percent = (share: number) => `${Math.round(100 * share)} % of the rows of the last ${days} days`;
  const namesOf = (holds: (feature: FeatureHealth) => boolean) => {
    const names = features.filter(holds).map(({ name }) => name);
    return names.length > 0 ? `: ${names.join(', ')}` : '';
  };
  if (outside > MUCH) {
    const most = Math.max(...features.map((feature) => feature.outside));
    const where = namesOf((feature) => feature.outside > most / 2);
    said.push(`${percent(outside)} lie outside what the model has seen${where}.`);
  }
  if (unknownMode > MUCH) said.push(`${percent(unknownMode)} are in operating modes that the model has not seen.`);
  if (unscored > MUCH_UNSCORED) {
    said.push(`${percent(unscored)} have no score${namesOf(({ missing }) => missing > MUCH_UNSCORED)}.`);
  }
  const shifted = namesOf(({ shift, shiftLimit }) => shift > shiftLimit);
  if (shifted && outside <= MUCH) said.push(`What comes is spread otherwise than what was learned from${shifted}.`);
  return said;
}
