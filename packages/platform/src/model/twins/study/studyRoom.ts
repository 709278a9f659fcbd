/** Where studies of twins are computed: each in a thread of its own, a few at a time, and none for ever. */

import { Worker } from 'node:worker_threads';
import { failure, type Result } from '@tidegate/core/fault/fault.ts';
import type { Study, StudyAnswers, StudyKind } from './study.ts';

const MOST_AT_ONCE = 2;
const TIME_LIMIT_MS = 120_000;
const MOST_MEMORY_MB = 1_024;

export class StudyRoom {
  #running = 0;

  /** Faults: that of the study, `twin.study-busy`, `twin.study-long` where it was ended at its limit of time or memory. */
  async answer<K extends StudyKind>(study: Study<K>): Promise<Result<StudyAnswers[K]>> {
    if (this.#running >= MOST_AT_ONCE) {
      return failure('twin.study-busy', `${MOST_AT_ONCE} fits, what-if runs or diagnoses are under way already.`);
    }
    this.#running++;
    try {
      return await answerInThread(study);
    } finally {
      this.#running--;
    }
  }
}

async function answerInThread<K extends StudyKind>(study: Study<K>): Promise<Result<StudyAnswers[K]>> {
  const thread = new Worker(new URL('./studyThread.ts', import.meta.url), {
    workerData: study,
    resourceLimits: { maxOldGenerationSizeMb: MOST_MEMORY_MB },
  });
  const { promise, resolve, reject } = Promise.withResolvers<Result<StudyAnswers[K]>>();
  const limit = setTimeout(() => resolve(tooLong(`It took more than ${TIME_LIMIT_MS / 1_000} s.`)), TIME_LIMIT_MS);
  thread.once('message', resolve);
  thread.once('error', (error: NodeJS.ErrnoException) =>
    error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? resolve(tooLong('It took too much memory.')) : reject(error),
  );
  try {
    return await promise;
  } finally {
    clearTimeout(limit);
    await thread.terminate();
  }
}

function tooLong(detail: string): Result<never> {
  return failure('twin.study-long', detail);
}
