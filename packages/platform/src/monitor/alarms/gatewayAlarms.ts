/** What gateways tell of their alarms, each record a sample of a system tag, on its way into the journal. */

import { ALARM_FOLDER, alarmTagPath } from '@tidegate/alarm/definition/alarmName.ts';
import { ALARM_HAPPENINGS, ALARM_PRIORITIES } from '@tidegate/core/alarm/alarmRecord.ts';
import { ValueKind } from '@tidegate/core/block/sampleBlock.ts';
import { type Timestamp, US_PER_DAY } from '@tidegate/core/clock/timestamp.ts';
import { z } from 'zod';
import { valueAt } from '../../historian/archive/sampleRun.ts';
import type { HistorianReader, LiveBatch, StoredTag } from '../../historian/query/historianReader.ts';
import type { JournalRecord } from './journalRecord.ts';

/** A gateway that was taken over must not fill the journal with one record. */
const MAX_TEXT = 4_000;
const PAGE = 10_000;
/** A clock that was set back tells of what comes after with times before: so far back an alarm is held against the journal. */
const LOOK_BACK_US = US_PER_DAY;
/** Alarms of several sources come by one tag, each by its own clock and some late: so far back they are held against the journal. */
const OUTSIDE_LOOK_BACK_US = 7 * US_PER_DAY;

const text = z.string().max(MAX_TEXT);
const recordSchema = z.object({
  alarm: text.min(1),
  happening: z.enum(ALARM_HAPPENINGS),
  state: text,
  priority: z.enum(ALARM_PRIORITIES),
  condition: text,
  value: z.union([z.number(), text]).optional(),
  limit: z.number().optional(),
  unit: text.optional(),
  message: text,
  by: text.optional(),
  comment: text.optional(),
  until: z
    .int()
    .transform((us) => us as Timestamp)
    .optional(),
});

/** The records among new samples; what is no record is passed over, for the sample itself is kept all the same. */
export function alarmRecordsOf(
  historian: HistorianReader,
  { tags, block }: LiveBatch,
  now: Timestamp,
): JournalRecord[] {
  // Records are texts, which few blocks have: all others cost nothing.
  if (block.strings.length === 0) return [];
  const records: JournalRecord[] = [];
  for (let row = 0; row < block.count; row++) {
    if (block.kinds[row] !== ValueKind.string) continue;
    const tag = historian.tag(tags[row]);
    if (!tag || !isAlarmTag(tag)) continue;
    const record = parseRecord(tag, block.times[row], block.strings[block.values[row]], now);
    if (record) records.push(record);
  }
  return records;
}

/** What the historian holds behind the last record that the journal has of each alarm: told while this server was down. */
export async function* missedRecords(
  historian: HistorianReader,
  kept: readonly JournalRecord[],
  now: Timestamp,
): AsyncGenerator<JournalRecord[]> {
  for (const tag of historian.tags().filter(isAlarmTag)) {
    let start = toldUntil(tag, kept);
    for (let isMore = (historian.latest(tag.index)?.time ?? Number.NEGATIVE_INFINITY) >= start; isMore; ) {
      const run = await historian.raw(tag.index, start, Number.MAX_SAFE_INTEGER as Timestamp, PAGE);
      const page = Array.from(run.times, (time, row) => parseRecord(tag, time, valueAt(run, row), now));
      yield page.filter((record) => record !== undefined);
      const last = run.times.at(-1) ?? start;
      isMore = run.times.length === PAGE && last > start;
      start = last as Timestamp;
    }
  }
}

/** Until when the journal has what a tag tells: of the alarm that it is for, or of all of its gateway where it tells of many. */
function toldUntil({ gateway, path }: StoredTag, kept: readonly JournalRecord[]): Timestamp {
  const ofGateway = kept.filter(({ origin }) => origin === gateway);
  const own = ofGateway.find(({ alarm }) => alarmTagPath(gateway, alarm) === path);
  if (own) return (own.time - LOOK_BACK_US) as Timestamp;
  const newest = ofGateway.reduce((latest, { time }) => Math.max(latest, time), Number.NEGATIVE_INFINITY);
  return Math.max(Number.MIN_SAFE_INTEGER, newest - OUTSIDE_LOOK_BACK_US) as Timestamp;
}

function isAlarmTag({ lane, gateway, path }: StoredTag): boolean {
  return lane === 'audit' && path.startsWith(`${gateway}/${ALARM_FOLDER}/`);
}

function parseRecord({ gateway }: StoredTag, time: number, said: unknown, now: Timestamp): JournalRecord | undefined {
  try {
    const parsed = recordSchema.safeParse(JSON.parse(String(said)));
    if (!parsed.success) return undefined;
    return { ...parsed.data, time: time as Timestamp, origin: gateway, received: now };
  } catch {
    return undefined;
  }
}
