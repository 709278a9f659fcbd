/** What of the answers about equipment health the commands use. Times are microseconds since 1970 UTC. */

export interface Life {
  readonly medianDays: number | null;
  readonly lowDays: number | null;
  readonly highDays: number | null;
}

interface WithLife {
  readonly life: Life | null;
  readonly noLife: string | null;
}

interface ShownFeature extends WithLife {
  readonly name: string;
  readonly unit: string;
  readonly value: number | null;
  readonly level: number | null;
  readonly normal: number | null;
  readonly evidence: number | null;
  readonly since: number | null;
  readonly perDay: number | null;
  readonly limit: { readonly at: number; readonly side: string } | null;
}

export interface ShownWatch extends WithLife {
  readonly id: string;
  readonly name: string;
  readonly asset: { readonly path: string };
  readonly description: string;
  readonly state: string;
  readonly why: string | null;
  readonly progress: number | null;
  readonly model: number | null;
  readonly shadows: readonly number[];
  readonly brokenShadows: readonly { readonly model: number; readonly why: string }[];
  readonly at: number | null;
  readonly score: number | null;
  readonly threshold: number | null;
  readonly unscored: string | null;
  readonly quality: number | null;
  readonly strange: boolean;
  readonly drifting: boolean;
  readonly features: readonly ShownFeature[];
  readonly fatigue: readonly (WithLife & {
    readonly name: string;
    readonly part: string;
    readonly cause: string;
    readonly damage: number | null;
    readonly perDay: number | null;
  })[];
  readonly openCase: number | null;
}

/** What an asset has left, by the lives of others like it. */
export interface FleetEstimate extends WithLife {
  readonly lives: string;
  readonly asset: { readonly path: string };
  readonly ageDays: number | null;
  readonly horizonDays: number;
  readonly quality: number | null;
  readonly reasons: readonly { readonly feature: string; readonly days: number }[];
  readonly similar: readonly {
    readonly asset: { readonly path: string };
    readonly number: number;
    readonly leftDays: number;
  }[];
  readonly sentence: string;
}

export interface FleetEstimates {
  readonly estimates: readonly FleetEstimate[];
}

interface FleetModel {
  readonly number: number;
  readonly learnedAt: number;
  readonly by: string;
  readonly method: string;
  readonly lives: number;
  readonly failures: number;
  readonly backtest: {
    readonly lives: number;
    readonly errorDays: number;
    readonly errorDaysOfAges: number | null;
    readonly coverage: number;
  } | null;
}

interface ShownFleet {
  readonly name: string;
  readonly type: string;
  readonly description: string;
  readonly failure: string;
  readonly horizonDays: number;
  readonly assets: number;
  readonly counts: Readonly<Record<'failed' | 'replaced' | 'running', number>>;
  readonly model: FleetModel | null;
  readonly outdated: boolean;
  readonly learning: boolean;
  readonly refused: string | null;
}

export interface FleetList {
  readonly lives: readonly ShownFleet[];
}

export interface FleetDetail extends ShownFleet {
  readonly card: {
    readonly notes: readonly string[];
    readonly signals: readonly string[];
    readonly settings: readonly string[];
    readonly weibull: { readonly shape: number; readonly scaleDays: number } | null;
  } | null;
}

export interface WatchList {
  readonly watches: readonly ShownWatch[];
  readonly counts: Readonly<Record<'learning' | 'scoring' | 'blind' | 'alarming' | 'all', number>>;
}

export interface WatchDetail extends ShownWatch {
  readonly intervalSeconds: number;
  readonly condition: string | null;
  readonly learnDays: number;
  readonly budget: { readonly alarms: number; readonly perDays: number };
  readonly definitions: readonly {
    readonly name: string;
    readonly of: string;
    readonly measure: string;
    readonly leftOut: boolean;
  }[];
  readonly report: {
    readonly rows: number;
    readonly start: number;
    readonly end: number;
    readonly modes: number;
    readonly notes: readonly string[];
  } | null;
  readonly comparisons: readonly {
    readonly model: number;
    readonly rows: number;
    readonly activeAlarms: number;
    readonly shadowAlarms: number;
    readonly agreement: number | null;
  }[];
  readonly modelDrift: { readonly says: readonly string[] } | null;
  readonly fleet: readonly FleetEstimate[];
  readonly learning: {
    readonly by: string;
    readonly foundDays: number;
    readonly neededDays: number;
    readonly underWay: boolean;
    readonly refused: string | null;
  } | null;
}

export interface ShownCase extends WithLife {
  readonly number: number;
  readonly state: string;
  readonly rank: number | null;
  readonly rankReason: string | null;
  readonly group: { readonly count: number; readonly place: string; readonly since: number } | null;
  readonly watch: { readonly name: string };
  readonly asset: { readonly path: string };
  readonly sentence: string;
  readonly failure: string | null;
  readonly severity: string;
  readonly consequence: string;
  readonly since: number;
  readonly openedAt: number;
  readonly lastAlertAt: number;
  readonly closedAt: number | null;
  readonly quality: number;
  readonly quietSince: number | null;
  readonly snoozedUntil: number | null;
  readonly outcome: string | null;
}

export interface CaseList {
  readonly cases: readonly ShownCase[];
  readonly total: number;
  readonly counts: Readonly<Record<'open' | 'ordered' | 'snoozed' | 'closed', number>>;
}

export interface CaseDetail extends ShownCase {
  readonly action: string;
  readonly bring: readonly string[];
  readonly isolations: readonly string[];
  readonly site: { readonly where: string; readonly access: string } | null;
  readonly fleet: readonly FleetEstimate[];
  readonly reasons: {
    readonly kind: string;
    readonly mode: string | null;
    readonly signs: readonly {
      readonly feature: string;
      readonly unit: string;
      readonly now: number | null;
      readonly normal: number | null;
      readonly since: number | null;
      readonly perDay: number | null;
      readonly limit: number | null;
      readonly proven: boolean;
    }[];
    readonly fatigue: readonly {
      readonly name: string;
      readonly damage: number | null;
      readonly perDay: number | null;
    }[];
    readonly similar: readonly { readonly number: number; readonly likeness: number; readonly outcome: string }[];
  };
  readonly orders: readonly {
    readonly reference: string | null;
    readonly trouble: string | null;
    readonly port: string;
    readonly by: string;
    readonly at: number;
  }[];
  readonly finding: {
    readonly outcome: string;
    readonly failure: string | null;
    readonly notes: string;
    readonly repaired: boolean;
    readonly photos: readonly string[];
    readonly by: string;
    readonly at: number;
  } | null;
  readonly photos: readonly { readonly photo: string }[];
  readonly history: readonly {
    readonly at: number;
    readonly what: string;
    readonly by: string;
    readonly why: string;
  }[];
}

export interface Evidence {
  readonly signs: readonly {
    readonly feature: string;
    readonly mean: readonly (number | null)[];
    readonly normal: { readonly at: number } | null;
    readonly limit: { readonly at: number } | null;
  }[];
}

export interface ShownModel {
  readonly number: number;
  readonly state: string;
  readonly learnedAt: number;
  readonly by: string;
  readonly fits: boolean;
  readonly start: number;
  readonly end: number;
  readonly rows: number;
  readonly file: string | null;
  readonly threshold: number;
  readonly backtest: { readonly rows: number; readonly days: number; readonly alarms: number };
  readonly notes: readonly string[];
}

export interface ModelDone {
  readonly done: string;
}

interface Account {
  readonly opened: number;
  readonly confirmed: number;
  readonly otherCause: number;
  readonly nothingFound: number;
  readonly precision: { readonly words: string };
  readonly lead: { readonly medianDays: number } | null;
  readonly equipmentYears: number;
  readonly falsePerYear: number | null;
  readonly overdue: readonly number[];
}

export interface HealthLedger extends Account {
  readonly start: number;
  readonly end: number;
  readonly watches: readonly (Account & { readonly watch: string })[];
}

export interface HealthLabels {
  readonly labels: readonly {
    readonly watch: string;
    readonly start: number;
    readonly end: number;
    readonly outcome: string;
    readonly failure: string | null;
    readonly number: number;
    readonly by: string;
  }[];
}

export interface FeatureExport {
  readonly rows: number;
  readonly file: string;
  readonly card: string;
}
