/** Opens what `ingestNumberedBlocks.ts` has left, however it ended, and looks at every sample. */

import { systemClock } from '@tidegate/core/clock/clock.ts';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import { LANES, type Lane } from '@tidegate/core/sample/lane.ts';
import { pending, unexplained } from '@tidegate/platform/historian/ingest/streamLedger.ts';
import { Historian } from '@tidegate/platform/historian/query/historian.ts';
import { expect } from 'vitest';
import {
  definitionsOf,
  firstTimeOf,
  GATEWAY,
  numberedBlock,
  numberedStream,
  numberOf,
  SAMPLED_TAGS,
  SAMPLES_PER_BLOCK,
  SAMPLES_PER_TAG,
  sampledStatus,
  sampledValue,
  TAGS_PER_LANE,
} from './numberedBlocks.ts';

/**
 * Everything that was said to be acknowledged is there, once and unchanged; of the rest there are whole blocks or nothing,
 * without a gap; the accounts say so, and the next block is taken.
 */
export async function checkNumberedBlocks(directory: string, said: readonly string[], story: string): Promise<void> {
  expect(
    said.filter((line) => line.startsWith('event')),
    story,
  ).toEqual([]);
  const events: unknown[] = [];
  const opened = await Historian.open({ directory, clock: systemClock, events: (event) => events.push(event) });
  if (!opened.ok) throw new Error(`${opened.fault.code}: ${opened.fault.detail}\n${story}`);
  const historian = opened.value;
  try {
    expect(events, story).toEqual([]);
    checkTags(historian, said, story);
    // A gateway says so each time it connects, and has more tags than the historian knows of.
    const defined = await historian.sink.defineTags(
      GATEWAY,
      definitionsOf(Math.max(SAMPLED_TAGS, historian.tags().length)),
    );
    expect(defined, story).toMatchObject({ ok: true });
    for (const lane of LANES) await checkLane(historian, lane, lastSaid(said, lane), story);
  } finally {
    await historian.close();
  }
}

/** The greatest number that was said behind `word`; -1 where there is none. */
function lastSaid(said: readonly string[], word: string): number {
  const numbers = said.flatMap((line) => (line.startsWith(`${word} `) ? Number(line.slice(word.length + 1)) : []));
  return Math.max(-1, ...numbers);
}

function checkTags(historian: Historian, said: readonly string[], story: string): void {
  const ids = new Set(historian.tags().map(({ id }) => id));
  const promised = definitionsOf(Math.max(lastSaid(said, 'tags'), 0));
  expect(
    promised.filter(({ id }) => !ids.has(id)),
    story,
  ).toEqual([]);
  expect(ids.size, story).toBe(historian.tags().length);
}

async function checkLane(historian: Historian, lane: Lane, acknowledged: number, story: string): Promise<void> {
  const ledger = historian.ledgers().find((each) => each.lane === lane);
  const blocks = (ledger?.position.sequence ?? -1) + 1;
  expect(blocks, story).toBeGreaterThan(acknowledged);
  if (ledger) {
    const { stored, lost, repeated } = ledger;
    const account = { stored, lost, pending: pending(ledger), repeated, unexplained: unexplained(ledger) };
    expect(account, story).toEqual({
      stored: blocks * SAMPLES_PER_BLOCK,
      lost: 0,
      pending: 0,
      repeated: 0,
      unexplained: 0,
    });
  }
  await checkSamples(historian, lane, blocks, story);
  const { header, bytes } = numberedBlock(numberedStream(lane), blocks);
  expect(await historian.sink.append(header, bytes), story).toMatchObject({ ok: true });
  await checkSamples(historian, lane, blocks + 1, story);
}

async function checkSamples(historian: Historian, lane: Lane, blocks: number, story: string): Promise<void> {
  const firstTimes = Array.from({ length: blocks }, (_, sequence) => firstTimeOf(sequence)).sort((a, b) => a - b);
  const expected = firstTimes.flatMap((first) => Array.from({ length: SAMPLES_PER_TAG }, (_, at) => first + at));
  for (let tag = 0; tag < TAGS_PER_LANE && blocks > 0; tag++) {
    const number = numberOf(lane, tag);
    const [{ id }] = definitionsOf(number + 1).slice(number);
    const index = historian.tags().findIndex((each) => each.id === id);
    const { times, values, statuses } = await historian.raw(index, 0 as Timestamp, 1e15 as Timestamp, 1e9);
    const wrong = expected.findIndex((time, row) => {
      const value = sampledValue(number, time);
      const isValue = value === null || values[row] === value;
      return times[row] !== time || statuses[row] !== sampledStatus(number, time) || !isValue;
    });
    expect({ id, count: times.length, wrong }, story).toEqual({ id, count: expected.length, wrong: -1 });
  }
}
