import { ManualClock } from '@tidegate/core/clock/manualClock.ts';
import { eventTagPath, parseEventTagPath } from '@tidegate/core/ledger/ledgerTag.ts';
import { EVENT_KINDS, type EventKind } from '@tidegate/core/port/eventSink.ts';
import { perLane } from '@tidegate/core/sample/lane.ts';
import { expect, it } from 'vitest';
import { Conditioner } from '../conditioning/conditioner.ts';
import { RecordingLane } from '../conditioning/testbed/recordingLane.ts';
import { numberSystemTags, systemTagIds } from '../configuration/systemTags.ts';
import { EVENT_WINDOW_MS, EVENTS_PER_WINDOW, GatewayEvents } from './gatewayEvents.ts';

function reporting() {
  const clock = new ManualClock();
  const { rules, system, definitions } = numberSystemTags(
    'north',
    systemTagIds('north').map((_, number) => number),
  );
  const lanes = perLane(() => new RecordingLane());
  const sink = new Conditioner(rules, lanes);
  const events = new GatewayEvents(clock);
  const attach = () => events.attach(sink, system.events);
  const report = (kind: EventKind, detail: string) => events.record({ at: clock.now(), kind, source: 'pump', detail });
  /** Paths and texts of what is kept. */
  const kept = () =>
    lanes.audit.rows.map(([tag, , value]) => [definitions[tag].path, JSON.parse(String(value))] as const);
  return { clock, events, attach, report, kept };
}

it('SR 2.8: an event is a sample of the tag of its kind, also one from before there was a sink', async () => {
  const { attach, report, kept } = reporting();
  report('journal.damaged', 'early');
  attach();
  report('guard.refused', 'a write');
  await Promise.resolve();
  expect(kept()).toEqual([
    ['north/_events/journal.damaged', { source: 'pump', detail: 'early' }],
    ['north/_events/guard.refused', { source: 'pump', detail: 'a write' }],
  ]);
});

it('SR 7.1: a flood of one kind is counted, says how many it was, and hides no other kind', async () => {
  const { clock, attach, report, kept } = reporting();
  attach();
  for (let at = 0; at < 1_000; at++) {
    report('guard.refused', `write ${at}`);
    await clock.advance(2);
  }
  report('line.lost', 'cut');
  await clock.advance(EVENT_WINDOW_MS);
  report('guard.refused', 'the next');
  await Promise.resolve();
  const texts = kept().map(([path, { detail, unwritten }]) => [path.split('/')[2], detail, unwritten]);
  expect(texts).toHaveLength(EVENTS_PER_WINDOW + 2);
  expect(texts.slice(-2)).toEqual([
    ['line.lost', 'cut', undefined],
    ['guard.refused', 'the next', 1_000 - EVENTS_PER_WINDOW],
  ]);
});

it('an event that is raised while the sink is written comes after what is under way', async () => {
  const { events, attach, report, kept, clock } = reporting();
  attach();
  report('line.lost', 'one');
  report('line.lost', 'two');
  expect(kept()).toEqual([]);
  await clock.advance(0);
  events.flush();
  expect(kept().map(([, { detail }]) => detail)).toEqual(['one', 'two']);
});

it.each(EVENT_KINDS)('the tag of %s is recognised by its path', (kind) => {
  expect(parseEventTagPath('north', eventTagPath('north', kind))).toBe(kind);
  expect(parseEventTagPath('nor', eventTagPath('north', kind))).toBeUndefined();
});
