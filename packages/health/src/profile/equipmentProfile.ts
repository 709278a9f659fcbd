/** A profile as it was learned: all that its streams need, and its document. */

import { EquipmentStream } from './equipmentStream.ts';
import type { LearnedParts } from './learnedParts.ts';
import type { LearnedProfile, ProfileReport, ProfileStream } from './learnedProfile.ts';
import type { ProfileSpec } from './profileSpec.ts';

/** Of the document; 1 had neither seasons nor named detectors. */
export const PROFILE_FORM = 2;

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
    const { detector, normals, outside, seasons, ...others } = this.parts;
    return {
      kind: 'profile',
      form: PROFILE_FORM,
      ...others,
      seasons: seasons.map((one) => (one ? { ...one, usual: [...one.usual] } : null)),
      detector: detector.toJson(),
      normals: normals.map((one) => one ?? null),
      ...(outside && { outside: [...outside.sorted] }),
    };
  }
}
