/** What a model without a voice would have said, against the one that has it, over the rows that both have judged. */

import { z } from 'zod';

const COUNTS = z.object({
  since: z.number().nullable(),
  until: z.number().nullable(),
  ...{ rows: z.number(), active: z.number(), shadow: z.number(), both: z.number() },
  ...{ activeAlarms: z.number(), shadowAlarms: z.number(), wasActive: z.boolean(), wasShadow: z.boolean() },
  /** The model that it was compared with. */
  against: z.number(),
});
type Counts = z.infer<typeof COUNTS>;

export interface ShadowComparison {
  readonly model: number;
  readonly against: number;
  /** Times of the first and of the last common row (µs since 1970 UTC); `undefined` before the first. */
  readonly since: number | undefined;
  readonly until: number | undefined;
  /** Rows that both have judged, and those that were an alarm to the active one, to the shadow, and to both. */
  readonly rows: number;
  readonly active: number;
  readonly shadow: number;
  readonly both: number;
  /** How often an alarm began. */
  readonly activeAlarms: number;
  readonly shadowAlarms: number;
  /** Share of the rows in which they say the same, 0 to 1; `undefined` before the first. */
  readonly agreement: number | undefined;
}

export class ShadowTally {
  readonly #model: number;
  #counts: Counts;

  /** `state` is what `state()` gave; one of a comparison with another model is forgotten. */
  constructor(model: number, against: number, state?: unknown) {
    this.#model = model;
    const read = COUNTS.safeParse(state);
    this.#counts = read.success && read.data.against === against ? read.data : { ...NOTHING, against };
  }

  push(time: number, isActive: boolean, isShadow: boolean): void {
    const counts = this.#counts;
    counts.since ??= time;
    counts.until = time;
    counts.rows++;
    if (isActive) counts.active++;
    if (isShadow) counts.shadow++;
    if (isActive && isShadow) counts.both++;
    if (isActive && !counts.wasActive) counts.activeAlarms++;
    if (isShadow && !counts.wasShadow) counts.shadowAlarms++;
    [counts.wasActive, counts.wasShadow] = [isActive, isShadow];
  }

  comparison(): ShadowComparison {
    const { since, until, against, rows, active, shadow, both, activeAlarms, shadowAlarms } = this.#counts;
    return {
      ...{ model: this.#model, against, since: since ?? undefined, until: until ?? undefined },
      ...{ rows, active, shadow, both, activeAlarms, shadowAlarms },
      agreement: rows > 0 ? 1 - (active + shadow - 2 * both) / rows : undefined,
    };
  }

  get against(): number {
    return this.#counts.against;
  }

  /** As JSON. */
  state(): unknown {
    return this.#counts;
  }
}

const NOTHING: Omit<Counts, 'against'> = {
  ...{ since: null, until: null, rows: 0, active: 0, shadow: 0, both: 0 },
  ...{ activeAlarms: 0, shadowAlarms: 0, wasActive: false, wasShadow: false },
};
