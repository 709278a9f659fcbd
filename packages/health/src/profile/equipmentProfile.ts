/** A profile as it was learned: all that its streams need, and its document. */

import { EquipmentStream } from './equipmentStream.ts';
import type { LearnedParts } from './learnedParts.ts';
import type { LearnedProfile, ProfileReport, ProfileStream } from './learnedProfile.ts';
import type { ProfileSpec } from './profileSpec.ts';

export class EquipmentProfile implements LearnedProfile {
  readonly parts: LearnedParts;

  constructor(parts: LearnedParts) {
    this.parts = parts;
  }

  get spec(): ProfileSpec {
    return this.parts.spec;
  }

  get report(): ProfileReport {
    return this.parts.report;
  }

  get needsOutside(): boolean {
    return this.parts.outside !== undefined;
  }

  /** A state that is not one of this profile is left aside, and the stream begins afresh. */
  stream(state?: unknown): ProfileStream {
    const stream = new EquipmentStream(this.parts);
    return state !== undefined && !stream.restore(state) ? new EquipmentStream(this.parts) : stream;
  }

  toJson(): unknown {
    const { detector, normals, outside, ...others } = this.parts;
    return {
      kind: 'profile',
      form: 1,
      ...others,
      detector: detector.toJson(),
      normals: normals.map((one) => one ?? null),
      ...(outside && { outside: [...outside.sorted] }),
    };
  }
}
