/** One model that judges the rows of one watch as they come, with or without a voice. */

import { type Fault, failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import type { Assessment } from '@tidegate/health/profile/assessment.ts';
import type { ProfileStream } from '@tidegate/health/profile/learnedProfile.ts';
import { z } from 'zod';
import type { FeatureTable } from '../features/featureTable.ts';
import type { ModelArtefact } from '../models/modelRegistry.ts';
import type { ModelVersion } from '../models/modelVersion.ts';
import type { OnnxModel } from '../models/onnx/onnxModel.ts';
import type { OnnxRoom } from '../models/onnx/onnxRoom.ts';
import { type ModelHealth, RecentRows } from './recentRows.ts';
import { type ShadowComparison, ShadowTally } from './shadowComparison.ts';

/** One score for each row; `undefined` of a model that was learned here. */
export type Outside = Float64Array | undefined;

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
  readonly #onnx: OnnxModel | undefined;
  readonly #recent: RecentRows;
  readonly #isShadow: boolean;
  /** The model that has the voice, 0 for none. */
  readonly #voice: number;
  readonly #tally: ShadowTally;
  /** Whether it has been told that what comes is no longer what was learned from. */
  wasOutdated = false;
  /** Why it could not judge, and is not to be asked again; `undefined` where it can. */
  broken: Fault | undefined;

  /** `voice` is the model that has the voice, 0 for none; `state` what `state()` gave. */
  constructor(
    { number, state: standing, card }: ModelVersion,
    { profile, seen, onnx }: ModelArtefact,
    voice: number,
    state?: unknown,
  ) {
    this.number = number;
    this.learnedUntil = card.end;
    const read = STATE.safeParse(state);
    const known = read.success ? read.data : undefined;
    this.#stream = profile.stream(known?.stream);
    this.#onnx = onnx;
    this.#recent = new RecentRows(seen, card.features, known?.recent);
    this.#isShadow = standing === 'shadow';
    this.#voice = voice;
    this.#tally = new ShadowTally(number, voice, known?.tally);
    this.wasOutdated = known?.wasOutdated ?? false;
  }

  /** Whether it can go on as this model, where that stands as it does now. */
  canBe({ number, state }: ModelVersion, voice: number): boolean {
    const isSame = number === this.number && (state === 'shadow') === this.#isShadow && voice === this.#voice;
    return isSame && this.broken === undefined;
  }

  /**
   * What the model says of rows, where it was learned elsewhere: to be pushed with them. Faults as `OnnxRoom.score`, with the
   * number of the model.
   */
  async outside(room: Pick<OnnxRoom, 'score'>, { names, columns }: FeatureTable): Promise<Result<Outside>> {
    const given = this.#onnx && (await room.score(this.#onnx, names, columns));
    if (!given || given.ok) return success(given?.value);
    return failure(given.fault.code, `Model ${this.number} cannot judge. ${given.fault.detail}`);
  }

  /** `outside` is what the model said of this row. */
  push(time: number, row: Float64Array, quality: number, outside?: number): Assessment {
    const assessment = this.#stream.push(time, row, quality, outside);
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
