/** Which alarms are listed and in which order, how many there are of each priority, and which of them are news. */

import { ALARM_PRIORITIES, type AlarmPriority } from '@tidegate/core/alarm/alarmRecord.ts';
import type { Alarm } from '@tidegate/platform/northbound/contract/alarm.ts';
import { isOpen, isUnacknowledged } from './alarmState.ts';

/** What the server is asked for: what needs somebody, what is kept quiet, or everything. */
export const SHOWN_ALARMS = ['open', 'quiet', 'all'] as const;
export type ShownAlarms = (typeof SHOWN_ALARMS)[number];

export interface AlarmFilter {
  /** `undefined` shows every priority. */
  readonly priority: AlarmPriority | undefined;
  readonly text: string;
}

export const alarmKey = ({ origin, name }: Pick<Alarm, 'origin' | 'name'>) => `${origin}:${name}`;

/**
 * An alarm in few words: what is wrong, and where. A message that begins with a path is told without it, one in plain words
 * has the name beside it, which tells alarms with the same words apart.
 */
export function alarmWords({ name, message, subject }: Pick<Alarm, 'name' | 'message' | 'subject'>): {
  readonly place: string;
  readonly words: string;
} {
  const text = message === '' ? name : message;
  const path = subject && text.startsWith(subject.path) ? subject.path : text.split(' ', 1)[0];
  const cut = path.lastIndexOf('/');
  if (cut > 0) return { place: path.slice(0, cut), words: text.slice(cut + 1) };
  return { place: name === text ? '' : name, words: text };
}

/**
 * Those that pass the filter: what needs somebody before what does not, the more urgent before the less, the newer before
 * the older. Every word of the text must be in the name, the message, the origin, the state or what was said of it.
 */
export function listAlarms(alarms: readonly Alarm[], { priority, text }: AlarmFilter): Alarm[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return alarms
    .filter((alarm) => (priority ?? alarm.priority) === alarm.priority)
    .filter((alarm) => words.length === 0 || words.every((word) => textOf(alarm).includes(word)))
    .sort(
      (a, b) =>
        Number(isOpen(b)) - Number(isOpen(a)) ||
        ALARM_PRIORITIES.indexOf(a.priority) - ALARM_PRIORITIES.indexOf(b.priority) ||
        b.since - a.since ||
        (alarmKey(a) < alarmKey(b) ? -1 : 1),
    );
}

function textOf({ name, message, origin, state, condition, by, comment }: Alarm): string {
  return [name, message, origin, state, condition, by, comment].join('\n').toLowerCase();
}

/** How many of each priority nobody has acknowledged; priorities without any are left out. */
export function unacknowledgedCounts(alarms: readonly Alarm[]): readonly (readonly [AlarmPriority, number])[] {
  return countPriorities(alarms.filter(isUnacknowledged));
}

/** How many there are of each priority, the most urgent first; priorities without any are left out. */
export function countPriorities(
  alarms: readonly Pick<Alarm, 'priority'>[],
): readonly (readonly [AlarmPriority, number])[] {
  return ALARM_PRIORITIES.map(
    (priority) => [priority, alarms.filter((alarm) => alarm.priority === priority).length] as const,
  ).filter(([, count]) => count > 0);
}

/** The critical and high alarms that nobody has acknowledged, and that were not among `before` or have come anew since. */
export function newUrgent(before: readonly Alarm[], now: readonly Alarm[]): readonly Alarm[] {
  const known = new Map(before.filter(isUnacknowledged).map((alarm) => [alarmKey(alarm), alarm.since]));
  return now.filter(
    (alarm) =>
      (alarm.priority === 'critical' || alarm.priority === 'high') &&
      alarm.state === 'unacknowledged' &&
      known.get(alarmKey(alarm)) !== alarm.since,
  );
}

/** As a voice says it: one alarm by its message, more than two by their number. */
export function spokenAlarms(alarms: readonly Alarm[]): string {
  if (alarms.length > 2) {
    const counts = countPriorities(alarms).map(([priority, count]) => `${count} ${priority}`);
    return `New alarms: ${counts.join(', ')}.`;
  }
  return alarms.map(({ priority, message }) => `New ${priority} alarm: ${message}.`).join(' ');
}
