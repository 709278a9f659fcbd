/** What happened to alarms, page by page, what it says of the alarm system, and what is brought in from elsewhere. */

import { parseTimestamp, type Timestamp, US_PER_DAY, US_PER_S } from '@tidegate/core/clock/timestamp.ts';
import type { z } from 'zod';
import type { AlarmJournal, JournalPosition } from '../../../monitor/alarms/alarmJournal.ts';
import type { AlarmAnalysis as Analysed } from '../../../monitor/alarms/analysis/alarmAnalysis.ts';
import type { AlarmAnalyst } from '../../../monitor/alarms/analysis/alarmAnalyst.ts';
import type { JournalRecord } from '../../../monitor/alarms/journalRecord.ts';
import type { PlantAlarms } from '../../../monitor/alarms/plantAlarms.ts';
import {
  type AlarmAnalysis,
  type AlarmAnalysisQuery,
  type AlarmHistory,
  type AlarmHistoryQuery,
  type AlarmImportAnswer,
  type AlarmImportBody,
  type AlarmRecord,
  MAX_ANALYSED_RECORDS,
} from '../../contract/alarm.ts';
import { rangeOf } from '../askedRange.ts';
import { answer, type FieldError, invalidFields, type Outcome, refusal } from '../outcome.ts';

/** What was active, and which floods there were, before the period that is analysed. */
const LOOK_BACK_US = 90 * US_PER_DAY;
const NO_ALARMS = 'This server keeps no alarms.';
const MOST_ACTORS = 500;

export function readAlarmHistory(
  journal: AlarmJournal | undefined,
  { name, origin, order, limit, cursor, ...range }: z.output<typeof AlarmHistoryQuery>,
  now: Timestamp,
): Outcome<AlarmHistory> {
  const after = cursor === undefined ? undefined : positionOf(cursor);
  if (cursor !== undefined && !after) return refusal('request.invalid', 'cursor is none that this server gave.');
  if (!journal) return answer({ records: [], next: null });
  const asked = { ...openEnded(range, now), alarm: name, origin, descending: order === 'newest', limit, after };
  const page = journal.page(asked);
  if (!page.ok) return { ...page, extras: {} };
  const { records, next } = page.value;
  return answer({ records: records.map(recordJson), next: next ? `${next.time}.${next.id}` : null });
}

export async function analyseAlarms(
  analyst: AlarmAnalyst | undefined,
  { origin, operators, ...range }: z.output<typeof AlarmAnalysisQuery>,
  now: Timestamp,
): Promise<Outcome<AlarmAnalysis>> {
  if (!analyst) return refusal('model.none', NO_ALARMS);
  const { start, end } = rangeOf(range, now);
  const asked = { start, end, operators, origin, lookBackUs: LOOK_BACK_US, mostRecords: MAX_ANALYSED_RECORDS };
  const analysed = await analyst.analyse(asked);
  return analysed.ok ? answer(analysisJson(analysed.value, start, end)) : { ...analysed, extras: {} };
}

export async function importAlarms(
  alarms: PlantAlarms | undefined,
  { origin, records }: z.output<typeof AlarmImportBody>,
  now: Timestamp,
): Promise<Outcome<z.input<typeof AlarmImportAnswer>>> {
  if (!alarms) return refusal('model.none', NO_ALARMS);
  const errors: FieldError[] = [];
  const read = records.map(({ time, ...record }, index): JournalRecord => {
    const at = parseTimestamp(time);
    if (at === undefined)
      errors.push({ field: `records.${index}.time`, detail: `"${time}" is no time with an offset` });
    return { ...record, time: at ?? now, state: 'unknown', origin, received: now };
  });
  if (errors.length > 0) return invalidFields(errors.slice(0, 20));
  const added = await alarms.import(origin, read);
  if (!added.ok) return { ...added, extras: {} };
  return answer({ added: added.value, known: records.length - added.value });
}

/** What has just happened has happened now, though a clock of a gateway may be a little ahead. */
function openEnded(range: { readonly start: string; readonly end: string }, now: Timestamp) {
  const { start, end } = rangeOf(range, now);
  return { start, end: range.end === '*' ? Number.POSITIVE_INFINITY : end };
}

function positionOf(cursor: string): JournalPosition | undefined {
  const match = /^(-?\d{1,16})\.(\d{1,16})$/.exec(cursor);
  return match ? { time: Number(match[1]), id: Number(match[2]) } : undefined;
}

function recordJson({ alarm: name, ...record }: JournalRecord): AlarmRecord {
  return { name, ...record };
}

function analysisJson(
  { rate, floods, alarms, duplicates, ...figures }: Analysed,
  start: number,
  end: number,
): AlarmAnalysis {
  const { perDay, meanPerTenMinutes, peakPerTenMinutes, shareOverTen, verdict, priorities } = rate;
  return {
    ...{ start, end, activations: figures.activations },
    rate: {
      periods: Array.from(rate.starts),
      counts: Array.from(rate.counts),
      ...{ perDay, perTenMinutes: meanPerTenMinutes, peak: peakPerTenMinutes, shareOverTen, verdict, priorities },
    },
    shareInFlood: figures.shareInFlood,
    floods: floods.map(({ flood, alike }) => ({
      ...{ start: flood.start, end: flood.end, activations: flood.activations, peak: flood.peak },
      sequence: flood.first.map(({ key, activated }) => ({ time: activated, alarm: key })),
      alike: alike.map(({ flood: earlier, similarity, done }) => ({
        ...{ start: earlier.start, similarity, done: done.map(recordJson) },
      })),
    })),
    shareOfTopTen: figures.shareOfTopTen,
    alarms: alarms.slice(0, MOST_ACTORS).map(({ key, longestUs, ...actor }) => ({
      ...{ alarm: key, longestSeconds: longestUs / US_PER_S, ...actor },
    })),
    duplicates: duplicates.map(({ keys, together, share }) => ({ alarms: [...keys], together, share })),
  };
}
