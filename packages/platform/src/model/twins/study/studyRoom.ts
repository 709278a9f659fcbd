/** Where studies of twins are computed. */

import type { Result } from '@tidegate/core/fault/fault.ts';
import { ThreadRoom } from '../../../historian/query/threadRoom.ts';
import type { Study, StudyAnswers, StudyKind } from './study.ts';

export class StudyRoom {
  readonly #room = new ThreadRoom<Study, StudyAnswers[StudyKind]>({
    script: new URL('./studyThread.ts', import.meta.url),
    ...{ mostAtOnce: 2, timeLimitMs: 120_000, mostMemoryMb: 1_024 },
    ...{ busy: 'twin.study-busy', long: 'twin.study-long' },
  });

  /** Faults: that of the study, `twin.study-busy`, `twin.study-long` where it was ended at its limit of time or memory. */
  answer<K extends StudyKind>(study: Study<K>): Promise<Result<StudyAnswers[K]>> {
    return this.#room.answer(study) as Promise<Result<StudyAnswers[K]>>;
  }
}
