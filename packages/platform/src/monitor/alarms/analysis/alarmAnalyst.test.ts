import { setTimeout } from 'node:timers/promises';
import type { AlarmHappening } from '@tidegate/core/alarm/alarmRecord.ts';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { expect, it } from 'vitest';
import { AlarmJournal } from '../alarmJournal.ts';
import type { JournalRecord } from '../journalRecord.ts';
import { analyseAlarms } from './alarmAnalysis.ts';
import { AlarmAnalyst } from './alarmAnalyst.ts';

const S = 1_000_000;
const CYCLE: readonly AlarmHappening[] = ['activated', 'acknowledged', 'returned'];

const journal = AlarmJournal.open(':memory:');
if (!journal.ok) throw new Error(journal.fault.detail);
const records = Array.from({ length: 30_000 }, (_, row): JournalRecord => {
  const happening = CYCLE[row % 3];
  const time = (row * S) as Timestamp;
  const who = happening === 'acknowledged' ? { by: 'mira', comment: 'seen' } : {};
  const what = { state: 'normal', priority: 'high', condition: 'high', message: 'm' } as const;
  return { origin: 'dcs', alarm: `a${Math.floor(row / 3) % 40}`, time, received: time, happening, ...what, ...who };
});
journal.value.append(records);

const options = { start: 10_000 * S, end: 40_000 * S, operators: 2 };
const question = { ...options, origin: undefined, lookBackUs: 10_000 * S, mostRecords: 1_000_000 };

it('comes to the same as one that is made here, while the event loop goes on', async () => {
  const analyst = new AlarmAnalyst(journal.value);
  let isUnderWay = true;
  const first = analyst.analyse(question).finally(() => {
    isUnderWay = false;
  });
  let longest = 0;
  for (let last = performance.now(); isUnderWay; ) {
    await setTimeout(5);
    longest = Math.max(longest, performance.now() - last);
    last = performance.now();
  }
  expect(await first).toEqual({ ok: true, value: analyseAlarms(records, options) });
  expect(longest).toBeLessThan(500);
});

it('has limits', async () => {
  const analyst = new AlarmAnalyst(journal.value);
  expect(await analyst.analyse({ ...question, mostRecords: 20_000 })).toMatchObject({
    fault: { code: 'history.too-much' },
  });
  const [, second] = await Promise.all([analyst.analyse(question), analyst.analyse(question)]);
  expect(second).toMatchObject({ fault: { code: 'alarm.analysis-busy' } });
});
