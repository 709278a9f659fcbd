/** The states of a watch, as the interface and the console know them as well. */

/** There is no model yet; new rows are judged; they are not. */
export const SCORING_STATES = ['learning', 'scoring', 'blind'] as const;
export type ScoringState = (typeof SCORING_STATES)[number];
