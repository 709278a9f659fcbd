import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AlarmHappening } from '@tidegate/core/alarm/alarmRecord.ts';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { afterAll, describe, expect, it } from 'vitest';
import { AlarmJournal, type JournalQuestion } from './alarmJournal.ts';
import type { JournalRecord } from './journalRecord.ts';

const directory = mkdtempSync(join(tmpdir(), 'tidegate-alarms-'));
afterAll(() => rmSync(directory, { recursive: true }));

let files = 0;
const pathOf = () => join(directory, `${++files}.sqlite`);

function open(path: string): AlarmJournal {
  const opened = AlarmJournal.open(path);
  if (!opened.ok) throw new Error(opened.fault.detail);
  return opened.value;
}

function record(
  time: number,
  alarm: string,
  happening: AlarmHappening = 'activated',
  origin = 'north-1',
): JournalRecord {
  const times = { time: time as Timestamp, received: (time + 5) as Timestamp };
  return {
    ...times,
    origin,
    alarm,
    happening,
    state: 'unacknowledged',
    priority: 'high',
    condition: 'high',
    message: '',
  };
}

const ALL: JournalQuestion = { start: 0, end: Number.POSITIVE_INFINITY, limit: 1_000 };
const timesOf = (journal: AlarmJournal, question: Partial<JournalQuestion> = {}) => {
  const page = journal.page({ ...ALL, ...question });
  if (!page.ok) throw new Error(page.fault.detail);
  return page.value.records.map(({ time, alarm }) => `${time} ${alarm}`);
};

it('keeps what is told twice once, and says what was new', () => {
  const journal = open(pathOf());
  expect(journal.append([record(2, 'a'), record(1, 'b')])).toMatchObject({ value: [{ time: 2 }, { time: 1 }] });
  expect(journal.append([record(2, 'a'), record(2, 'a', 'returned'), record(3, 'c')])).toMatchObject({
    value: [{ happening: 'returned' }, { alarm: 'c' }],
  });
  expect(timesOf(journal)).toEqual(['1 b', '2 a', '2 a', '3 c']);
  journal.close();
});

describe('asked for', () => {
  const journal = open(pathOf());
  journal.append([
    record(1, 'a'),
    record(2, 'b', 'activated', 'server'),
    record(3, 'a', 'returned'),
    record(3, 'b'),
    record(4, 'a'),
  ]);

  it.each<[string, Partial<JournalQuestion>, string[]]>([
    ['a range', { start: 2, end: 4 }, ['2 b', '3 a', '3 b']],
    ['the newest first', { descending: true, limit: 2 }, ['4 a', '3 b']],
    ['one alarm', { alarm: 'a' }, ['1 a', '3 a', '4 a']],
    ['one origin', { origin: 'server' }, ['2 b']],
  ])('%s', (_what, question, expected) => expect(timesOf(journal, question)).toEqual(expected));

  it.each([true, false])('page by page, each record once; the newest first: %s', (descending) => {
    const seen: string[] = [];
    let after: JournalQuestion['after'];
    do {
      const page = journal.page({ ...ALL, limit: 2, descending, after });
      if (!page.ok) throw new Error(page.fault.detail);
      seen.push(...page.value.records.map(({ time, alarm }) => `${time} ${alarm}`));
      after = page.value.next;
    } while (after);
    expect(seen).toEqual(timesOf(journal, { descending }));
  });

  it('the last of each alarm', () => {
    const told = journal
      .latest()
      .map(({ origin, alarm, time }) => `${origin} ${alarm} ${time}`)
      .toArray()
      .sort();
    expect(told).toEqual(['north-1 a 4', 'north-1 b 3', 'server b 2']);
  });
});

it('holds records and states over a restart, and belongs to one process', () => {
  const path = pathOf();
  const first = open(path);
  first.append([record(1, 'a')], new Map([['a', 'as it stands']]));
  expect(AlarmJournal.open(path)).toMatchObject({ fault: { code: 'archive.in-use' } });
  first.close();
  const second = open(path);
  expect(timesOf(second)).toEqual(['1 a']);
  expect(second.states()).toEqual({ ok: true, value: new Map([['a', 'as it stands']]) });
  second.close();
});
