/** One model that judges the rows of one watch as they come, with or without a voice. */

import type { Assessment } from '@tidegate/health/profile/assessment.ts';
import type { ProfileStream } from '@tidegate/health/profile/learnedProfile.ts';
import { z } from 'zod';
import type { ModelArtefact } from '../models/modelRegistry.ts';
import type { ModelVersion } from '../models/modelVersion.ts';
import { type ModelHealth, RecentRows } from './recentRows.ts';
import { type ShadowComparison, ShadowTally } from './shadowComparison.ts';

const STATE = z.object({
  stream: z.unknown(),
  recent: z.unknown(),
  tally: z.unknown(),
  wasOutdated: z.boolean(),
});

export class ModelStream {
  readonly number: number;
  /** It judges no row that it may have learned from (µs). */
  readonly learnedUntil: number;
  readonly #stream: ProfileStream;
  readonly #recent: RecentRows;
  readonly #isShadow: boolean;
  readonly #tally: ShadowTally;
  /** Whether it has been told that what comes is no longer what was learned from. */
  wasOutdated = false;

  /** `active` is the model that has the voice, 0 for none; `state` what `state()` gave. */
  constructor(
    { number, state: standing, card }: ModelVersion,
    { profile, seen }: ModelArtefact,
    active: number,
    state?: unknown,
  ) {
    this.number = number;
    this.learnedUntil = card.end;
    const read = STATE.safeParse(state);
    const known = read.success ? read.data : undefined;
    this.#stream = profile.stream(known?.stream);
    this.#recent = new RecentRows(seen, card.features, known?.recent);
    this.#isShadow = standing === 'shadow';
    this.#tally = new ShadowTally(number, active, known?.tally);
    this.wasOutdated = known?.wasOutdated ?? false;
  }

  push(time: number, row: Float64Array, quality: number): Assessment {
    const assessment = this.#stream.push(time, row, quality);
    this.#recent.push(time, row, assessment.mode, assessment.unscored === undefined);
    return assessment;
  }

  /** What the active model and this one made of the same row. */
  compare(active: Assessment, own: Assessment): void {
    if (active.unscored || own.unscored) return;
    this.#tally.push(own.time, active.strange || active.drifting, own.strange || own.drifting);
  }

  /** `undefined` of a model that has the voice. */
  comparison(): ShadowComparison | undefined {
    return this.#isShadow ? this.#tally.comparison() : undefined;
  }

  health(): ModelHealth {
    return this.#recent.health();
  }

  /** As JSON. */
  state(): unknown {
    return {
      stream: this.#stream.state(),
      recent: this.#recent.state(),
      tally: this.#tally.state(),
      wasOutdated: this.wasOutdated,
    };
  }
}
