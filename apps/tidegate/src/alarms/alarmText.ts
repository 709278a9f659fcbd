/** Alarms as lines for people: the most urgent first, those that nobody has acknowledged before the others. */

import { ALARM_PRIORITIES } from '@tidegate/core/alarm/alarmRecord.ts';
import { type AlarmView, QUIET_STATES } from '@tidegate/core/alarm/alarmView.ts';
import { formatTimestamp, type Timestamp, US_PER_MS } from '@tidegate/core/clock/timestamp.ts';
import type { LiveAlarms } from '@tidegate/core/port/liveAlarms.ts';
import { formatSpan } from '../devices/spanText.ts';

/** Paints a line for how urgent it is. */
export type PaintAlarm = (text: string, as: 'strong' | 'critical' | 'high' | 'medium' | 'quiet') => string;

export const UNPAINTED_ALARMS: PaintAlarm = (text) => text;

const GAP = '  ';
const UNACKNOWLEDGED = /unacknowledged$/;

/** Those that an operator has to know of: neither normal nor kept quiet. */
function isShown({ state }: AlarmView): boolean {
  return state !== 'normal' && !QUIET_STATES.has(state);
}

/** The line above the table, and the table. */
export function alarmLines({ at, gateway, configured, alarms }: LiveAlarms, all: boolean, paint: PaintAlarm): string[] {
  if (!configured) {
    const remedy = 'Say what to watch for with the key `alarms:` in its configuration (docs/alarms.md).';
    return [`${gateway}: no alarms are configured`, `  ${remedy}`];
  }
  const shown = alarms.filter((alarm) => all || isShown(alarm)).sort(byUrgency);
  const unacknowledged = alarms.filter(({ state }) => UNACKNOWLEDGED.test(state)).length;
  const quiet = alarms.filter(({ state }) => QUIET_STATES.has(state)).length;
  const counts = `${alarms.filter(isShown).length} of ${alarms.length} alarms, ${unacknowledged} unacknowledged, ${quiet} kept quiet`;
  const rows = shown.map((alarm) => [alarm.priority, alarm.state, plain(alarm.name), agoText(alarm.since, at)]);
  const widths = [0, 1, 2, 3].map((column) => Math.max(0, ...rows.map((row) => row[column].length)));
  return [
    `${paint(plain(gateway), 'strong')}${GAP}${counts}`,
    ...shown.map((alarm, index) => {
      const cells = rows[index].map((cell, column) =>
        column === 3 ? cell.padStart(widths[3]) : cell.padEnd(widths[column]),
      );
      return paint([...cells, detailOf(alarm)].join(GAP), isShown(alarm) ? paintOf(alarm) : 'quiet');
    }),
  ];
}

/** `flow/high is acknowledged`. */
export function doneLine({ name, state, until }: AlarmView): string {
  return `${plain(name)} is ${state}${until === undefined ? '' : ` until ${clockText(until)}`}`;
}

function detailOf({ value, unit, message, until, by, comment, action }: AlarmView): string {
  const measured = value === undefined ? '' : ` (${value}${unit === undefined ? '' : ` ${unit}`})`;
  const said = by === undefined ? '' : `; ${by}${comment === undefined ? '' : `: ${comment}`}`;
  const end = until === undefined ? '' : `; until ${clockText(until)}`;
  return plain(`${message}${measured}${action === undefined ? '' : `; ${action}`}${said}${end}`);
}

function byUrgency(a: AlarmView, b: AlarmView): number {
  const rank = ({ priority, state }: AlarmView) =>
    (QUIET_STATES.has(state) || state === 'normal' ? 100 : 0) +
    ALARM_PRIORITIES.indexOf(priority) * 2 +
    (UNACKNOWLEDGED.test(state) ? 0 : 1);
  return rank(a) - rank(b) || b.since - a.since;
}

function paintOf({ priority }: AlarmView): 'critical' | 'high' | 'medium' | 'quiet' {
  return priority === 'low' || priority === 'journal' ? 'quiet' : priority;
}

function agoText(time: Timestamp, at: Timestamp): string {
  return formatSpan(Math.max(0, at - time) / US_PER_MS);
}

function clockText(time: Timestamp): string {
  return `${formatTimestamp(time).slice(0, 19).replace('T', ' ')}Z`;
}

/** What a device or a person has said must not steer the terminal. */
function plain(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, '\ufffd');
}
