/**
 * The alarm state machine of ANSI/ISA-18.2-2016 and IEC 62682:2022, clause 5.3, as one pure function.
 *
 * Invariants:
 * - What the condition does is followed in every state. When the last reason to keep an alarm quiet ends, it is announced
 *   anew where its condition holds (state B), and is normal where it does not (state A): what was acknowledged, returned or
 *   latched before counts no more.
 * - Shelved, suppressed by design and out of service are independent of one another: in whatever order they come and go,
 *   the end is the same.
 * - While an alarm is quiet its condition gives rise to no happening.
 * - What makes no sense in a state changes nothing, and says why where a person asked for it.
 */

import type { AlarmHappening } from '@tidegate/core/alarm/alarmRecord.ts';
import type { AlarmEvent } from './alarmEvent.ts';
import { type AlarmSituation, type Annunciation, isQuiet, stateOf } from './alarmSituation.ts';

export interface AlarmStep {
  /** The same object where nothing has changed. */
  readonly situation: AlarmSituation;
  /** Absent where there is nothing to tell. */
  readonly happening?: AlarmHappening;
  /** Why what a person asked for was not done; half a sentence that the name of the alarm stands before. */
  readonly refusal?: string;
}

/** Where the condition returns to normal, of an alarm that does not latch and of one that does. */
const AFTER_RETURN: Readonly<Record<Annunciation, readonly [plain: Annunciation, latching: Annunciation]>> = {
  normal: ['normal', 'normal'],
  unacknowledged: ['returned-unacknowledged', 'latched-unacknowledged'],
  acknowledged: ['normal', 'latched-acknowledged'],
  'returned-unacknowledged': ['returned-unacknowledged', 'returned-unacknowledged'],
  'latched-unacknowledged': ['latched-unacknowledged', 'latched-unacknowledged'],
  'latched-acknowledged': ['latched-acknowledged', 'latched-acknowledged'],
};

const AFTER_ACKNOWLEDGE: Partial<Record<Annunciation, Annunciation>> = {
  unacknowledged: 'acknowledged',
  'returned-unacknowledged': 'normal',
  'latched-unacknowledged': 'latched-acknowledged',
};

const NOT_ACKNOWLEDGED: Partial<Record<Annunciation, string>> = {
  normal: 'is normal, there is nothing to acknowledge',
  acknowledged: 'is acknowledged already',
  'latched-acknowledged': 'is acknowledged already, and waits for a reset',
};

const NOT_RESET: Readonly<Record<Annunciation, string | undefined>> = {
  normal: 'is normal, there is nothing to reset',
  unacknowledged: 'cannot be reset while its condition holds',
  acknowledged: 'cannot be reset while its condition holds',
  'returned-unacknowledged': 'does not latch, acknowledge it instead',
  'latched-unacknowledged': 'must be acknowledged before it is reset',
  'latched-acknowledged': undefined,
};

/** What becomes of an alarm, by one event. */
export function advanceAlarm(situation: AlarmSituation, event: AlarmEvent): AlarmStep {
  switch (event.kind) {
    case 'activate':
      return activate(situation);
    case 'return':
      return returnToNormal(situation);
    case 'acknowledge':
      return acknowledge(situation);
    case 'reset':
      return reset(situation);
    case 'shelve':
      return shelve(situation, event);
    case 'unshelve':
      return situation.shelving
        ? { situation: speakUp({ ...situation, shelving: undefined }), happening: 'unshelved' }
        : refuse(situation, 'is not shelved');
    case 'expire':
      return situation.shelving && event.at >= situation.shelving.until
        ? { situation: speakUp({ ...situation, shelving: undefined }), happening: 'unshelved' }
        : { situation };
    case 'suppress':
      return situation.suppressed
        ? { situation }
        : { situation: hush({ ...situation, suppressed: true }), happening: 'suppressed' };
    case 'unsuppress':
      return situation.suppressed
        ? { situation: speakUp({ ...situation, suppressed: false }), happening: 'unsuppressed' }
        : { situation };
    case 'remove-from-service':
      return situation.outOfService
        ? refuse(situation, 'is out of service already')
        : { situation: hush({ ...situation, outOfService: true }), happening: 'out-of-service' };
    case 'return-to-service':
      return situation.outOfService
        ? { situation: speakUp({ ...situation, outOfService: false }), happening: 'in-service' }
        : refuse(situation, 'is in service already');
  }
}

function activate(situation: AlarmSituation): AlarmStep {
  if (situation.active) return { situation };
  const active = { ...situation, active: true };
  return isQuiet(active) ? { situation: active } : { situation: speakUp(active), happening: 'activated' };
}

function returnToNormal(situation: AlarmSituation): AlarmStep {
  if (!situation.active) return { situation };
  const { latching, annunciation, shelving } = situation;
  if (shelving?.oneShot) {
    return { situation: speakUp({ ...situation, active: false, shelving: undefined }), happening: 'unshelved' };
  }
  const next = { ...situation, active: false, annunciation: AFTER_RETURN[annunciation][latching ? 1 : 0] };
  return isQuiet(situation) ? { situation: next } : { situation: next, happening: 'returned' };
}

function acknowledge(situation: AlarmSituation): AlarmStep {
  if (isQuiet(situation)) return refuse(situation, `is ${stateOf(situation)}, there is nothing to acknowledge`);
  const annunciation = AFTER_ACKNOWLEDGE[situation.annunciation];
  if (annunciation === undefined) return refuse(situation, NOT_ACKNOWLEDGED[situation.annunciation] ?? '');
  return { situation: { ...situation, annunciation }, happening: 'acknowledged' };
}

function reset(situation: AlarmSituation): AlarmStep {
  if (isQuiet(situation)) return refuse(situation, `is ${stateOf(situation)}, there is nothing to reset`);
  const why = NOT_RESET[situation.annunciation];
  return why === undefined
    ? { situation: { ...situation, annunciation: 'normal' }, happening: 'reset' }
    : refuse(situation, why);
}

/** Shelving a shelved alarm sets a new end. */
function shelve(situation: AlarmSituation, event: Extract<AlarmEvent, { kind: 'shelve' }>): AlarmStep {
  const { at, until, oneShot } = event;
  if (!(until > at)) return refuse(situation, 'cannot be shelved until a time that has passed');
  if (oneShot && !situation.active) {
    return refuse(situation, 'is not active, so that it cannot be shelved until it returns: shelve it for a time');
  }
  return { situation: hush({ ...situation, shelving: { until, oneShot } }), happening: 'shelved' };
}

function hush(situation: AlarmSituation): AlarmSituation {
  return { ...situation, annunciation: 'normal' };
}

/** Says what the condition says now, unless something still keeps it quiet. */
function speakUp(situation: AlarmSituation): AlarmSituation {
  if (isQuiet(situation)) return situation;
  const { active, mustAcknowledge } = situation;
  const announced = mustAcknowledge ? 'unacknowledged' : 'acknowledged';
  return { ...situation, annunciation: active ? announced : 'normal' };
}

function refuse(situation: AlarmSituation, refusal: string): AlarmStep {
  return { situation, refusal };
}
