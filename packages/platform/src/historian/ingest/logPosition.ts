/** A place in the server's write-ahead log. */

/**
 * Record `record` of the log's life `generation`. A log that was lost begins again at record 0 in a greater generation, so
 * that a place in the old one is never taken for a place in the new one.
 */
export interface LogPosition {
  readonly generation: number;
  readonly record: number;
}

/** Before every record of every log. */
export const LOG_START: LogPosition = { generation: 1, record: 0 };

/** Negative where `a` comes before `b`. */
export function compareLogPositions(a: LogPosition, b: LogPosition): number {
  return a.generation - b.generation || a.record - b.record;
}
