/** The request by which each task of the agenda is done. */

import type { Task } from './agenda.ts';
import {
  type DataClass,
  type EventClass,
  encodeClearRestart,
  encodeDelayMeasurement,
  encodeDisableUnsolicited,
  encodeEnableUnsolicited,
  encodeImmediateFreeze,
  encodeRead,
  encodeRecordCurrentTime,
  encodeWriteRecordedTime,
  encodeWriteTime,
  type ReadObject,
} from './application/request.ts';
import type { Dnp3Options } from './options.ts';

const EVENT_CLASSES: readonly EventClass[] = [1, 2, 3];
/** Events before the values that they led to, so that no change is lost between the two. */
const EVERYTHING: readonly DataClass[] = [1, 2, 3, 0];
const FROZEN_COUNTERS: ReadObject = { group: 21, variation: 0, select: 'all' };

/** What a request may have to carry. */
export interface TaskData {
  /** Milliseconds since 1970. */
  readonly timeMs: number;
  /** Points to be read one by one. */
  readonly rest: readonly ReadObject[];
}

/** The others are services of the link layer. */
export type RequestTask = Exclude<Task, 'link reset' | 'link status'>;

export function taskRequest(
  task: RequestTask,
  sequence: number,
  { classes, synchroniseTime }: Dnp3Options,
  { timeMs, rest }: TaskData,
): Uint8Array {
  const chosen = <Class extends DataClass>(all: readonly Class[]) => all.filter((one) => classes.includes(one));
  switch (task) {
    case 'disable unsolicited':
      return encodeDisableUnsolicited(sequence, EVENT_CLASSES);
    case 'enable unsolicited':
      return encodeEnableUnsolicited(sequence, chosen(EVENT_CLASSES));
    case 'clear restart':
      return encodeClearRestart(sequence);
    case 'integrity poll':
      return encodeRead(sequence, EVERYTHING.map(readClass));
    case 'event poll':
      return encodeRead(sequence, chosen(EVERYTHING).map(readClass));
    case 'read of the rest':
      return encodeRead(sequence, rest);
    case 'record current time':
      return encodeRecordCurrentTime(sequence);
    case 'delay measurement':
      return encodeDelayMeasurement(sequence);
    case 'write time':
      return synchroniseTime === 'lan' ? encodeWriteRecordedTime(sequence, timeMs) : encodeWriteTime(sequence, timeMs);
    case 'immediate freeze':
      return encodeImmediateFreeze(sequence, 'all');
    case 'read of frozen counters':
      return encodeRead(sequence, [FROZEN_COUNTERS]);
  }
}

function readClass(dataClass: DataClass): ReadObject {
  return { dataClass };
}
