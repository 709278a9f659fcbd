/** A profile that judges as the one that it is made of, and remembers the rows that it was asked about. */

import type { LearnedProfile, ProfileStream } from '@tidegate/health/profile/learnedProfile.ts';

export interface RecordedRow {
  readonly time: number;
  readonly row: readonly number[];
  readonly quality: number;
}

export class RowRecorder implements LearnedProfile {
  readonly rows: RecordedRow[] = [];
  /** Rows at these times (µs) are not judged: the model throws. */
  readonly throwsAt = new Set<number>();
  readonly #profile: LearnedProfile;

  constructor(profile: LearnedProfile) {
    this.#profile = profile;
  }

  get spec() {
    return this.#profile.spec;
  }

  get report() {
    return this.#profile.report;
  }

  get needsOutside() {
    return this.#profile.needsOutside;
  }

  stream(state?: unknown): ProfileStream {
    const stream = this.#profile.stream(state);
    return {
      push: (time, row, quality) => {
        this.rows.push({ time, row: [...row], quality });
        if (this.throwsAt.has(time)) throw new TypeError('no such mode');
        return stream.push(time, row, quality);
      },
      state: () => stream.state(),
    };
  }

  toJson(): unknown {
    return this.#profile.toJson();
  }
}
