/** What of the server's answers the command uses; the whole of them is in its OpenAPI document, `/api/v1/openapi.json`. */

import type { Lane } from '@tidegate/core/sample/lane.ts';

/** Counts of samples since the ledger began. */
export interface LedgerTotals {
  readonly samplesRead: number;
  readonly suppressed: number;
  readonly compressed: number;
  readonly refused: number;
  readonly accepted: number;
  /** What the gateway had accepted before this server knew it, less what this server held when that count began anew. */
  readonly baseline: number;
  readonly stored: number;
  /** Came and was left out, because the policy of the server does not declare the tag. */
  readonly undeclared: number;
  readonly lost: number;
  readonly inFlight: number;
  readonly unexplained: number;
  readonly balanced: boolean;
}

export interface Ledger {
  /** Microseconds since 1970 UTC, as every time of the interface. */
  readonly at: number;
  readonly total: LedgerTotals;
  readonly streams: readonly (LedgerTotals & { readonly gateway: string; readonly lane: Lane })[];
}

/** A minute of a lane: what its gateway signed, and what of it the server holds. */
export interface LedgerMinute {
  readonly minute: number;
  readonly gateway: string;
  readonly lane: Lane;
  readonly samplesRead: number;
  readonly notGood: number;
  readonly suppressed: number;
  readonly compressed: number;
  readonly refused: number;
  readonly expired: number;
  readonly spooled: number;
  readonly sent: number;
  readonly received: number;
  readonly stored: number;
  readonly verdict: 'proved' | 'holes' | 'waiting' | 'broken';
  readonly detail: string;
  readonly holes: readonly {
    readonly epoch: number;
    readonly sequence: number;
    readonly blocks: number;
    readonly reason: string;
  }[];
}

export interface LedgerMinutes {
  readonly minutes: readonly LedgerMinute[];
  readonly truncated: boolean;
}

/** The event `boundary` of the live stream. */
export interface Boundary {
  readonly streams: readonly {
    readonly gateway: string;
    readonly lane: Lane;
    readonly connected: boolean;
    readonly lagMs: number;
  }[];
}

/** The event `samples` of the live stream: columns of equal length. */
export interface LiveSamples {
  /** Index of the tag of each row. */
  readonly tags: readonly number[];
  readonly times: readonly number[];
}

export interface ServerStatus {
  /** Of the plant. */
  readonly tags: number;
}

/** A figure is `null` where there is none, and where its gateway does not report. */
export interface Device {
  readonly gateway: string;
  readonly name: string;
  readonly protocol: string | null;
  readonly line: string | null;
  readonly state: string;
  readonly since: number | null;
  /** What is wrong now, `null` while all is well. */
  readonly problem: string | null;
  readonly lastError: { readonly at: number; readonly text: string } | null;
  readonly requests: number | null;
  readonly refusals: number | null;
  readonly timeouts: number | null;
  readonly skippedScans: number | null;
  readonly roundTripP50Ms: number | null;
  readonly roundTripP99Ms: number | null;
  readonly scanLatenessP99Ms: number | null;
  readonly budgetUsed: number | null;
  readonly lineBudgetUsed: number | null;
}

export interface DeviceList {
  readonly at: number;
  readonly devices: readonly Device[];
}

/** What is known of a tag beside its samples. */
export interface Tag {
  readonly path: string;
  readonly type: 'number' | 'boolean' | 'string';
  readonly unit: string;
  readonly lane: Lane;
  readonly stepped: boolean;
  readonly low: number | null;
  readonly high: number | null;
}

/** What a question about history is answered with. */
export interface HistoryAnswer {
  readonly series: readonly SeriesColumns[];
  /** Cursor of the next page, `null` on the last. */
  readonly next: string | null;
}

/** The history of a tag. */
export interface SeriesColumns {
  readonly path: string;
  readonly valueType: 'number' | 'boolean' | 'string';
  readonly unit: string;
  readonly times: readonly number[];
  readonly values: readonly (number | string | null)[];
  readonly statuses: readonly number[];
}

/** The history of a tag as far as it was asked for; `hasMore` where the range holds more. */
export interface Series extends SeriesColumns {
  readonly hasMore: boolean;
}

export interface SqlColumn {
  readonly name: string;
  /** As DuckDB writes it. */
  readonly type: string;
  /** Times in microseconds since 1970 UTC. */
  readonly values: readonly (string | number | boolean | null)[];
}

/** The rows of a statement, in columns. */
export interface SqlAnswer {
  readonly columns: readonly SqlColumn[];
  readonly rows: number;
  readonly truncated: boolean;
  readonly elapsedMs: number;
}

/** An error as RFC 9457 puts it. */
export interface Problem {
  readonly code: string;
  readonly detail: string;
  /** Where in an SQL statement the mistake is, from 1. */
  readonly position?: { readonly line: number; readonly column: number };
}
