/**
 * What a server tells of its conditions, as happenings of alarms: each event is compared with the one before of the same condition.
 *
 * A server tells states and no happenings, and is not asked for those of before (a refresh is a method). So the first event of a
 * condition tells which state it is in, and every further one what has changed.
 */

import type { AlarmHappening, AlarmPriority, AlarmRecord } from '@tidegate/core/alarm/alarmRecord.ts';
import type { Timestamp } from '@tidegate/core/clock/timestamp.ts';
import type { AlarmReports } from '../../alarmReports.ts';
import type { ConditionEvent } from './conditionEvent.ts';

interface Known {
  readonly active: boolean;
  readonly acknowledged: boolean;
}

/** More conditions than a server has: what a hostile one invents is forgotten from the oldest on. */
const MAX_CONDITIONS = 10_000;
/** From which severity on; five equal parts of 1 to 1000 are usual (OPC 10000-5, 6.4.2). */
const PRIORITIES: readonly (readonly [severity: number, priority: AlarmPriority])[] = [
  [801, 'critical'],
  [601, 'high'],
  [401, 'medium'],
  [0, 'low'],
];
/** Types of the standard (OPC 10000-9, 5.8); those of a vendor are derived from them and tell no more. */
const KINDS: ReadonlyMap<string, string> = new Map([
  ['i=9341', 'limit'],
  ['i=9482', 'level'],
  ['i=9623', 'rate-of-change'],
  ['i=9764', 'deviation'],
  ['i=9906', 'limit'],
  ['i=10060', 'level'],
  ['i=10214', 'rate-of-change'],
  ['i=10368', 'deviation'],
  ['i=10523', 'discrete'],
  ['i=10637', 'off-normal'],
  ['i=10751', 'trip'],
]);
const OTHER_KIND = 'outside';

export class ConditionAlarms {
  readonly #device: string;
  readonly #alarms: AlarmReports;
  /** By the node of the condition, from the one that was longest silent on. */
  readonly #known = new Map<string, Known>();

  constructor(device: string, alarms: AlarmReports) {
    this.#device = device;
    this.#alarms = alarms;
  }

  /** `at` is the time of the event, as far as the clock of the server can be believed. */
  hear(event: ConditionEvent, at: Timestamp): void {
    const { conditionId, branchId, active, acknowledged = true } = event;
    // What is no alarm has no such state, and a branch tells of a state that is over.
    if (conditionId === undefined || active === undefined || branchId !== undefined) return;
    const before = this.#known.get(conditionId);
    this.#remember(conditionId, { active, acknowledged });
    for (const happening of happeningsOf(before, active, acknowledged)) {
      this.#alarms.report({ ...this.#described(event), time: at, happening, state: stateOf(active, acknowledged) });
    }
  }

  #described(event: ConditionEvent): Pick<AlarmRecord, 'alarm' | 'priority' | 'condition' | 'message'> {
    const {
      conditionId = '',
      condition = conditionId,
      source = '',
      severity = 0,
      eventType = '',
      message = '',
    } = event;
    const name = [this.#device, source, condition].filter((part) => part !== '');
    const [, priority] = PRIORITIES.find(([least]) => severity >= least) ?? [0, 'low'];
    return { alarm: name.join('/'), priority, condition: KINDS.get(eventType) ?? OTHER_KIND, message };
  }

  #remember(conditionId: string, state: Known): void {
    this.#known.delete(conditionId);
    this.#known.set(conditionId, state);
    if (this.#known.size <= MAX_CONDITIONS) return;
    const [oldest] = this.#known.keys();
    this.#known.delete(oldest);
  }
}

function happeningsOf(before: Known | undefined, active: boolean, acknowledged: boolean): AlarmHappening[] {
  const happenings: AlarmHappening[] = [];
  if (active && !before?.active) happenings.push('activated');
  if (!active && (before === undefined || before.active)) happenings.push('returned');
  if (acknowledged && before?.acknowledged === false) happenings.push('acknowledged');
  return happenings;
}

/** In the words of ANSI/ISA-18.2. */
function stateOf(active: boolean, acknowledged: boolean): string {
  if (active) return acknowledged ? 'acknowledged' : 'unacknowledged';
  return acknowledged ? 'normal' : 'returned-unacknowledged';
}
