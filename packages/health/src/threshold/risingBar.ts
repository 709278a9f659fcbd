/** A threshold that each alarm raises for a while: one that comes again soon has to be stranger to be told again. */

export interface BarHabit {
  /** After an alarm there is none for so large a part of the rows seen until then. */
  readonly restShare: number;
  /** An alarm raises the bar by so large a part of the threshold... */
  readonly raise: number;
  /** ...which fades, by the exponential, with so large a part of the rows seen. */
  readonly fadeShare: number;
}

/** All in proportion to the rows seen: the longer the past, the fewer alarms it may give in a stretch of the same length. */
const DEFAULTS: BarHabit = { restShare: 0.03, raise: 0.3, fadeShare: 0.2 };

export class RisingBar {
  readonly #threshold: number;
  readonly #habit: BarHabit;
  #rows = 0;
  #raised = 0;
  #lastAlarm = 0;
  #restUntil = 0;

  constructor(threshold: number, given: Partial<BarHabit> = {}) {
    this.#threshold = threshold;
    this.#habit = { ...DEFAULTS, ...given };
  }

  /** Whether the score of the next row is an alarm; one that is NaN never is. */
  push(score: number): boolean {
    const row = this.#rows++;
    if (row < this.#restUntil) return false;
    const { restShare, raise, fadeShare } = this.#habit;
    const raised = this.#raised === 0 ? 0 : this.#raised * Math.exp((this.#lastAlarm - row) / (fadeShare * row));
    if (!(score > this.#threshold * (1 + raised))) return false;
    this.#raised = raised + raise;
    this.#lastAlarm = row;
    this.#restUntil = row + restShare * row;
    return true;
  }
}
