/** Analyses of the journal: it is read a page at a time, and the rest is computed in a thread, so that live values go on. */

import { setImmediate } from 'node:timers/promises';
import { failure, type Result, success } from '@tidegate/core/fault/fault.ts';
import { ThreadRoom } from '../../../historian/query/threadRoom.ts';
import type { AlarmJournal, JournalPosition } from '../alarmJournal.ts';
import type { AlarmAnalysis, AnalysisOptions } from './alarmAnalysis.ts';
import { type AlarmLog, AlarmLogBuilder } from './alarmLog.ts';

/** What is told to the thread. */
export interface AnalysisTask {
  readonly log: AlarmLog;
  readonly options: AnalysisOptions;
}

export interface AnalysisQuestion extends AnalysisOptions {
  /** Of one origin only. */
  readonly origin: string | undefined;
  /** How long before `start` is looked at for what was active then, and for earlier floods. */
  readonly lookBackUs: number;
  readonly mostRecords: number;
}

/** Read at once: about ten milliseconds. */
const PAGE = 5_000;

export class AlarmAnalyst {
  readonly #journal: AlarmJournal;
  readonly #room = new ThreadRoom<AnalysisTask, AlarmAnalysis>({
    script: new URL('./analysisThread.ts', import.meta.url),
    ...{ mostAtOnce: 1, timeLimitMs: 120_000, mostMemoryMb: 2_048 },
    ...{ busy: 'alarm.analysis-busy', long: 'history.too-much' },
  });

  #isUnderWay = false;

  constructor(journal: AlarmJournal) {
    this.#journal = journal;
  }

  /** Faults: `history.too-much`, `alarm.analysis-busy`, and those of `AlarmJournal.page`. */
  async analyse(question: AnalysisQuestion): Promise<Result<AlarmAnalysis>> {
    // Also what is read for an analysis takes memory.
    if (this.#isUnderWay) return failure('alarm.analysis-busy', 'An analysis of alarms is under way already.');
    this.#isUnderWay = true;
    try {
      return await this.#analyse(question);
    } finally {
      this.#isUnderWay = false;
    }
  }

  async #analyse({ origin, lookBackUs, mostRecords, ...options }: AnalysisQuestion): Promise<Result<AlarmAnalysis>> {
    const { start, end } = options;
    const log = await this.#read({ start: start - lookBackUs, end, origin }, mostRecords);
    if (!log.ok) return log;
    const { alarms, happenings, priorities, times } = log.value;
    const columns = [alarms, happenings, priorities, times].map(({ buffer }) => buffer);
    return this.#room.answer({ log: log.value, options }, columns);
  }

  async #read(
    range: { readonly start: number; readonly end: number; readonly origin: string | undefined },
    mostRecords: number,
  ): Promise<Result<AlarmLog>> {
    const log = new AlarmLogBuilder();
    let after: JournalPosition | undefined;
    do {
      const page = this.#journal.page({ ...range, after, limit: PAGE });
      if (!page.ok) return page;
      for (const record of page.value.records) log.add(record);
      if (log.count > mostRecords) {
        return failure(
          'history.too-much',
          `There are more than ${mostRecords} records of alarms; ask for a shorter range.`,
        );
      }
      after = page.value.next;
      await setImmediate();
    } while (after);
    return success(log.build());
  }
}
