/** The name of an alarm: unique within its origin, and the last part of the system tag that its records are samples of. */

import { tagPathDefect } from '@tidegate/core/sample/tag.ts';

/** Why `name` cannot be the name of an alarm, as half a sentence; `undefined` where it can. */
export function alarmNameDefect(name: string): string | undefined {
  // One segment is enough for a name, and two for a path.
  return name.startsWith('_') || name.includes('/_')
    ? 'has a segment that begins with "_"'
    : tagPathDefect(`alarm/${name}`);
}

/** `<gateway>/_alarms/<name>`, with dots for the slashes of the name. */
export function alarmTagPath(gateway: string, name: string): string {
  return `${gateway}/${ALARM_FOLDER}/${alarmTagName(name)}`;
}

/** Two alarms whose names differ by dots for slashes only would have one tag. */
export function alarmTagName(name: string): string {
  return name.replaceAll('/', '.');
}

export const ALARM_FOLDER = '_alarms';
