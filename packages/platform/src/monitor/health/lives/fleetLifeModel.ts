/** What was learned of the lives of a fleet: an artefact that never changes. */

import type { LifeUnit } from './lifeUnit.ts';

/**
 * From what the equipment shows (trees and nets over what the watch sees); from ages and how hard each was run (Cox); from
 * ages alone (Weibull).
 */
export const LIFE_METHODS = ['signals', 'hazards', 'ages'] as const;
export type LifeMethod = (typeof LIFE_METHODS)[number];

/** A life that was learned from. */
export interface LearnedUnit extends LifeUnit {
  /** Cycles with values of the watch; 0 where only its age is known. */
  readonly cycles: number;
}

/** How far off it is, on lives that were held out: each point is one moment of such a life, and each life counts alike. */
export interface LifeBacktest {
  readonly lives: number;
  readonly points: number;
  /** Mean of what was told less what came, without its sign (days). */
  readonly errorDays: number;
  /** The same of the ages alone, where they tell anything: what it is to be better than. */
  readonly errorDaysOfAges: number | undefined;
  /** Share of the points at which the truth lay between lower and upper. */
  readonly coverage: number;
}

/** What a person reads before trusting it. */
export interface FleetLifeCard {
  /** That of the definition it was learned with. */
  readonly version: string;
  readonly method: LifeMethod;
  /** Why it was not a method that tells more, and whatever else is to be known. */
  readonly notes: readonly string[];
  readonly units: readonly LearnedUnit[];
  /** Of the rows that were learned from, and as of when they were known (µs since 1970 UTC). */
  readonly start: number;
  readonly end: number;
  readonly knownAt: number;
  readonly cycleUs: number;
  readonly horizonUs: number;
  readonly coverage: number;
  readonly signals: readonly string[];
  readonly settings: readonly string[];
  /** The law of the ages at the end of life, where they carry one; `scaleDays` is the age by which 63 % have failed. */
  readonly weibull: { readonly shape: number; readonly scaleDays: number } | undefined;
  /** By what factor each setting raises the risk, a unit of it, and between which factors that lies (95 %). */
  readonly hazards: readonly {
    readonly setting: string;
    readonly factor: number;
    readonly lower: number;
    readonly upper: number;
  }[];
  /** `undefined` where there are too few lives to hold any out; the notes say so. */
  readonly backtest: LifeBacktest | undefined;
  readonly seed: number;
}

export interface FleetLifeVersion {
  readonly life: string;
  /** From 1, by life; the last holds. */
  readonly number: number;
  readonly learnedAt: number;
  readonly by: string;
  readonly card: FleetLifeCard;
}
