/**
 * Whether an outstation reports changes as events at all. One whose points have no event class answers every question for
 * events, and always with nothing: its values would change only when everything is read.
 */

/** Counts since the start. */
export interface Reported {
  readonly events: number;
  /** How many states were not what had been told of their points. */
  readonly changedStates: number;
}

export class EventCheck {
  /** When everything was read last; `undefined` where what came since may have another reason. */
  #before: Reported | undefined;
  /** Values that changed, where no event told of any. */
  #untold = 0;

  /** The outstation was away, or has restarted: its values may have changed without an event. */
  forget(): void {
    this.#before = undefined;
  }

  everythingRead({ events, changedStates }: Reported): void {
    const before = this.#before;
    this.#before = { events, changedStates };
    if (!before) return;
    this.#untold = events > before.events ? 0 : changedStates - before.changedStates;
  }

  get defect(): string | undefined {
    if (this.#untold === 0) return undefined;
    return `${this.#untold} values changed since everything was read before, and no event told of any: give the points event classes (and smaller deadbands) in the outstation, or write classes: [1, 2, 3, 0] to read all states in each scan`;
  }
}
