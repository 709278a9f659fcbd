/** What of the server's answers the command uses; the whole of them is in its OpenAPI document, `/api/v1/openapi.json`. */

import type { Lane } from '@tidegate/core/sample/lane.ts';

/** Counts of samples since the ledger began. */
export interface LedgerTotals {
  readonly samplesRead: number;
  readonly suppressed: number;
  readonly refused: number;
  readonly accepted: number;
  readonly stored: number;
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
  readonly times: readonly number[];
  /** Samples that were not sent because they came faster than the connection could take them. */
  readonly skipped: number;
}

export interface ServerStatus {
  readonly tags: number;
}

/** One page of the history of a tag. */
export interface Series {
  readonly path: string;
  readonly valueType: 'number' | 'boolean' | 'string';
  readonly unit: string;
  readonly times: readonly number[];
  readonly values: readonly (number | string | null)[];
  readonly statuses: readonly number[];
  /** Cursor of the next page, `null` on the last. */
  readonly next: string | null;
}

/** An error as RFC 9457 puts it. */
export interface Problem {
  readonly detail: string;
  readonly remedy: string;
  readonly errors?: readonly { readonly field: string; readonly detail: string }[];
  readonly suggestions?: readonly string[];
}
