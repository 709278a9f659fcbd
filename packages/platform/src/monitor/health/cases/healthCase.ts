/** One degradation of one equipment, from the first alert to what a person found on site. */

import type { LifeLeft } from '@tidegate/health/profile/assessment.ts';
import type { AssetId } from '../../../model/assets/assetModel.ts';
import type { Severity, SitePlace } from '../definition/healthWatch.ts';

export const CASE_STATES = ['open', 'ordered', 'closed'] as const;
export type CaseState = (typeof CASE_STATES)[number];

/** It drifts, it changed at once as a sensor or a unit does, its rows are strange, or its parts are worn by what they bear. */
export const ALERT_KINDS = ['drift', 'step', 'strange', 'wear'] as const;
export type AlertKind = (typeof ALERT_KINDS)[number];

/** A feature that speaks for the case. */
export interface CaseSign {
  readonly feature: string;
  readonly unit: string;
  readonly now: number;
  readonly normal: number;
  /** Share of what makes the rows strange, 0 to 1. */
  readonly share: number;
  /** µs since 1970 UTC; NaN where no beginning can be told. */
  readonly since: number;
  /** Of late: against the drift where that goes back. */
  readonly perDay: number;
  readonly limit: number | undefined;
  /** Whether the drift is proven by the budget; else it is only among what makes the rows strange. */
  readonly proven: boolean;
}

/** Why there is a case, as it stood at the last alert. */
export interface CaseReasons {
  readonly kind: AlertKind;
  /** What a technician reads. */
  readonly sentence: string;
  /** The failure that fits best, by its name in the model; `undefined` where none does. */
  readonly failure: string | undefined;
  /** Operating mode in which it shows, in words. */
  readonly mode: string | undefined;
  readonly signs: readonly CaseSign[];
  readonly fatigue: readonly { readonly name: string; readonly damage: number; readonly perDay: number }[];
  /** Earlier cases that looked like this one, the most like it first. */
  readonly similar: readonly { readonly number: number; readonly likeness: number; readonly outcome: FindingOutcome }[];
  /** The least share of good data behind the alerts, and their highest score (-log10 of a probability; 0 where none has one). */
  readonly quality: number;
  readonly score: number;
}

export const FINDING_OUTCOMES = ['confirmed', 'other-cause', 'nothing-found'] as const;
export type FindingOutcome = (typeof FINDING_OUTCOMES)[number];

/** What the person at site found. */
export interface Finding {
  readonly outcome: FindingOutcome;
  /** A failure of the model, or other words for what it was; `undefined` where nothing was found. */
  readonly failure: string | undefined;
  readonly notes: string;
  /** Whether the equipment was put right, so that what is normal is learned anew from here on. */
  readonly repaired: boolean;
  readonly photos: readonly string[];
  readonly by: string;
  /** When it was looked at (µs since 1970 UTC), and when it failed, where it did before. */
  readonly at: number;
  readonly failedAt?: number | undefined;
}

export interface PlacedOrder {
  /** The same for every attempt: `<case>-<order of the case>`. */
  readonly key: string;
  /** What the system of orders calls it; `undefined` until it has taken it. */
  readonly reference: string | undefined;
  /** Why it has not been taken yet. */
  readonly trouble: string | undefined;
  readonly port: string;
  readonly by: string;
  readonly comment: string;
  readonly at: number;
}

/** A photo from the site; its name is that of its bytes. */
export interface CasePhoto {
  readonly case: number;
  /** `<SHA-256 in hex>.<jpg|png|webp>`. */
  readonly name: string;
  readonly mediaType: 'image/jpeg' | 'image/png' | 'image/webp';
  readonly bytes: number;
  readonly by: string;
  readonly at: number;
}

export const CHANGE_KINDS = [
  ...(['opened', 'alert', 'quiet', 'snoozed', 'woken', 'ordered', 'order-placed', 'order-failed'] as const),
  ...(['found', 'closed', 'reopened', 'undone', 'photo', 'commented'] as const),
] as const;
export type ChangeKind = (typeof CHANGE_KINDS)[number];

/** Who does what Tidegate does by itself. */
export const MACHINE = 'tidegate';

/** One line of the history of a case. */
export interface CaseChange {
  readonly id: number;
  readonly case: number;
  readonly at: number;
  readonly by: string;
  readonly kind: ChangeKind;
  readonly why: string;
  /** The case as it stood after it. */
  readonly after: HealthCase;
}

export interface HealthCase {
  readonly number: number;
  readonly watch: string;
  readonly asset: AssetId;
  readonly assetPath: string;
  readonly model: number;
  readonly state: CaseState;
  /** µs since 1970 UTC, as all times here: since when it degrades, when the case was opened, and the last alert. */
  readonly since: number;
  readonly openedAt: number;
  /** The first case of those that were opened with it, on the same site within an interval; `undefined` of the first, and of a lone one. */
  readonly beganWith: number | undefined;
  readonly lastAlertAt: number;
  /** Rows have been as usual since then, for days; `undefined` where they are not, or nobody knows. */
  readonly quietSince: number | undefined;
  readonly severity: Severity;
  readonly consequence: string;
  readonly action: string;
  readonly bring: readonly string[];
  readonly isolations: readonly string[];
  readonly site: SitePlace | undefined;
  /** `undefined` where the data carry no estimate; `noLife` says why. */
  readonly life: LifeLeft | undefined;
  readonly noLife: string | undefined;
  readonly reasons: CaseReasons;
  readonly snoozedUntil: number | undefined;
  readonly orders: readonly PlacedOrder[];
  readonly finding: Finding | undefined;
  readonly closedAt: number | undefined;
}
